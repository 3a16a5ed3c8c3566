"""Acceptance: the calibrated probability that an answer is right.

A model's stated confidence never decides. The probability is a logistic function of signals the
service can check itself, fitted on cases whose families the answering model never saw
(`evals/train.py`), and it is valid for exactly one provider, model and prompt version. Without a
valid calibration there is no probability and everything goes to a person.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator


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
        values = [signals.get(name, math.nan) for name in self.signals]
        if not all(math.isfinite(value) for value in values):
            return None
        terms = zip(values, self.mean, self.scale, self.coefficients, strict=True)
        logit = self.intercept + sum(c * (v - m) / s for v, m, s, c in terms)
        logit = max(-60.0, min(60.0, logit))  # exp() stays finite
        return 1.0 / (1.0 + math.exp(-logit))


class CalibrationFile(BaseModel):
    """`app/usecase/calibration.json`: one calibration for each model that was calibrated."""

    model_config = ConfigDict(extra="forbid")

    calibrations: list[Calibration] = []


@dataclass(frozen=True, slots=True)
class Judgement:
    """An acceptance, the threshold it was held against, and whether it reaches it."""

    acceptance: float | None
    threshold: float | None

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
        return Judgement(calibration.probability(signals), calibration.threshold)
