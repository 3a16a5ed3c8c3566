"""What a threshold costs: precision and coverage at each, and the curve as one number."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from evals.blocks import Point, Table
from evals.training.calibrate import Judged, choose_threshold, precision_bound

TARGETS = (0.85, 0.90, 0.95)
THRESHOLDS = tuple(k / 20 for k in range(6, 20))
HEAD = ("threshold", "coverage", "precision", "at least (95 %)", "answered")
FIRST = 5  # answers; the share of fewer jumps too much to draw


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a threshold stands. Shares from 0 to 1; `accepted` counts answers.

    `coverage` is of all cases, held back by an objection or not. `bound` is the one-sided 95 %
    lower bound of the precision, by family. Both are None where nothing is accepted.
    """

    threshold: float
    coverage: float
    precision: float | None
    bound: float | None
    accepted: int


def stand(answers: Sequence[Judged], threshold: float) -> Stand:
    """Where a threshold stands on these answers."""
    accepted = [one for one in answers if one.free and one.acceptance >= threshold]
    if not accepted:
        return Stand(threshold, 0.0, None, None, 0)
    precision = sum(one.right for one in accepted) / len(accepted)
    coverage, bound = len(accepted) / len(answers), precision_bound(accepted)
    return Stand(threshold, coverage, precision, bound, len(accepted))


def promised(answers: Sequence[Judged], target: float) -> Stand | None:
    """Where the threshold that keeps a promise stands; None when there is none."""
    threshold = choose_threshold(answers, target)
    return None if threshold is None else stand(answers, threshold)


def ordered(answers: Sequence[Judged]) -> list[tuple[int, float]]:
    """Counts of accepted answers and of those the right ones, from the surest answer on.

    One pair for each distinct acceptance: no threshold parts answers of equal acceptance.
    """
    groups: dict[float, list[bool]] = defaultdict(list)
    for one in answers:
        if one.free:
            groups[one.acceptance].append(one.right)
    found, accepted, right = [], 0, 0.0
    for acceptance in sorted(groups, reverse=True):
        accepted += len(groups[acceptance])
        right += sum(groups[acceptance])
        found.append((accepted, right))
    return found


def area(answers: Sequence[Judged]) -> float:
    """Area under the risk-coverage curve: the mean risk over all coverages, 0 is perfect.

    Geifman, Uziel and El-Yaniv, ICLR 2019, with answers of equal acceptance taken together.
    """
    total = sum(1 for one in answers if one.free)
    area, before, wrong_before = 0.0, 0, 0.0
    for accepted, right in ordered(answers):
        # Within a group the order is chance: its risk runs evenly from one end to the other.
        wrong, size = accepted - right, accepted - before
        for k in range(1, size + 1):
            area += (wrong_before + (wrong - wrong_before) * k / size) / (before + k)
        before, wrong_before = accepted, wrong
    return area / total if total else 1.0


def points(answers: Sequence[Judged], most: int = 40) -> list[Point]:
    """The curve to draw: coverage, precision, and the bound of the precision as its low end."""
    free = sorted((one for one in answers if one.free), key=lambda one: -one.acceptance)
    curve = [one for one in ordered(answers) if one[0] >= FIRST]
    kept = curve[:: max(1, len(curve) // most)]
    drawn = []
    for accepted, right in kept:
        share = right / accepted
        low = precision_bound(free[:accepted])
        drawn.append(Point(accepted / len(answers), share, min(low, share), share))
    return drawn


def table(caption: str, answers: Sequence[Judged], chosen: float | None) -> Table:
    """Thresholds, the chosen one among them and marked."""
    grid = sorted({*THRESHOLDS, *([] if chosen is None else [chosen])})
    rows = [row(stand(answers, one), one == chosen) for one in grid]
    return Table(caption, HEAD, rows)


def promises(caption: str, answers: Sequence[Judged]) -> Table:
    """What coverage would be, were another precision promised."""
    head = ("promised precision", *HEAD)
    rows = []
    for target in TARGETS:
        found = promised(answers, target)
        rows.append(
            [f"{target:.0%}", *row(found, False)]
            if found
            else [f"{target:.0%}", "none keeps it", "0.0%", "-", "-", "0"]
        )
    return Table(caption, head, rows)


def row(one: Stand, chosen: bool) -> list[str]:
    """A line of a table."""
    shares = ["-" if share is None else f"{share:.1%}" for share in (one.precision, one.bound)]
    mark = f"{one.threshold:.2f}{' (in force)' if chosen else ''}"
    return [mark, f"{one.coverage:.1%}", *shares, str(one.accepted)]
