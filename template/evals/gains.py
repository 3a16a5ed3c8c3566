"""Better than today, or than the trained baseline: by how much, and within which bounds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from evals.bootstrap import cluster_bootstrap
from evals.measures import FEW_FAMILIES
from evals.result import CaseOutcome
from evals.statistics import wilson
from poc.engine.evidence import Measurement

METRIC = "accuracy_gain"
PEOPLE, TRAINED = "people", "trained"

Gain = tuple[float, float | None, float | None, int]  # figure, lower, upper, cases


def over_trained(
    outcomes: Iterable[CaseOutcome], trained: Iterable[CaseOutcome], confidence: float
) -> Gain | None:
    """How much more often the service is right than the trained baseline on the same cases.

    Every case counts, whether it was answered without a person or not. Bounds are one-sided, by
    bootstrap over families; None with fewer than twenty. None without a case in common.
    """
    other = {one.id: one for one in trained}
    rows: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in outcomes:
        if one.id in other:
            mine, theirs = one.counts, other[one.id].counts
            _add(rows, one.family, mine.right * theirs.runs, theirs.right * mine.runs)
            rows[one.family][2] += mine.runs * theirs.runs
    return _paired(rows, confidence)


def over_people(
    outcomes: Iterable[CaseOutcome], right: Mapping[str, bool], confidence: float
) -> Gain | None:
    """How much more often answers that leave without a person are right than people were.

    Only such cases count, and only where people did the same one: the others are done by people
    as they are today.
    """
    rows: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in outcomes:
        if one.id in right and one.counts.accepted:
            accepted = one.counts.accepted
            _add(rows, one.family, one.counts.accepted_right, accepted * right[one.id])
            rows[one.family][2] += accepted
    return _paired(rows, confidence)


def over_report(
    outcomes: Sequence[CaseOutcome], hits: int, cases: int, confidence: float
) -> Gain | None:
    """The same against figures from other cases, which says less than the same cases would.

    Bounds of a difference of two shares (Newcombe, Statistics in Medicine 17, 1998, method 10).
    """
    n = sum(one.counts.accepted for one in outcomes)
    if not n or not cases:
        return None
    mine, theirs = sum(one.counts.accepted_right for one in outcomes) / n, hits / cases
    level = 2 * confidence - 1
    low, high = wilson(mine * n, n, level)
    other_low, other_high = wilson(hits, cases, level)
    gain = mine - theirs
    lower = gain - ((mine - low) ** 2 + (other_high - theirs) ** 2) ** 0.5
    upper = gain + ((high - mine) ** 2 + (theirs - other_low) ** 2) ** 0.5
    return gain, lower, upper, n


def measurement(split: str, against: str, gain: Gain, confidence: float) -> Measurement:
    """The gain as the contract's criteria of type `baseline` ask for it."""
    point, lower, upper, n = gain
    return Measurement(
        indicator={"metric": METRIC, "dataset": split, "against": against},
        point=point,
        lower=lower,
        upper=upper,
        n=n,
        confidence=confidence,
    )


def _add(rows: dict[str, list[int]], family: str, mine: int, theirs: int) -> None:
    rows[family][0] += mine
    rows[family][1] += theirs


def _paired(rows: Mapping[str, Sequence[int]], confidence: float) -> Gain | None:
    families = [tuple(rows[name]) for name in sorted(rows)]
    total = sum(n for *_, n in families)
    if not total:
        return None
    point = sum(mine - theirs for mine, theirs, _ in families) / total
    if len(families) < FEW_FAMILIES:
        return point, None, None, total
    level = 2 * confidence - 1
    drawn = cluster_bootstrap(families, lambda sums: [(sums[0] - sums[1]) / sums[2]], level)[0]
    # A bootstrap of what never varies would know everything; nothing bounds it then.
    if drawn is None or drawn[0] == drawn[1]:
        return point, None, None, total
    return point, min(drawn[0], point), max(drawn[1], point), total
