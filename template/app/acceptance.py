"""Acceptance: the calibrated probability that an answer is right.

A model's stated confidence never decides. The probability is a logistic function of signals the
service can check itself, fitted on cases whose families the answering model never saw
(`evals/train.py`, `evals/calibrate_model.py`), and it is valid for exactly one provider, model,
prompt version and set of signals (`app.signals`). Without a valid calibration there is no
probability and everything goes to a person.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from app.signals import BASELINE, by_setting, is_indicator


class FittedOn(BaseModel):
    """What a calibration was fitted on: the digest of the cases, their number and the method."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset_digest: str
    cases: int
    families: int
    method: str
    seed: int


class Calibration(BaseModel):
    """A logistic function of standardised signals.

    p = 1 / (1 + exp(-(intercept + sum_i coefficients[i] * (signal_i - mean[i]) / scale[i])))

    `threshold` is the lowest p at which the promised precision held on unseen families with its
    lower bound; null when none did, so that nothing is answered without a person.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    provider: str
    model: str
    prompt_version: str
    signals: list[str]
    mean: list[float]
    scale: list[float]
    coefficients: list[float]
    intercept: float
    threshold: float | None
    precision_target: float
    fitted_on: FittedOn

    @model_validator(mode="after")
    def _one_number_for_each_signal(self) -> Self:
        lengths = {len(self.signals), len(self.mean), len(self.scale), len(self.coefficients)}
        if len(lengths) != 1 or not all(scale > 0 for scale in self.scale):
            raise ValueError("each signal needs a mean, a scale above zero and a coefficient")
        return self

    def probability(self, signals: Mapping[str, float]) -> float | None:
        """The calibrated probability, or None when a signal is missing or not finite."""
        values = [
            signals.get(name, 0.0 if is_indicator(name) else math.nan) for name in self.signals
        ]
        if not all(math.isfinite(value) for value in values):
            return None
        terms = zip(values, self.mean, self.scale, self.coefficients, strict=True)
        logit = self.intercept + sum(c * (v - m) / s for v, m, s, c in terms)
        logit = max(-60.0, min(60.0, logit))  # exp() stays finite
        return 1.0 / (1.0 + math.exp(-logit))

    def void(self, signals: Mapping[str, float]) -> str:
        """Why this calibration says nothing about an answer with these signals; empty if it does.

        Settings that give more signals void it as well: they can change which answer is given.
        """
        name = f"The calibration of {self.provider} {self.model}"
        fitted, given = by_setting(self.signals), by_setting(signals)
        if fitted != given:
            return (
                f"{name} was fitted with {_named(fitted)}, this answer comes with {_named(given)}:"
                " set APP_MODEL_REPEATS and APP_MODEL_LOGPROBS as they were, or run"
                " `make calibrate`."
            )
        missing = [one for one in self.signals if not is_indicator(one) and one not in signals]
        if any(one.startswith(BASELINE) for one in missing):
            return f"{name} was fitted beside another baseline: run `make calibrate`."
        return f"{name} needs signals that are missing: {_named(missing)}." if missing else ""


def _named(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "no signal of a setting"


class CalibrationFile(BaseModel):
    """`app/usecase/calibration.json`: one calibration for each model that was calibrated."""

    model_config = ConfigDict(extra="forbid")

    calibrations: list[Calibration] = []


@dataclass(frozen=True, slots=True)
class Judgement:
    """An acceptance, the threshold it was held against, and whether it reaches it.

    `void` says why there is no acceptance although there is a calibration.
    """

    acceptance: float | None
    threshold: float | None
    void: str = ""

    @property
    def calibrated(self) -> bool:
        """True when there is a probability to judge by."""
        return self.acceptance is not None

    @property
    def accepted(self) -> bool:
        """True when the answer may leave without a person."""
        return (
            self.acceptance is not None
            and self.threshold is not None
            and self.acceptance >= self.threshold
        )


class Acceptance:
    """Judges answers by the calibration that belongs to the model which gave them."""

    def __init__(self, calibrations: list[Calibration]) -> None:
        self._by_model = {(c.provider, c.model, c.prompt_version): c for c in calibrations}

    @classmethod
    def load(cls, path: Path) -> "Acceptance":
        """Read a calibration file; an absent one means that nothing is calibrated.

        Raises `ValueError` naming the file when it is damaged: better no start than no gate.
        """
        if not path.exists():
            return cls([])
        try:
            return cls(CalibrationFile.model_validate_json(path.read_bytes()).calibrations)
        except ValidationError as error:
            raise ValueError(f"{path} is damaged; run `make train` to write it anew") from error

    def judge(
        self, provider: str, model: str, prompt_version: str, signals: Mapping[str, float]
    ) -> Judgement:
        """Judge an answer of this model by its signals."""
        calibration = self._by_model.get((provider, model, prompt_version))
        if calibration is None:
            return Judgement(None, None)
        void = calibration.void(signals)
        if void:
            return Judgement(None, None, void)
        return Judgement(calibration.probability(signals), calibration.threshold)
