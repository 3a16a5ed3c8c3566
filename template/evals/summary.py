"""Makes a result of rows: every case counts, and one without a row counts as wrong."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from evals.dataset import Category, EvalCase
from evals.digests import Subject
from evals.measures import Counts, Estimate, by_family, mean, measure, share
from evals.result import (
    Bin,
    CaseOutcome,
    Confusion,
    Cost,
    Edge,
    Reliability,
    Result,
    Slice,
    Spread,
)
from evals.rows import Row, Status
from evals.statistics import effective_size, quantile, quantile_interval, wilson

BINS = 10
# Cases that were added for their edge category speak for that category only: whatever else they
# are, there are more of them than production has.
BOOSTED = "edge="

Judged = tuple[float, bool, str]  # acceptance, right, family


class Slicing(Protocol):
    """What `evals/slices.py` offers: a case's slices, and the names the gate decides on."""

    GATED: tuple[str, ...]

    def slices(self, case: EvalCase) -> dict[str, str]:
        """The value of each dimension for this case."""
        ...


def summarise(
    subject: Subject,
    cases: Sequence[EvalCase],
    rows: Iterable[Row],
    repeats: int,
    slicing: Slicing,
    register: Mapping[str, Category],
    complete: bool,
) -> Result:
    """Summarise the rows of these cases up to `repeats`; other rows are left out."""
    wanted = {f"{case.id}#{k}" for case in cases for k in range(1, repeats + 1)}
    kept = sorted((row for row in rows if row.name in wanted), key=lambda row: row.name)
    outcomes = _outcomes(cases, kept, repeats, slicing)
    chance = [case for case in cases if case.drawn == "random"]
    drawn = {case.id for case in chance}
    return Result(
        key=subject.key,
        subject=subject,
        finished_at=datetime.now(UTC).isoformat(timespec="microseconds"),
        complete=complete and len(kept) == len(wanted),
        cases=len(cases),
        families=len({case.family for case in cases}),
        repeats=repeats,
        origins=dict(sorted(Counter(case.origin for case in cases).items())),
        threshold=next((row.threshold for row in kept if row.threshold is not None), None),
        whole=measure(by_family((one.family, one.counts) for one in outcomes if one.id in drawn)),
        scores=_scores(chance, kept, repeats),
        slices=_slices(outcomes, slicing.GATED, drawn),
        edges=_edges(cases, kept, repeats, register),
        reliability=_reliability(_judged(cases, kept)),
        review=_reasons(kept, "in_review"),
        quarantine=_reasons(kept, "quarantined"),
        rejected=_reasons(kept, "rejected"),
        degraded=_count(row.degraded for row in kept),
        errors=_count(row.error for row in kept),
        confusion=_confusion(kept),
        agreement=_agreement(kept) if repeats > 1 else None,
        seconds=_spread([row.seconds for row in kept]),
        tokens_in=sum(row.tokens_in for row in kept),
        tokens_out=sum(row.tokens_out for row in kept),
        cost=_cost(cases, kept),
        outcomes=outcomes,
    )


def _outcomes(
    cases: Sequence[EvalCase], rows: Iterable[Row], repeats: int, slicing: Slicing
) -> list[CaseOutcome]:
    by_case: dict[str, Counts] = defaultdict(Counts)
    for row in rows:
        one = Counts(0, row.right, row.accepted, row.right and row.accepted)
        by_case[row.id] = by_case[row.id].plus(one)
    return [
        CaseOutcome(
            id=case.id,
            digest=case.digest,
            family=case.family,
            slices=[f"{name}={value}" for name, value in sorted(slicing.slices(case).items())],
            counts=by_case[case.id]._replace(runs=repeats),
        )
        for case in cases
    ]


def _slices(
    outcomes: Sequence[CaseOutcome], gated: Sequence[str], drawn: AbstractSet[str]
) -> list[Slice]:
    members: dict[str, list[CaseOutcome]] = {name: [] for name in gated}
    for outcome in outcomes:
        for name in outcome.slices:
            if outcome.id in drawn or name.startswith(BOOSTED):
                members.setdefault(name, []).append(outcome)
    return [
        Slice(
            name=name,
            gated=name in gated,
            cases=len(found),
            measures=measure(by_family((one.family, one.counts) for one in found)),
        )
        for name, found in sorted(members.items())
    ]


def _family_share(
    cases: Sequence[EvalCase], rows: Iterable[Row], repeats: int, hit: Callable[[Row], bool]
) -> Estimate:
    """The share of hits among all runs of the cases; a missing row is no hit."""
    hits = Counter(row.id for row in rows if hit(row))
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for case in cases:
        before = sums[case.family]
        sums[case.family] = (before[0] + hits[case.id], before[1] + repeats)
    return share([sums[family] for family in sorted(sums)])


def _scores(cases: Sequence[EvalCase], rows: Sequence[Row], repeats: int) -> dict[str, Estimate]:
    """Each scorer's share among the cases that are to be answered."""
    answerable = [case for case in cases if case.quarantine is None]
    names = sorted({name for row in rows for name in row.scores})
    return {
        name: _family_share(answerable, rows, repeats, partial(_scored, name)) for name in names
    }


def _scored(name: str, row: Row) -> bool:
    return row.scores.get(name, False)


def _edges(
    cases: Sequence[EvalCase],
    rows: Sequence[Row],
    repeats: int,
    register: Mapping[str, Category],
) -> list[Edge]:
    members: dict[str, list[EvalCase]] = defaultdict(list)
    for case in cases:
        if case.edge in register:
            members[str(case.edge)].append(case)
    return [
        Edge(
            id=name,
            **register[name].model_dump(exclude={"signs"}),
            handled=_family_share(found, rows, repeats, _handled(register[name])),
        )
        for name, found in sorted(members.items())
    ]


def _handled(category: Category) -> Callable[[Row], bool]:
    if category.quarantined:
        return lambda row: row.right
    return lambda row: row.status == "in_review" or (row.accepted and row.right)


def _judged(cases: Iterable[EvalCase], rows: Iterable[Row]) -> list[Judged]:
    family = {case.id: case.family for case in cases}
    return [
        (row.acceptance, row.right, family[row.id]) for row in rows if row.acceptance is not None
    ]


def _reliability(judged: Sequence[Judged]) -> Reliability | None:
    """Ten equal bins, as in Guo et al., On Calibration of Modern Neural Networks, 2017."""
    if not judged:
        return None
    groups: dict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[min(int(one[0] * BINS), BINS - 1)].append(one)
    bins = [_bin(place, groups[place]) for place in sorted(groups)]
    return Reliability(
        n=len(judged),
        error=sum(abs(one.mean_acceptance * one.n - one.right) for one in bins) / len(judged),
        brier=sum((acceptance - right) ** 2 for acceptance, right, _ in judged) / len(judged),
        bins=bins,
    )


def _bin(place: int, judged: Sequence[Judged]) -> Bin:
    """One bin; its interval is Wilson's, for as many cases as its families are worth."""
    n, right = len(judged), sum(one for _, one, _ in judged)
    families: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for _, hit, family in judged:
        families[family] = (families[family][0] + hit, families[family][1] + 1)
    size = effective_size(list(families.values()))
    return Bin(
        lower=place / BINS,
        upper=(place + 1) / BINS,
        n=n,
        right=right,
        mean_acceptance=sum(acceptance for acceptance, _, _ in judged) / n,
        interval=wilson(right / n * size, size),
    )


def _confusion(rows: Sequence[Row]) -> Confusion:
    pairs = Counter((row.expected_label, row.label) for row in rows)
    expected = sorted({row.expected_label for row in rows})
    given = expected + sorted({row.label for row in rows} - set(expected))
    return Confusion(
        expected=expected,
        given=given,
        counts=[[pairs[line, column] for column in given] for line in expected],
    )


def _agreement(rows: Iterable[Row]) -> float | None:
    """The share of cases, run at least twice, that got the same label every time."""
    labels: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        labels[row.id].append(row.label)
    repeated = [found for found in labels.values() if len(found) > 1]
    return sum(len(set(found)) == 1 for found in repeated) / len(repeated) if repeated else None


def _cost(cases: Iterable[EvalCase], rows: Sequence[Row]) -> Cost | None:
    """The cost of the runs there are; a missing one costs nothing and is no run."""
    currencies = {row.currency for row in rows} - {None}
    family = {case.id: case.family for case in cases}
    estimate = mean([(family[row.id], row.cost) for row in rows])
    if estimate is None or len(currencies) > 1:
        return None
    total = math.fsum(row.cost for row in rows)
    return Cost(currency=next(iter(currencies), None), total=total, mean=estimate)


def _spread(seconds: Sequence[float]) -> Spread:
    return Spread(
        p50=quantile(seconds, 0.5),
        p95=quantile(seconds, 0.95),
        p50_interval=quantile_interval(seconds, 0.5),
        p95_interval=quantile_interval(seconds, 0.95),
    )


def _reasons(rows: Iterable[Row], status: Status) -> dict[str, int]:
    return _count(row.reason for row in rows if row.status == status)


def _count(reasons: Iterable[str | None]) -> dict[str, int]:
    return dict(sorted(Counter(one for one in reasons if one is not None).items()))
