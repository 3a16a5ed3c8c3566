"""Judges one criterion: met, not met, inconclusive or not measured, and why.

A bound decides, never an average: `met` needs the one-sided bound on the right side of the
threshold, `not met` the opposite bound on the wrong side.
"""

from dataclasses import dataclass

from evals.statistics import exact, wilson
from poc.engine.contract import POINTS, SHARES, Contract, Criterion
from poc.engine.evidence import Measurement
from poc.engine.findings import Finding, State
from poc.engine.goalposts import agreed, figure

_ORDER: tuple[State, ...] = ("not_met", "not_measured", "inconclusive", "met")


@dataclass(frozen=True, slots=True)
class Sight:
    """A measurement that counts, and where it comes from."""

    measurement: Measurement
    source: str


def judge(contract: Contract, one: Criterion, sights: dict[str, Sight], why_not: str) -> Finding:
    """Judge a criterion by its measurements, by slice; the worst slice decides.

    `why_not` says why there is no measurement where one is missing.
    """
    found = [
        _of_slice(contract, one, name, sights.get(name), why_not) for name in one.indicator.slices
    ]
    worst = min(found, key=lambda f: (_ORDER.index(f.state), _distance(one, f)))
    missing = [f.cases_missing for f in found if f.cases_missing]
    return worst.model_copy(update={"cases_missing": max(missing) if missing else None})


def worst(contract: Contract, one: Criterion, every: list[Sight]) -> Sight:
    """The one of several measurements of the same thing that speaks most against it."""

    def rank(sight: Sight) -> tuple[int, float]:
        if one.type in POINTS:
            found = of_point(one, sight, "")
        else:
            found = _of_slice(contract, one, sight.measurement.slice, sight, "")
        return _ORDER.index(found.state), _distance(one, found)

    return min(every, key=rank)


def of_point(one: Criterion, sight: Sight | None, why_not: str) -> Finding:
    """Judge a counted figure, such as round trips in a row; what was lost is a miss."""
    if sight is None:
        return point(one, None, why_not, "")
    seen = sight.measurement
    found = point(one, seen.point, "the record holds no figure for it.", sight.source)
    if not seen.lost:
        return found
    return found.model_copy(update={"state": "not_met", "reason": _lost(seen.lost)})


def point(one: Criterion, value: float | None, why_not: str, source: str) -> Finding:
    """Judge a figure that has no sample: money, or a count of calls in a row."""
    base = _base(one, "all")
    if value is None:
        return base.model_copy(update={"reason": why_not})
    met = _beyond(one, value)
    told = figure(one, value)
    reason = "" if met else f"{told}, but {agreed(one)} was agreed."
    return base.model_copy(
        update={
            "state": "met" if met else "not_met",
            "measured": told,
            "bound": told,
            "reason": reason,
            "evidence": source,
        }
    )


def _of_slice(
    contract: Contract, one: Criterion, name: str, sight: Sight | None, why_not: str
) -> Finding:
    base = _base(one, name)
    if sight is None:
        return base.model_copy(update={"reason": why_not})
    seen = sight.measurement
    interval = _interval(contract, one, seen)
    if isinstance(interval, str):
        return base.model_copy(update={"reason": interval, "evidence": sight.source})
    value, lower, upper = interval
    good, bad = (lower, upper) if one.objective.bound == "lower" else (upper, lower)
    least = one.objective.min_samples or 0
    state: State = "inconclusive"
    reason = ""
    if seen.lost:
        state, reason = "not_met", _lost(seen.lost)
    elif bad is not None and not _beyond(one, bad):
        state, reason = "not_met", f"{figure(one, value)} measured, {agreed(one)} agreed."
    elif seen.n < least:
        reason = f"{seen.n} cases, {least} are needed: {least - seen.n} more."
    elif good is None:
        reason = "there are too few cases for a bound; more would give one."
    elif _beyond(one, good):
        state = "met"
    else:
        reason = "the interval holds the threshold; more cases, or a wider margin, would decide it."
    return base.model_copy(
        update={
            "state": state,
            "reason": reason,
            "measured": figure(one, value),
            "bound": "no bound" if good is None else figure(one, good),
            "n": seen.n,
            "cases_missing": _missing(contract, one, seen) if state == "inconclusive" else None,
            "evidence": sight.source,
        }
    )


def _lost(count: int) -> str:
    return f"{count} case{'s were' if count > 1 else ' was'} lost; none may be."


def _base(one: Criterion, name: str) -> Finding:
    return Finding(
        id=one.id,
        type=one.type,
        priority=one.priority,
        owner=one.owner,
        statement=one.statement,
        state="not_measured",
        agreed=agreed(one),
        slice=name,
    )


def _interval(
    contract: Contract, one: Criterion, seen: Measurement
) -> tuple[float, float | None, float | None] | str:
    """The value with its one-sided bounds, or why there are none."""
    if one.type in SHARES:
        if seen.n == 0:
            return "no case counted for it, such as an answer that left without a person."
        if seen.hits is None or seen.hits > seen.n:
            return "the record holds no count of cases for it."
        return (seen.hits / seen.n, *share_bounds(contract, seen.hits, seen.n, seen.effective))
    if seen.point is None:
        return "the record holds no figure for it."
    if seen.confidence is None or seen.confidence < contract.look_confidence - 1e-9:
        return (
            f"its bounds hold at {seen.confidence or 0:.1%}; the contract asks for"
            f" {contract.look_confidence:.1%}. Run it again with that confidence."
        )
    ends = (seen.lower, seen.point, seen.upper)
    known = [end for end in ends if end is not None]
    if known != sorted(known):
        return "its bounds do not enclose its figure."
    return seen.point, seen.lower, seen.upper


def share_bounds(
    contract: Contract, hits: int, n: int, effective: float | None = None
) -> tuple[float, float]:
    """Lower and upper one-sided bounds of a share, each at the confidence of one look.

    Cases that are alike are worth fewer: `effective` of them, as the run reckoned.
    """
    level = 2 * contract.look_confidence - 1
    worth = float(n) if effective is None else min(float(n), effective)
    if contract.interval == "exact" and worth == n:
        return exact(hits, n, level)
    return wilson(hits / n * worth, worth, level)


def _missing(contract: Contract, one: Criterion, seen: Measurement) -> int | None:
    """How many more cases would decide it if the share stayed as it is; None when none would."""
    least = max((one.objective.min_samples or 0) - seen.n, 0)
    if one.type not in SHARES or seen.hits is None or seen.n == 0:
        return least or None
    share, worth = seen.hits / seen.n, min(seen.effective or seen.n, seen.n) / seen.n
    side = 0 if one.objective.bound == "lower" else 1

    def decided(n: int) -> bool:
        level = 2 * contract.look_confidence - 1
        bounds = wilson(share * n * worth, n * worth, level)
        return _beyond(one, bounds[side]) or not _beyond(one, bounds[1 - side])

    low, high = seen.n, seen.n
    while not decided(high):
        high *= 2
        if high > 10_000_000:
            return least or None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if decided(middle) else (middle + 1, high)
    return max(low - seen.n, least) or None


def _beyond(one: Criterion, value: float) -> bool:
    """True when the value lies on the agreed side."""
    goal = one.objective.value
    return {
        "gte": value >= goal,
        "gt": value > goal,
        "lte": value <= goal,
        "lt": value < goal,
    }[one.objective.op]


def _distance(one: Criterion, finding: Finding) -> float:
    """Order among slices of one state: the weakest value first; no value before any."""
    digits = finding.measured.split(" ")[0].replace(",", "")
    if not digits:
        return float("-inf")
    return float(digits) if one.objective.bound == "lower" else -float(digits)
