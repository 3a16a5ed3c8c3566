"""A calibration holds for the very signals it was fitted on; else a person decides and is told."""

from typing import Any

import pytest

from app.acceptance import Acceptance, Calibration, FittedOn
from app.case import ReviewReason
from app.disposition import disposition
from app.gateway import Reply

from .usecase import CASE, Verdict, YesNo

OTHER, OWN = "baseline.000000000000", "baseline.0123456789ab"


def calibration(*signals: str) -> Calibration:
    """Sure of everything, by these signals."""
    return Calibration(
        provider="openai",
        model="m",
        prompt_version="1",
        signals=list(signals),
        mean=[0.0] * len(signals),
        scale=[1.0] * len(signals),
        coefficients=[1.0] * len(signals),
        intercept=3.0,
        threshold=0.9,
        precision_target=0.9,
        fitted_on=FittedOn(dataset_digest="d", cases=9, families=9, method="m", seed=1),
    )


def decide(fitted: Calibration, *signals: str) -> tuple[ReviewReason | None, str]:
    given = dict.fromkeys(signals, 1.0)
    judgement = Acceptance([fitted]).judge("openai", "m", "1", given)
    reply: Reply[Any] = Reply(Verdict(label="yes"), "model", "openai", "m", given)
    reason, sentences = disposition(YesNo(), CASE, reply, judgement)
    return reason, " ".join(sentences)


def test_the_very_signals_are_judged_by() -> None:
    fitted = calibration("p", OWN, "setting.equal_of_3")
    assert decide(fitted, "p", OWN, "setting.equal_of_3", "model.length")[0] is None


@pytest.mark.parametrize(
    ("fitted", "given"),
    [
        (["p", "setting.equal_of_3"], ["p"]),
        (["p", "setting.equal_of_3"], ["p", "setting.equal_of_5"]),
        (["p"], ["p", "setting.equal_of_3"]),
        (["p"], ["p", "setting.log_probability"]),
        (["p", "setting.log_probability"], ["p"]),
    ],
)
def test_settings_that_give_other_signals_void_it(fitted: list[str], given: list[str]) -> None:
    reason, sentences = decide(calibration(*fitted), *given)
    assert reason == ReviewReason.UNCALIBRATED
    assert "set APP_MODEL_REPEATS and APP_MODEL_LOGPROBS as they were" in sentences
    assert "make calibrate" in sentences
    for name in {*fitted, *given} - {"p"}:
        assert name in sentences


def test_another_baseline_voids_it() -> None:
    reason, sentences = decide(calibration("p", OWN), "p", OTHER)
    assert reason == ReviewReason.UNCALIBRATED
    assert "fitted beside another baseline: run `make calibrate`" in sentences


def test_a_signal_that_is_missing_is_named() -> None:
    reason, sentences = decide(calibration("p", "model.length"), "p")
    assert reason == ReviewReason.UNCALIBRATED
    assert "needs signals that are missing: model.length" in sentences


def test_an_indicator_that_does_not_hold_is_zero() -> None:
    fitted = calibration("p", "language=de")
    assert decide(fitted, "p")[0] is None
    with_it = fitted.probability({"p": 1.0, "language=de": 1.0})
    assert with_it is not None
    assert with_it > (fitted.probability({"p": 1.0, "language=fr": 1.0}) or 1)
