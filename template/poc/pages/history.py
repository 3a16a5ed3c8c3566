"""Scores of earlier weeks, and what changed since the last one."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from poc.engine.findings import Verdict
from poc.pages.words import STATES, percent

if TYPE_CHECKING:
    from poc.checklist.scorecard import Scorecard


class Week(NamedTuple):
    """One score. `items` and `criteria` give the outcome and the state by id."""

    day: date
    score: float
    level: str
    verdict: str
    items: Mapping[str, str]
    criteria: Mapping[str, str]

    @classmethod
    def of(cls, today: date, scorecard: "Scorecard", verdict: Verdict) -> "Week":
        """Today's."""
        return cls(
            day=today,
            score=scorecard.score,
            level=scorecard.level,
            verdict=verdict.word,
            items={one.id: one.outcome for one in scorecard.items},
            criteria={one.id: one.state for one in verdict.findings},
        )

    def data(self) -> dict[str, Any]:
        """The short form, for programs."""
        return {
            "on": self.day.isoformat(),
            "score": self.score,
            "level": self.level,
            "verdict": self.verdict,
        }


def weeks(history: Iterable[Mapping[str, Any]], today: date) -> list[Week]:
    """The scores before today, oldest first, the last of each day.

    Today's own line is left out, whether it is there already or not, so that a run that is
    repeated compares with the week before and not with itself.
    """
    found: dict[date, Week] = {}
    for line in history:
        at = line["at"]
        moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
        day = moment.astimezone(UTC).date() if moment.tzinfo else moment.date()
        if day < today:
            found[day] = Week(
                day=day,
                score=float(line["score"]),
                level=str(line["level"]),
                verdict=str(line["verdict"]),
                items=dict(line["items"]),
                criteria=dict(line["criteria"]),
            )
    return [found[day] for day in sorted(found)]


def changed(before: Week, now: Week) -> list[str]:
    """What is not as it was: the headline, then what got worse, then the rest."""
    head = [
        f"{name}: {old} → {new}"
        for name, old, new in (
            ("verdict", before.verdict, now.verdict),
            ("level", before.level, now.level),
            ("score", percent(before.score), percent(now.score)),
        )
        if old != new
    ]
    worse = _moved(before, now, lambda old, good: old == good)
    rest = _moved(before, now, lambda old, good: old != good)
    return [*head, *(f"{one} (worse)" for one in worse), *rest]


def _moved(before: Week, now: Week, wanted: Callable[[str, str], bool]) -> list[str]:
    """Items and criteria that left a state; those with the same move share a line."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for kind, was, has, good in (
        ("checklist", before.items, now.items, "pass"),
        ("criteria", before.criteria, now.criteria, "met"),
    ):
        for name in dict.fromkeys([*was, *has]):
            old, new = was.get(name, "new"), has.get(name, "gone")
            if old != new and wanted(old, good):
                found.setdefault((kind, old, new), []).append(name)
    return [
        f"{kind} {', '.join(names)}: {_said(old)} → {_said(new)}"
        for (kind, old, new), names in found.items()
    ]


def _said(state: str) -> str:
    words: dict[str, str] = {key: word for key, (_, word) in STATES.items()}
    return words.get(state, state.replace("_", " "))
