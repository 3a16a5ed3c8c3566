"""What goes into the records of labelling and what comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from app.records.labels.form import Form, Said

Purpose = Literal["labels", "study"]
Source = Literal["pages", "import"]
# kept: stored. taken: others labelled it meanwhile. before: the person has labelled it already.
Kept = Literal["kept", "taken", "before"]


@dataclass(frozen=True, slots=True)
class LabelCase:
    """One case as people see it; `held` is intake's reason for holding it, else None."""

    case_id: str
    headline: str = field(repr=False)
    sheet: tuple[tuple[str, str], ...] = field(repr=False)
    held: str | None = None


@dataclass(frozen=True, slots=True)
class LabelRound:
    """People labelling the cases of the set `source`; `digest` is that of these cases."""

    name: str
    purpose: Purpose
    source: str
    seed: int
    digest: str
    form: Form
    guideline: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewLabel:
    """What somebody says of a case. `value` has every field of the form for an answer, else none.

    `edge` is an edge category or None.
    """

    case_id: str
    said: Said
    value: dict[str, JsonValue]
    edge: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A stored label; `place` is 1 to 3. `seconds` from shown to saved, None where unknown."""

    case_id: str
    place: int
    person: str
    said: Said
    value: dict[str, JsonValue]
    edge: str | None
    seconds: float | None
    source: Source
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class CaseState:
    """How far a case is: `given` labels of `wanted` ones."""

    case_id: str
    held: str | None
    given: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A round as one person sees it: cases, those complete, their own labels, and what is left.

    `mine` counts this person's labels, `left` the cases that still need one they may give;
    `seconds` is the median of their timed labels, None without any. `last` is the case they have
    labelled last, on the pages.
    """

    name: str
    purpose: Purpose
    cases: int
    complete: int
    mine: int
    left: int
    seconds: float | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """What to show a person next; `case` is None when nothing is left for them."""

    round: LabelRound
    progress: Progress
    case: LabelCase | None


@dataclass(frozen=True, slots=True)
class RoundLabels:
    """A whole round: its cases in the set's order, and every label that stands."""

    round: LabelRound
    cases: Sequence[CaseState]
    labels: Sequence[Label]


def agree(one: Label, other: Label) -> bool:
    """True when two labels say the same of every field. Who is unsure agrees with nobody."""
    return one.said == other.said != "unsure" and one.value == other.value


def wanted(purpose: Purpose, by_place: Mapping[int, Label]) -> int:
    """How many labels a case needs: two, and a third once the first two differ; one in a study.

    A third that was given stays, also while one of the first two is taken back.
    """
    if purpose == "study":
        return 1
    first, second = by_place.get(1), by_place.get(2)
    return 3 if 3 in by_place or (first and second and not agree(first, second)) else 2
