"""How far the labelling is: by round and by person, in figures."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence

from app.records.labels.models import Label, Purpose, RoundLabels
from evals.dataset import EvalCase
from poc.engine.yamlfile import Strict
from poc.labels.agreement import agreement
from poc.labels.classes import pairs_by_slice
from poc.labels.settling import Settled, settle
from poc.sets.manifest import Agreement


class Person(Strict):
    """Somebody's labels, and their median minutes for one; None without a timed one."""

    person: str
    labels: int
    minutes: float | None


class Status(Strict):
    """A round: cases by standing, labels that are still missing, and what they take.

    `minutes` is the median of one label, `hours_left` that of all missing ones; both None
    without a timed label. `agreement` is over the cases with two labels, None without any.
    """

    name: str
    purpose: Purpose
    cases: int
    settled: int
    third: int
    stuck: int
    labels_left: int
    people: Sequence[Person]
    minutes: float | None
    hours_left: float | None
    agreement: Agreement | None


def status(found: RoundLabels, cases: Sequence[EvalCase]) -> Status:
    """Count a round; families of cases that are not at hand count as one case each."""
    settled = settle(found)
    standing = Counter(one.standing for one in settled.values())
    left = sum(max(one.wanted - one.given, 0) for one in found.cases)
    minutes = _minutes(found.labels)
    return Status(
        name=found.round.name,
        purpose=found.round.purpose,
        cases=len(found.cases),
        settled=standing["settled"],
        third=standing["third"],
        stuck=standing["stuck"],
        labels_left=left,
        people=_people(found.labels),
        minutes=minutes,
        hours_left=None if minutes is None else round(left * minutes / 60, 1),
        agreement=_agreement(settled, cases),
    )


def _people(labels: Sequence[Label]) -> list[Person]:
    by_person: dict[str, list[Label]] = defaultdict(list)
    for one in labels:
        by_person[one.person].append(one)
    return [
        Person(person=name, labels=len(given), minutes=_minutes(given))
        for name, given in sorted(by_person.items())
    ]


def _minutes(labels: Sequence[Label]) -> float | None:
    seconds = [one.seconds for one in labels if one.seconds is not None]
    return round(statistics.median(seconds) / 60, 2) if seconds else None


def _agreement(settled: dict[str, Settled], cases: Sequence[EvalCase]) -> Agreement | None:
    known = {case.id: case for case in cases}
    for id in settled.keys() - known.keys():
        known[id] = EvalCase(
            id=id,
            family=id,
            origin="",
            tags={},
            edge=None,
            content_type="",
            body="",
            expected={},
        )
    pairs = pairs_by_slice(known, {id: one.labels for id, one in settled.items()})
    return agreement(pairs["all"]) if "all" in pairs else None
