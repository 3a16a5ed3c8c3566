"""Accuracy, precision and coverage with intervals that respect families."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from evals.bootstrap import cluster_bootstrap
from evals.statistics import exact

FEW_FAMILIES = 20

Method = Literal["cluster bootstrap", "exact on families", "no cases"]
MeanMethod = Literal["cluster bootstrap", "range of runs", "constant"]
MONEY_DIGITS = 12


class Counts(NamedTuple):
    """Runs of cases: all, right ones, accepted without a person, and both."""

    runs: int = 0
    right: int = 0
    accepted: int = 0
    accepted_right: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """The counts of both together."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))

    def times(self, factor: int) -> "Counts":
        """The counts of as many repetitions."""
        return Counts(*(factor * one for one in self))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of `hits` in `n` runs with its interval at level 0.95; None of nothing."""

    point: float | None
    lower: float
    upper: float
    hits: int
    n: int
    families: int
    method: Method


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean per run with its interval at level 0.95."""

    point: float
    lower: float
    upper: float
    n: int
    families: int
    method: MeanMethod


@dataclass(frozen=True, slots=True)
class Measures:
    """How good the answers are.

    `accuracy`: right answers among all cases. `precision`: right ones among those accepted without
    a person. `coverage`: accepted ones among all cases.
    """

    accuracy: Estimate
    precision: Estimate
    coverage: Estimate


NAMES = ("accuracy", "precision", "coverage")


def ratios(sums: Sequence[int]) -> tuple[float | None, float | None, float | None]:
    """Accuracy, precision and coverage of summed counts; None where there is nothing to divide."""
    runs, right, accepted, accepted_right = sums
    return (
        right / runs if runs else None,
        accepted_right / accepted if accepted else None,
        accepted / runs if runs else None,
    )


def by_family(counts: Iterable[tuple[str, Counts]]) -> list[Counts]:
    """Sum counts for each family, in the order of their names."""
    sums: dict[str, Counts] = defaultdict(Counts)
    for family, one in counts:
        sums[family] = sums[family].plus(one)
    return [sums[family] for family in sorted(sums)]


def measure(families: Sequence[Counts]) -> Measures:
    """Estimate all three measures of families' counts."""
    intervals = cluster_bootstrap(families, ratios) or [None] * len(NAMES)
    pairs = (
        [(one.right, one.runs) for one in families],
        [(one.accepted_right, one.accepted) for one in families],
        [(one.accepted, one.runs) for one in families],
    )
    return Measures(*(_estimate(*both) for both in zip(pairs, intervals, strict=True)))


def share(families: Sequence[tuple[int, int]]) -> Estimate:
    """Estimate one share of families' (hits, n)."""
    intervals = cluster_bootstrap(families, lambda sums: [sums[0] / sums[1] if sums[1] else None])
    return _estimate(families, intervals[0] if intervals else None)


def mean(values: Sequence[tuple[str, float]]) -> Mean | None:
    """Estimate the mean of runs' (family, value), values of at most 12 decimals; None of nothing.

    By the bootstrap where it can be trusted. With few families it understates what is not known,
    and nothing bounds a cost that was not seen: then the cheapest and the dearest run. Where all
    runs cost the same, that is the mean.
    """
    if not values:
        return None
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for family, value in values:
        total, n = sums[family]
        sums[family] = (total + round(value * 10**MONEY_DIGITS), n + 1)
    families = [sums[family] for family in sorted(sums)]
    low, high = min(value for _, value in values), max(value for _, value in values)
    point = sum(total for total, _ in families) / len(values) / 10**MONEY_DIGITS
    if low == high:
        return Mean(low, low, high, len(values), len(families), "constant")
    if len(families) < FEW_FAMILIES:
        return Mean(point, low, high, len(values), len(families), "range of runs")
    drawn = cluster_bootstrap(families, lambda one: [one[0] / one[1] / 10**MONEY_DIGITS])[0]
    lower, upper = drawn or (low, high)
    return Mean(point, lower, upper, len(values), len(families), "cluster bootstrap")


def _estimate(families: Sequence[tuple[int, int]], drawn: tuple[float, float] | None) -> Estimate:
    """Use the bootstrap's interval where it can be trusted.

    With few families, or when all outcomes agree, resampling understates what is not known. Each
    family then counts as one case, rounded to the careful side, in an exact interval.
    """
    counted = [(hits, n) for hits, n in families if n]
    hits, n, count = sum(k for k, _ in counted), sum(n for _, n in counted), len(counted)
    if not n:
        return Estimate(None, 0.0, 1.0, 0, 0, 0, "no cases")
    if drawn is not None and count >= FEW_FAMILIES and 0 < hits < n:
        return Estimate(hits / n, *drawn, hits, n, count, "cluster bootstrap")
    lower, upper = exact(hits * count // n, count)[0], exact(-(-hits * count // n), count)[1]
    return Estimate(hits / n, lower, upper, hits, n, count, "exact on families")
