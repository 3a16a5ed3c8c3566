"""Fits acceptance: a logistic function of signals, and the threshold that keeps a promise."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from evals.statistics import effective_size, wilson

RIDGE = 1.0  # keeps coefficients finite when the signals separate right from wrong
STEPS = 50
TOLERANCE = 1e-10
DIGITS = 6
ONE_SIDED = 0.90  # the lower end of a two-sided 90 % interval is a one-sided 95 % bound
GRID = [k / 100 for k in range(1, 100)]

Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class Logistic:
    """p = 1 / (1 + exp(-(intercept + sum c * (x - mean) / scale))), numbers rounded."""

    mean: list[float]
    scale: list[float]
    coefficients: list[float]
    intercept: float

    def probability(self, signals: Vector) -> float:
        """The probability for one vector of signals."""
        terms = zip(signals, self.mean, self.scale, self.coefficients, strict=True)
        return _sigmoid(self.intercept + sum(c * (x - m) / s for x, m, s, c in terms))


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer with its acceptance; `free` when nothing else would hold it back."""

    family: str
    acceptance: float
    right: bool
    free: bool


def fit_logistic(signals: Sequence[Vector], right: Sequence[bool]) -> Logistic:
    """Maximum likelihood with a ridge of one on standardised coefficients, by Newton's method.

    The same problem as scikit-learn's LogisticRegression(C=1). Signals that never vary get a
    coefficient of zero.
    """
    columns = list(zip(*signals, strict=True))
    mean = [math.fsum(column) / len(column) for column in columns]
    spread = [
        math.sqrt(math.fsum((x - m) ** 2 for x in column) / len(column))
        for column, m in zip(columns, mean, strict=True)
    ]
    scale = [one if one > 1e-9 else 1.0 for one in spread]
    rows = [
        [1.0, *((x - m) / s for x, m, s in zip(one, mean, scale, strict=True))] for one in signals
    ]
    weights = [0.0] * (len(mean) + 1)
    for _ in range(STEPS):
        step = _newton_step(rows, right, weights)
        weights = [w + d for w, d in zip(weights, step, strict=True)]
        if max(map(abs, step)) < TOLERANCE:
            break
    rounded = [round(one, DIGITS) for one in weights]
    return Logistic(
        [round(one, DIGITS) for one in mean],
        [round(one, DIGITS) or 1.0 for one in scale],
        rounded[1:],
        rounded[0],
    )


def choose_threshold(answers: Sequence[Judged], target: float) -> float | None:
    """The lowest threshold on the grid at which precision reaches the target for certain.

    For certain: the one-sided 95 % Wilson bound of the accepted answers' precision, with their
    number divided by the design effect of their families. None when no threshold does.
    """
    for threshold in GRID:
        accepted = [one for one in answers if one.free and one.acceptance >= threshold]
        if accepted and precision_bound(accepted) >= target:
            return threshold
    return None


def precision_bound(accepted: Sequence[Judged]) -> float:
    """One-sided 95 % lower bound of the precision of answers that cluster by family."""
    families: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in accepted:
        hits, n = families[one.family]
        families[one.family] = (hits + one.right, n + 1)
    size = effective_size(list(families.values()))
    share = sum(one.right for one in accepted) / len(accepted)
    return wilson(share * size, size, ONE_SIDED)[0]


def _newton_step(rows: Sequence[Vector], right: Sequence[bool], weights: Vector) -> list[float]:
    size = len(weights)
    gradient = [0.0, *(-RIDGE * w for w in weights[1:])]
    curvature = [[RIDGE if i == j > 0 else 0.0 for j in range(size)] for i in range(size)]
    for row, hit in zip(rows, right, strict=True):
        p = _sigmoid(sum(w * x for w, x in zip(weights, row, strict=True)))
        for i in range(size):
            gradient[i] += (hit - p) * row[i]
            for j in range(size):
                curvature[i][j] += p * (1 - p) * row[i] * row[j]
    curvature[0][0] += 1e-9  # all right or all wrong: the intercept alone has no maximum
    return _solve(curvature, gradient)


def _solve(matrix: list[list[float]], vector: Vector) -> list[float]:
    """Gaussian elimination; the matrix is symmetric and positive definite, so needs no pivots."""
    size = len(vector)
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for i in range(size):
        for j in range(i + 1, size):
            factor = rows[j][i] / rows[i][i]
            rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    solution = [0.0] * size
    for i in reversed(range(size)):
        known = sum(rows[i][j] * solution[j] for j in range(i + 1, size))
        solution[i] = (rows[i][size] - known) / rows[i][i]
    return solution


def _sigmoid(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, logit))))
