"""Whether one run is worse than another: paired by case, tested by family.

False alarms of the whole stay at five per cent however many slices are named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evals.bootstrap import cluster_bootstrap, swap_test
from evals.measures import NAMES, Counts, ratios
from evals.result import CaseOutcome
from evals.statistics import holm

FALSE_ALARMS = 0.05
WHOLE = "all cases"

Pair = tuple[Counts, Counts]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pairing:
    """The unchanged cases of both runs, earlier one first, and how many others there are."""

    outcomes: Sequence[tuple[CaseOutcome, CaseOutcome]]
    new: int
    gone: int
    changed: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure of one part of the cases; None where nothing was accepted to divide by.

    `p_value` is the chance of such a drop when nothing changed. `interval` is that of the change
    at level 0.95, and only there for parts that the gate decides on.
    """

    part: str
    measure: str
    before: float | None
    now: float | None
    p_value: float
    interval: Interval | None = None
    gated: bool = False
    regression: bool = False


def pair(before: Sequence[CaseOutcome], now: Sequence[CaseOutcome]) -> Pairing:
    """Pair outcomes by case id where the case itself did not change."""
    old, new = {one.id: one for one in before}, {one.id: one for one in now}
    both = sorted(set(old) & set(new))
    same = [(old[one], new[one]) for one in both if old[one].digest == new[one].digest]
    return Pairing(same, len(new) - len(both), len(old) - len(both), len(both) - len(same))


def compare(pairing: Pairing, gated: Sequence[str], resamples: int = 1000) -> list[Comparison]:
    """Compare the whole, the gated slices, then all others; only the first two can regress."""
    parts = _parts(pairing, gated)
    compared = {name: _compare(name, families) for name, families in parts.items()}
    whole = compared.pop(WHOLE)
    slices = [one for name in gated for one in compared.pop(name)]
    # The whole keeps half of the error for itself, so that naming slices does not blunt it.
    share = FALSE_ALARMS / 2 if slices else FALSE_ALARMS
    decided = [*_mark(whole, share), *_mark(slices, share)]
    intervals = [one for name in (WHOLE, *gated) for one in _intervals(parts[name], resamples)]
    return [
        *(replace(one, interval=two) for one, two in zip(decided, intervals, strict=True)),
        *(one for found in compared.values() for one in found),
    ]


def _parts(pairing: Pairing, gated: Sequence[str]) -> dict[str, list[Pair]]:
    members: dict[str, list[tuple[CaseOutcome, CaseOutcome]]] = {name: [] for name in gated}
    for both in pairing.outcomes:
        for name in both[1].slices:
            members.setdefault(name, []).append(both)
    members = {WHOLE: list(pairing.outcomes), **dict(sorted(members.items()))}
    return {name: _families(found) for name, found in members.items()}


def _families(outcomes: Sequence[tuple[CaseOutcome, CaseOutcome]]) -> list[Pair]:
    """Counts of both runs by family; a case weighs the same in both, whatever their repeats."""
    sums: dict[str, Pair] = {}
    for old, new in outcomes:
        before, now = sums.get(new.family, (Counts(), Counts()))
        sums[new.family] = (
            before.plus(old.counts.times(new.counts.runs)),
            now.plus(new.counts.times(old.counts.runs)),
        )
    return [sums[family] for family in sorted(sums)]


def _compare(part: str, families: Sequence[Pair]) -> list[Comparison]:
    before, now = _sum([old for old, _ in families]), _sum([new for _, new in families])
    accepted = before.accepted + now.accepted
    right = before.accepted_right + now.accepted_right
    differences = (
        [new.right - old.right for old, new in families],
        # The sign is that of the change in precision, and the pooled precision right / accepted
        # stays as it is when a family's runs are swapped: the sum is linear in families.
        [
            accepted * (new.accepted_right - old.accepted_right)
            - right * (new.accepted - old.accepted)
            for old, new in families
        ],
        [new.accepted - old.accepted for old, new in families],
    )
    shares = zip(NAMES, ratios(before), ratios(now), differences, strict=True)
    return [
        Comparison(part, name, old, new, 1.0 if None in (old, new) else swap_test(by_family))
        for name, old, new, by_family in shares
    ]


def _sum(counts: Sequence[Counts]) -> Counts:
    return Counts(*map(sum, zip(*counts, strict=True))) if counts else Counts()


def _mark(comparisons: Sequence[Comparison], false_alarms: float) -> list[Comparison]:
    rejected = holm([one.p_value for one in comparisons], false_alarms)
    return [
        replace(one, gated=True, regression=worse)
        for one, worse in zip(comparisons, rejected, strict=True)
    ]


def _intervals(families: Sequence[Pair], resamples: int) -> list[Interval | None]:
    rows = [(*old, *new) for old, new in families]
    return cluster_bootstrap(rows, _changes, resamples=resamples) or [None] * len(NAMES)


def _changes(sums: Sequence[int]) -> list[float | None]:
    half = len(sums) // 2
    return [
        None if old is None or new is None else new - old
        for old, new in zip(ratios(sums[:half]), ratios(sums[half:]), strict=True)
    ]
