"""What a run found, as `result.json` keeps it: the report and the gate read nothing else."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.digests import ROOT, Subject
from evals.measures import Counts, Estimate, Mean, Measures

RUNS = ROOT / "build" / "evals"


class Frozen(BaseModel):
    """A value that does not change and refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CaseOutcome(Frozen):
    """One case of a run, for pairing with another run. `digest` is that of the case itself."""

    id: str
    digest: str
    family: str
    slices: list[str]
    counts: Counts


class Slice(Frozen):
    """A named part of the cases; the gate decides on `gated` ones only."""

    name: str
    gated: bool
    cases: int
    measures: Measures


class Edge(Frozen):
    """An edge category: `handled` is the share that ended as the register expects."""

    id: str
    title: str
    expected: str
    handled_by: str
    handled: Estimate


class Bin(Frozen):
    """Answers whose acceptance lies in [lower, upper): what was promised, and what was true."""

    lower: float
    upper: float
    n: int
    right: int
    mean_acceptance: float
    interval: tuple[float, float]


class Reliability(Frozen):
    """How far acceptance is a probability. `error` is the expected calibration error.

    `brier` is the mean squared distance between acceptance and being right (1) or wrong (0).
    """

    n: int
    error: float
    brier: float
    bins: list[Bin]


class Spread(Frozen):
    """Seconds per case; an end of an interval is None where too few cases bound it."""

    p50: float | None
    p95: float | None
    p50_interval: tuple[float | None, float | None]
    p95_interval: tuple[float | None, float | None]


class Cost(Frozen):
    """What asking a model cost, in all and per request; `currency` is null when none was asked.

    Cases that no model was asked about count with zero, failed calls with what they cost.
    """

    currency: str | None
    total: float
    mean: Mean


class Confusion(Frozen):
    """How often each expected label (row) got which label (column)."""

    expected: list[str]
    given: list[str]
    counts: list[list[int]]


class Result(Frozen):
    """A whole run. `complete` is false for a part of the cases: such a run proves nothing.

    `cost` is null where it was not measured: in results of release 0.1.0, or when the currency
    changed during the run.
    """

    format: Literal[1] = 1
    key: str
    subject: Subject
    finished_at: str
    complete: bool
    cases: int
    families: int
    repeats: int
    origins: dict[str, int]
    threshold: float | None
    whole: Measures
    scores: dict[str, Estimate]
    slices: list[Slice]
    edges: list[Edge]
    reliability: Reliability | None
    review: dict[str, int]
    quarantine: dict[str, int]
    rejected: dict[str, int]
    degraded: dict[str, int]
    errors: dict[str, int]
    confusion: Confusion
    agreement: float | None
    seconds: Spread
    tokens_in: int
    tokens_out: int
    cost: Cost | None = None
    outcomes: list[CaseOutcome]

    @property
    def synthetic(self) -> bool:
        """True when any case was not seen in production."""
        return set(self.origins) != {"production"}


def newest(folder: Path, split: str) -> Result | None:
    """The result of a split that was written last, None when there is none.

    Raises `ValueError` naming a file that is damaged or of another format.
    """
    results = [_read(path) for path in sorted(folder.glob("*/result.json"))]
    of_split = [one for one in results if one.subject.split == split]
    return max(of_split, key=lambda one: one.finished_at, default=None)


def _read(path: Path) -> Result:
    try:
        return Result.model_validate_json(path.read_bytes())
    except ValidationError:
        raise ValueError(f"{path} is damaged or of another format; delete its folder") from None
