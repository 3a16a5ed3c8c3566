"""Intervals for shares and quantiles, and Holm's procedure, in plain Python.

Every share is a number between 0 and 1, every level a confidence such as 0.95.
"""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

LEVEL = 0.95


def wilson(hits: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """Two-sided score interval of a share (Wilson, JASA 22, 1927).

    `hits` and `n` may be fractions, as they are after a correction for clusters. No observation
    means no knowledge: (0, 1). The lower end alone is a one-sided bound of (1 + level) / 2.
    """
    if n <= 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = hits / n, z * z / n
    centre = share + spread / 2
    half = z * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    lower, upper = (centre - half) / (1 + spread), (centre + half) / (1 + spread)
    return (0.0 if hits <= 0 else max(lower, 0.0)), (1.0 if hits >= n else min(upper, 1.0))


def exact(hits: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Two-sided exact interval of a share (Clopper and Pearson, Biometrika 26, 1934)."""
    tail = (1 - level) / 2
    lower = 0.0 if hits == 0 else _solve(lambda p: 1 - binomial_cdf(hits - 1, n, p), tail)
    upper = 1.0 if hits == n else 1 - _solve(lambda p: binomial_cdf(hits, n, 1 - p), tail)
    return lower, upper


def binomial_cdf(hits: int, n: int, share: float) -> float:
    """Probability of at most `hits` successes in `n` trials, for 0 < share < 1."""
    if hits < 0:
        return 0.0
    if hits >= n:
        return 1.0
    log_p, log_q, log_n = math.log(share), math.log1p(-share), math.lgamma(n + 1)
    terms = (
        math.exp(log_n - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * log_p + (n - k) * log_q)
        for k in range(hits + 1)
    )
    return min(math.fsum(terms), 1.0)


def quantile_interval(
    values: Sequence[float], quantile: float, level: float = LEVEL
) -> tuple[float | None, float | None]:
    """Distribution-free interval of a quantile from order statistics (Conover, 1999, 3.2).

    An end is None where the sample is too small to bound it: the upper end of the 95th
    percentile needs 72 values at level 0.95.
    """
    ordered, n, tail = sorted(values), len(values), (1 - level) / 2
    if n == 0:
        return None, None
    low = _binomial_quantile(tail, n, quantile) - 1
    high = _binomial_quantile(1 - tail, n, quantile)
    return (ordered[low] if low >= 0 else None), (ordered[high] if high < n else None)


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value with at least `share` of all values at or below it."""
    if not values:
        return None
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def effective_size(families: Sequence[tuple[int, int]]) -> float:
    """How many independent cases the (hits, cases) of these families are worth.

    Cases over design effect (Kish, Survey Sampling, 1965): the variance of the share with families
    as sampling units, over the binomial one; never below one. Where all outcomes agree the
    effect cannot be seen, and each family counts once.
    """
    cases, hits = sum(n for _, n in families), sum(k for k, _ in families)
    count = len(families)
    if count < 2 or hits in (0, cases):
        return float(count)
    share = hits / cases
    between = sum((k - share * n) ** 2 for k, n in families) * count / (count - 1)
    return cases / max(1.0, between / (cases * share * (1 - share)))


def holm(p_values: Sequence[float], alpha: float) -> list[bool]:
    """Which hypotheses fall when the chance of any false alarm is at most alpha (Holm, 1979)."""
    rejected = [False] * len(p_values)
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    for step, i in enumerate(order):
        if p_values[i] > alpha / (len(order) - step):
            break
        rejected[i] = True
    return rejected


def _solve(rising: Callable[[float], float], target: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2


def _binomial_quantile(probability: float, n: int, share: float) -> int:
    """The smallest count whose cumulative probability reaches `probability`."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        low, high = (
            (low, middle) if binomial_cdf(middle, n, share) >= probability else (middle + 1, high)
        )
    return low
