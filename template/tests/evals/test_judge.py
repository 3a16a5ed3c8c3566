"""A judge is measured against people before it decides anything."""

import random

import pytest

from evals.judge import NoGate, calibrate, gate
from evals.statistics import wilson


def pairs(both: int, missed: int, passed_bad: int, failed_bad: int) -> list[tuple[bool, bool]]:
    """Good replies passed and missed, bad ones passed and failed."""
    return (
        [(True, True)] * both
        + [(True, False)] * missed
        + [(False, True)] * passed_bad
        + [(False, False)] * failed_bad
    )


def test_the_figures_are_those_of_the_textbook() -> None:
    # Agreement 80 of 100; by chance 0.6 * 0.6 + 0.4 * 0.4 = 0.52.
    found = calibrate(pairs(50, 10, 10, 30))
    assert found.agreement == pytest.approx(0.80)
    assert found.kappa == pytest.approx((0.80 - 0.52) / 0.48)
    assert found.sensitivity == pytest.approx(50 / 60)
    assert found.specificity == pytest.approx(0.75)
    assert found.sensitivity_interval == wilson(50, 60)
    assert found.specificity_interval == wilson(30, 40)


def test_a_hundred_labelled_cases_and_a_kappa_of_six_tenths_open_the_gate() -> None:
    gate(calibrate(pairs(40, 10, 10, 40)))  # kappa 0.6


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (pairs(49, 1, 1, 48), "on 99 cases; 100 are needed"),
        (pairs(40, 10, 11, 39), r"kappa 0\.58"),
        (pairs(100, 0, 0, 0), "all cases the same label"),
        (pairs(0, 0, 5, 95), "all cases the same label"),
        (pairs(90, 5, 5, 0), "agrees with people too little"),
        ([], "on 0 cases"),
    ],
)
def test_otherwise_it_stays_shut_and_says_why(
    found: list[tuple[bool, bool]], sentence: str
) -> None:
    with pytest.raises(NoGate, match=sentence):
        gate(calibrate(found))


def test_the_share_it_passes_is_corrected_for_its_mistakes() -> None:
    judge = calibrate(pairs(90, 10, 20, 80))
    rng = random.Random(5)  # noqa: S311
    good = [rng.random() < 0.6 for _ in range(20_000)]
    passed = [rng.random() < (0.9 if one else 0.2) for one in good]
    raw = sum(passed) / len(passed)
    assert abs(raw - 0.6) > 0.01
    assert judge.corrected(raw) == pytest.approx(0.6, abs=0.01)


def test_the_correction_stays_a_share() -> None:
    judge = calibrate(pairs(90, 10, 20, 80))
    assert judge.corrected(0.05) == 0
    assert judge.corrected(0.99) == 1


def test_nothing_is_corrected_by_a_judge_that_may_not_gate() -> None:
    with pytest.raises(NoGate):
        calibrate(pairs(9, 1, 2, 8)).corrected(0.5)
