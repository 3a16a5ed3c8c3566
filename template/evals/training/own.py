"""A team's own labelled cases, and on what a baseline is trained: those, the shipped ones, both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from app.case import AnyUseCase
from evals.dataset import SHOWN, DatasetError, EvalCase, load
from evals.digests import ROOT
from poc.sets.manifest import DEVELOPMENT

SETS = ROOT / "data" / "sets"
# Families of each label. Below about fifty, accuracy on new wording still climbs with
# every family, and cases of other people teach more than they mislead.
ENOUGH = 50

On = Literal["own", "shipped", "both"]


@dataclass(frozen=True, slots=True)
class Base:
    """What to train on, and why that. `own` holds the ids of the team's cases among `cases`."""

    on: On
    why: str
    cases: list[EvalCase]
    own: frozenset[str]


def labelled(usecase: AnyUseCase, name: str = DEVELOPMENT, sets: Path = SETS) -> list[EvalCase]:
    """The labelled cases of a set, sorted by id; none when nobody has labelled it.

    Raises `DatasetError` for a damaged file, and for labels that do not fit the answer schema.
    """
    path = sets / name / "labelled.jsonl"
    if not path.exists():
        return []
    cases = load(path.stem, path.parent)
    faults = misfits(cases, usecase)
    if faults:
        more = f" and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise DatasetError(
            f"{path}: {len(faults)} labels do not fit the answer schema of the use case:"
            f" {'; '.join(faults[:SHOWN])}{more}. Label these cases again, or bring"
            " app/usecase/schema.py in line with what people label."
        )
    return cases


def misfits(cases: Sequence[EvalCase], usecase: AnyUseCase) -> list[str]:
    """Case, field and kind of mistake for each label the answer schema does not know."""
    found = []
    for case in cases:
        if case.quarantine is not None:
            continue
        try:
            usecase.answer_type.model_validate(dict(case.expected))
        except ValidationError as error:
            one = error.errors(include_input=False, include_url=False, include_context=False)[0]
            field = ".".join(map(str, one["loc"])) or "the whole"
            found.append(f"{case.id} ({field}: {one['msg']})")
    return found


def choose(
    wanted: On | None,
    own: Sequence[EvalCase],
    shipped: Sequence[EvalCase],
    families: Mapping[str, int],
    shipped_fits: bool = True,
) -> Base:
    """Choose what to train on; `families` counts the own families of each label there is.

    Raises `DatasetError` when what was asked for is not there.
    """
    if wanted in ("own", "both") and not own:
        raise DatasetError(
            f"There are no labelled cases of your own (data/sets/{DEVELOPMENT}/labelled.jsonl);"
            " draw them with `poc sample` and label them with `poc label`."
        )
    if wanted in ("shipped", "both") and not shipped:
        raise DatasetError("evals/cases/training.jsonl holds no cases; train with --on own.")
    on, why = (wanted, "as asked") if wanted else _default(own, shipped, families, shipped_fits)
    ids = frozenset(case.id for case in own) if on != "shipped" else frozenset[str]()
    twice = ids & {case.id for case in shipped} if on == "both" else set()
    if twice:
        raise DatasetError(
            f"{len(twice)} ids stand among your cases and the shipped ones, first {min(twice)};"
            " train with --on own, or take these cases out of evals/cases/training.jsonl."
        )
    cases = [*(own if on != "shipped" else ()), *(shipped if on != "own" else ())]
    return Base(on, why, sorted(cases, key=lambda case: case.id), ids)


def _default(
    own: Sequence[EvalCase],
    shipped: Sequence[EvalCase],
    families: Mapping[str, int],
    shipped_fits: bool,
) -> tuple[On, str]:
    if not own:
        return "shipped", "there are no labelled cases of your own yet"
    if not shipped:
        return "own", "there are no shipped cases"
    if not shipped_fits:
        return "own", "the shipped cases have labels that the answer schema does not know"
    few = sorted(label for label, count in families.items() if count < ENOUGH)
    if not few:
        return "own", f"each label has {ENOUGH} families or more of your own"
    shown = ", ".join(f"{label} ({families[label]})" for label in few[:SHOWN])
    more = f" and {len(few) - SHOWN} more" if len(few) > SHOWN else ""
    return "both", f"fewer than {ENOUGH} families of your own for {shown}{more}"
