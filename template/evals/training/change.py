"""What a training changed, against the model that was there before it: paired, by slice.

`build/train/before.json` keeps what that model answered, so that the same training twice gives
the same report, and says which families the weights in force have seen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from app.case import AnyUseCase
from evals.blocks import Block, Heading, Table, Text
from evals.bootstrap import cluster_bootstrap
from evals.runner import Scoring
from evals.training.folds import Example, is_right

WHOLE = "all your cases"


class Before(BaseModel):
    """Of the training that wrote `weights` on `dataset`: whom its predecessor was right about.

    `right` is by case id; `seen` are the families that the predecessor had learned from, `learned`
    those of this training.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: str
    dataset: str
    right: dict[str, bool]
    seen: list[str]
    learned: list[str]


@dataclass(frozen=True, slots=True)
class Change:
    """Accuracy before and now on the same cases of a slice; `interval` (95 %) is the change's."""

    part: str
    cases: int
    families: int
    before: float
    now: float
    interval: tuple[float, float]


def earlier(
    usecase: AnyUseCase,
    own: Sequence[Example],
    scoring: Scoring,
    dataset: str,
    path: Path,
    unseen: bool,
) -> tuple[dict[str, bool], list[str]] | None:
    """Whom the model in force is right about, and the families it has seen.

    When the model in force came of a training on this very data, it is the one before that.
    Where nothing was kept, `unseen` says whether the model is known to have seen none of them.
    None when there is no model that can answer in the present schema.
    """
    try:
        weights = usecase.baseline_digest()
        stored = _load(path)
        if stored and stored.weights == weights and stored.dataset == dataset:
            return stored.right, stored.seen
        right = {one.id: is_right(one, usecase.baseline(one.input), scoring) for one in own}
    except (OSError, ValueError, KeyError, LookupError):  # no weights, or those of another schema
        return None
    if stored and stored.weights == weights:
        return right, stored.learned
    return right, [] if unseen else sorted({one.family for one in own})


def remember(path: Path, before: Before) -> None:
    """Keep what the next training has to know."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(before.model_dump_json(indent=1) + "\n", "utf-8")


def changes(
    cases: Iterable[tuple[str, str, Iterable[str]]],
    before: Mapping[str, bool],
    now: Mapping[str, bool],
) -> list[Change]:
    """Compare the whole, then every slice; `cases` are (id, family, slices)."""
    parts: dict[str, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for name, family, slices in cases:
        if name in before and name in now:
            for part in (WHOLE, *slices):
                n, old, new = parts[part].get(family, (0, 0, 0))
                parts[part][family] = (n + 1, old + before[name], new + now[name])
    order = sorted(parts, key=lambda part: (part != WHOLE, part))
    return [_change(part, list(parts[part].values())) for part in order]


def _change(part: str, rows: list[tuple[int, int, int]]) -> Change:
    n, old, new = (sum(column) for column in zip(*rows, strict=True))
    (interval,) = cluster_bootstrap(rows, lambda sums: [(sums[2] - sums[1]) / sums[0]])
    assert interval is not None  # noqa: S101 - every resample holds cases
    return Change(part, n, len(rows), old / n, new / n, interval)


def _load(path: Path) -> Before | None:
    try:
        return Before.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def blocks(found: Sequence[Change], flattered: bool) -> list[Block]:
    """The section of the report; `flattered` when the model before has learned these cases."""
    head = ["cases", "families", "before", "now", "change (95 %)"]
    rows = [[one.part, *cells(one)] for one in found]
    caption = "Right about cases of families that the new model never saw"
    parts: list[Block] = [Heading("What changed")]
    if flattered:
        text = "The model before was trained on these cases already, which flatters it here."
        parts.append(Text(text, warning=True))
    return [*parts, Table(caption, ["part", *head], rows)]


def cells(one: Change) -> list[str]:
    """A line of the table, without its name."""
    low, high = (f"{100 * end:+.1f}" for end in one.interval)
    change = f"{100 * (one.now - one.before):+.1f} points ({low} to {high})"
    return [str(one.cases), str(one.families), f"{one.before:.1%}", f"{one.now:.1%}", change]
