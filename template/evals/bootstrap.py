"""Resampling by family: cases of one family are not independent, families are."""

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import accumulate

from evals.statistics import LEVEL

RESAMPLES = 1000
SEED = 20240229

Row = tuple[int, ...]
Ratios = Callable[[Sequence[int]], Sequence[float | None]]


def cluster_bootstrap(
    families: Sequence[Row],
    ratios: Ratios,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> list[tuple[float, float] | None]:
    """Percentile intervals of statistics of column sums (Davison and Hinkley, 1997, 3.8).

    `families` has one row of counts for each family; `ratios` maps the sums of the columns to
    one or more statistics, None where a statistic is undefined. The same seed gives the same
    intervals. An interval is None when its statistic was undefined in every resample.
    """
    rng = random.Random(seed)  # noqa: S311
    draws = [
        ratios(
            [sum(column) for column in zip(*rng.choices(families, k=len(families)), strict=True)]
        )
        for _ in range(resamples if families else 0)
    ]
    return [_percentiles(column, level) for column in zip(*draws, strict=True)]


def _percentiles(draws: Sequence[float | None], level: float) -> tuple[float, float] | None:
    ordered = sorted(value for value in draws if value is not None)
    if not ordered:
        return None
    last, tail = len(ordered) - 1, (1 - level) / 2
    return ordered[round(tail * last)], ordered[round((1 - tail) * last)]


def swap_test(differences: Sequence[int]) -> float:
    """One-sided exact p-value of a drop: how often chance alone sums to this or less.

    Each family's difference (now minus before) is as likely to have had the other sign if nothing
    changed (Fisher's randomisation test on paired clusters). Exact, so it needs no seed and
    holds for few families too. What is no drop has a p-value of one.
    """
    observed = sum(differences)
    if observed >= 0:
        return 1.0
    sizes = sorted(abs(one) for one in differences if one)
    # Two halves have far fewer distinct sums than the whole, like sizes together the fewest.
    middle = len(sizes) // 2
    left, right = _signed_sums(sizes[:middle]), _signed_sums(sizes[middle:])
    totals = sorted(right)
    at_most = [0.0, *accumulate(right[total] for total in totals)]
    return min(1.0, sum(p * at_most[bisect_right(totals, observed - t)] for t, p in left.items()))


def _signed_sums(sizes: Sequence[int]) -> dict[int, float]:
    """The probability of every sum of these sizes when each sign is a fair coin."""
    sums: dict[int, float] = {0: 1.0}
    for size in sizes:
        longer: dict[int, float] = defaultdict(float)
        for total, probability in sums.items():
            longer[total + size] += probability / 2
            longer[total - size] += probability / 2
        sums = longer
    return sums
