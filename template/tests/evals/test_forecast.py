"""What more labels are said to be worth, and what a threshold is said to cost."""

import random

import pytest

from evals.training.calibrate import Judged
from evals.training.forecast import Forecast, Step, forecast
from evals.training.power_law import fitted
from evals.training.risk import area, ordered, points, promised, stand

SIZES = (60, 120, 180, 240)


def curve(law: list[float], families: int = 300, seed: int = 3) -> list[Step]:
    """Measured errors of these shares, one case a family; the same families are hard at all."""
    rng = random.Random(seed)  # noqa: S311
    hard = [rng.random() for _ in range(families)]
    return [
        Step(n, {f"f{k}": (int(one < error), 1) for k, one in enumerate(hard)})
        for n, error in zip(SIZES, law, strict=True)
    ]


@pytest.mark.parametrize(("a", "b", "c"), [(0.1, 2.0, 0.5), (0.0, 1.5, 0.3), (0.05, 9.0, 0.9)])
def test_a_power_law_is_found_again(a: float, b: float, c: float) -> None:
    law = fitted([(n, a + b * n**-c) for n in SIZES])
    assert law(480) == pytest.approx(a + b * 480**-c, abs=0.002)


def test_errors_are_never_said_to_rise_or_to_fall_below_nothing() -> None:
    rising = fitted([(n, 0.1 + n / 1000) for n in SIZES])
    assert rising(480) == rising(60)
    assert fitted([(60, 0.3), (120, 0.1), (180, 0.02), (240, 0.0)])(10_000) >= 0


def test_the_forecast_holds_the_truth_within_its_band() -> None:
    found = forecast(curve([2.0 * n**-0.5 for n in SIZES], families=600), 240, 240)
    assert found is not None
    truth = 2.0 * 240**-0.5 - 2.0 * 480**-0.5
    assert found.low <= truth <= found.high
    assert found.low <= found.gain <= found.high
    assert found == forecast(curve([2.0 * n**-0.5 for n in SIZES], families=600), 240, 240)


def test_a_flat_curve_is_called_flat() -> None:
    found = forecast(curve([0.2] * 4), 240, 240)
    assert found is not None
    assert found.sentence == (
        "The curve is flat: 240 more cases are worth less than a point (between 0.0 and 0.0)."
        " More labels of the same kind will not help."
    )


def test_a_gain_is_said_with_both_ends_and_with_its_doubt() -> None:
    assert Forecast(100, 0.021, 0.004, 0.05).sentence == (
        "100 more cases are worth about 2.1 points, between 0.4 and 5.0."
    )
    assert Forecast(100, 0.021, 0.0, 0.05).sentence.endswith("They may be worth nothing.")


def test_two_sizes_are_no_curve() -> None:
    assert forecast(curve([0.3, 0.2, 0.1, 0.1])[:2], 120, 100) is None


def judged(*acceptances: tuple[float, bool]) -> list[Judged]:
    return [Judged(f"f{k}", p, right, True) for k, (p, right) in enumerate(acceptances)]


def test_the_area_is_the_mean_risk_over_all_coverages() -> None:
    # Risks after 1, 2, 3, 4 answers: 0, 0, 1/3, 1/4.
    answers = judged((0.9, True), (0.8, True), (0.7, False), (0.6, True))
    assert area(answers) == pytest.approx((0 + 0 + 1 / 3 + 1 / 4) / 4)


def test_answers_of_equal_acceptance_are_not_told_apart() -> None:
    answers = judged((0.9, False), (0.9, True), (0.5, True))
    assert ordered(answers) == [(2, 1), (3, 2)]
    assert area(answers) == area(judged((0.9, True), (0.9, False), (0.5, True)))


def test_what_is_held_back_covers_nothing_and_counts_in_the_share() -> None:
    answers = [*judged((0.9, True)), Judged("x", 0.95, False, False)]
    found = stand(answers, 0.5)
    assert (found.coverage, found.precision, found.accepted) == (0.5, 1.0, 1)
    assert stand(answers, 0.99).precision is None


def test_a_promise_shows_the_threshold_that_keeps_it() -> None:
    answers = judged(*[(0.8, True)] * 200, *[(0.4, k % 2 == 0) for k in range(100)])
    found = promised(answers, 0.9)
    assert found is not None
    assert found.threshold == 0.41
    assert found.coverage == pytest.approx(2 / 3)
    assert found.bound is not None and found.bound >= 0.9  # noqa: PT018
    assert promised(judged(*[(0.8, False)] * 50), 0.9) is None


def test_the_curve_is_drawn_with_its_bound() -> None:
    drawn = points(judged(*[(k / 100, k > 20) for k in range(100)]))
    assert drawn[0].x < drawn[-1].x <= 1
    assert all(0 <= one.low <= one.y <= 1 for one in drawn)
