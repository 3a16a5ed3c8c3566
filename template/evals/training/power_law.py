"""The law by which errors fall with the number of cases."""

from collections.abc import Callable, Sequence

EXPONENTS = tuple(k / 10 for k in range(1, 11))


def fitted(curve: Sequence[tuple[float, float]]) -> Callable[[float], float]:
    """The inverse power law a + b * n ** -c closest to (n, error), with a and b not below zero.

    Cortes et al., NIPS 1993; least squares in a and b for each c of a grid.
    """
    sizes, errors = [n for n, _ in curve], [error for _, error in curve]
    best = (float("inf"), 0.0, 0.0, 1.0)
    for c in EXPONENTS:
        a, b = _line([n**-c for n in sizes], errors)
        off = sum((a + b * n**-c - e) ** 2 for n, e in curve)
        best = min(best, (off, a, b, c))
    _, a, b, c = best
    return lambda n: a + b * n**-c


def _line(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float]:
    """Least squares of y = a + b * x under a >= 0 and b >= 0."""
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    b = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
    if b <= 0:
        return mean_y, 0.0
    a = mean_y - b * mean_x
    if a >= 0:
        return a, b
    return 0.0, sum(x * y for x, y in zip(xs, ys, strict=True)) / sum(x * x for x in xs)
