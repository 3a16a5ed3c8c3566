"""Whether an LLM judge may be relied on: a judge is measured like anything else that answers.

A judge says of a reply whether it is good; people say the same of at least a hundred. Below that,
or where the two agree little more than chance would, a judge informs and never gates.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.statistics import wilson

FEWEST = 100
LEAST_KAPPA = 0.6

Interval = tuple[float, float]


class NoGate(Exception):
    """The judge must not gate; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a judge compares with people on `n` cases; shares from 0 to 1, intervals of 95 %.

    `sensitivity` is the share of good replies that the judge passes, `specificity` that of bad
    ones it fails; None where people found none of the kind. `kappa` is Cohen's (1960), None where
    chance explains everything.
    """

    n: int
    agreement: float
    kappa: float | None
    sensitivity: float | None
    specificity: float | None
    sensitivity_interval: Interval
    specificity_interval: Interval

    def corrected(self, passed: float) -> float:
        """The share of good replies behind a share that the judge passed.

        Rogan and Gladen, American Journal of Epidemiology 107, 1978, held within 0 and 1. Raises
        `NoGate` for a judge that cannot tell, and for one that is not calibrated.
        """
        gate(self)
        assert self.sensitivity is not None and self.specificity is not None  # noqa: S101, PT018
        share = (passed + self.specificity - 1) / (self.sensitivity + self.specificity - 1)
        return min(max(share, 0.0), 1.0)


def calibrate(pairs: Sequence[tuple[bool, bool]]) -> Calibration:
    """Compare (people's label, judge's label) of each case; true is good.

    A case that the judge gave no label for belongs in as judged bad: silence is no pass.
    """
    n = len(pairs)
    good = [judge for people, judge in pairs if people]
    bad = [not judge for people, judge in pairs if not people]
    same = sum(good) + sum(bad)
    passed = sum(judge for _, judge in pairs)
    agreement = same / n if n else 0.0
    by_chance = (len(good) * passed + len(bad) * (n - passed)) / n**2 if n else 1.0
    return Calibration(
        n,
        agreement,
        (agreement - by_chance) / (1 - by_chance) if by_chance < 1 else None,
        sum(good) / len(good) if good else None,
        sum(bad) / len(bad) if bad else None,
        wilson(sum(good), len(good)),
        wilson(sum(bad), len(bad)),
    )


def gate(calibration: Calibration) -> None:
    """Raise `NoGate` unless the judge may decide whether something passes."""
    one = calibration
    if one.n < FEWEST:
        raise NoGate(
            f"The judge is compared with people on {one.n} cases; {FEWEST} are needed before it may"
            " gate. Label more replies."
        )
    if one.kappa is None or one.sensitivity is None or one.specificity is None:
        raise NoGate(
            "People gave all cases the same label, so nothing shows whether the judge can tell;"
            " add cases of the other kind."
        )
    if one.kappa < LEAST_KAPPA - 1e-9:
        raise NoGate(
            f"The judge agrees with people too little (kappa {one.kappa:.2f}; {LEAST_KAPPA} is"
            " needed). Change its rubric and calibrate again, or let people judge."
        )
