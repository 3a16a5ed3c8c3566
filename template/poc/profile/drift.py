"""Whether the newest quarter of the messages differs from the oldest by more than chance."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

# Under it a difference does not matter, however sure it is.
LEAST = 0.1
CONFIDENCE = 0.95
# A class rarer than this in both parts together is counted with the others.
RARE = 5
GROUPS = 5
FEWEST = 50


@dataclass(frozen=True, slots=True)
class Shift:
    """A figure of `n` messages against `m`; above `bound` it is more than chance."""

    what: str
    measure: str
    value: float
    bound: float
    n: int
    m: int

    @property
    def moved(self) -> bool:
        """True when the difference is more than chance."""
        return self.value > self.bound


def psi(what: str, old: Sequence[str], new: Sequence[str]) -> Shift:
    """Population stability index of two samples of classes, with its bound when nothing moved.

    sum((p - q) * ln(p / q)) with half a count added to each class. Without a shift it is about
    chi-square with k - 1 degrees of freedom times (1/n + 1/m) (Yurdakul 2018); the bound is that
    distribution's 95 % point, at least 0.1.
    """
    first, second = Counter(old), Counter(new)
    classes = sorted(one for one in first | second if first[one] + second[one] >= RARE)
    rows = [(first[one], second[one]) for one in classes]
    rest = (len(old) - sum(a for a, _ in rows), len(new) - sum(b for _, b in rows))
    rows += [rest] if any(rest) else []
    n, m, k = len(old), len(new), len(rows)
    value = 0.0
    for a, b in rows:
        p, q = (a + 0.5) / (n + 0.5 * k), (b + 0.5) / (m + 0.5 * k)
        value += (p - q) * math.log(p / q)
    bound = max(LEAST, chi_square(k - 1) * (1 / n + 1 / m))
    return Shift(what, "PSI", value, bound, n, m)


def ks(what: str, old: Sequence[int], new: Sequence[int]) -> Shift:
    """The largest distance of two distribution functions (Kolmogorov, Smirnov).

    The bound is the 5 % point for large samples, 1.358 * sqrt((n + m) / (n * m)); equal values
    make it careful.
    """
    first, second = sorted(old), sorted(new)
    n, m = len(first), len(second)
    value = max(
        abs(bisect_right(first, x) / n - bisect_right(second, x) / m) for x in {*first, *second}
    )
    return Shift(what, "KS", value, 1.358 * math.sqrt((n + m) / (n * m)), n, m)


def grouped(old: Sequence[int], new: Sequence[int]) -> tuple[list[str], list[str]]:
    """Both samples as fifths of both together."""
    every = sorted([*old, *new])
    cuts = sorted({every[len(every) * i // GROUPS] for i in range(1, GROUPS)})
    return [str(bisect_left(cuts, x)) for x in old], [str(bisect_left(cuts, x)) for x in new]


def chi_square(freedom: int, confidence: float = CONFIDENCE) -> float:
    """The quantile of chi-square, within 1 % (Wilson and Hilferty 1931); 0 without freedom."""
    if freedom < 1:
        return 0.0
    if freedom == 1:
        return NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    part = 2 / (9 * freedom)
    return float(freedom * (1 - part + NormalDist().inv_cdf(confidence) * math.sqrt(part)) ** 3)
