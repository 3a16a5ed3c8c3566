"""A calibration that cannot judge keeps the service from starting, instead of failing each case."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.acceptance import Acceptance

VALID: dict[str, Any] = {
    "provider": "offline",
    "model": "baseline@0",
    "prompt_version": "1",
    "signals": ["a", "b"],
    "mean": [0.5, 0.5],
    "scale": [1.0, 2.0],
    "coefficients": [2.0, 1.0],
    "intercept": 0.0,
    "threshold": 0.8,
    "precision_target": 0.9,
    "fitted_on": {"dataset_digest": "d", "cases": 9, "families": 9, "method": "m", "seed": 1},
}


def load(folder: Path, **changes: object) -> Acceptance:
    path = folder / "calibration.json"
    path.write_text(json.dumps({"calibrations": [VALID | changes]}))
    return Acceptance.load(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"mean": [0.5]},
        {"coefficients": [1.0, 1.0, 1.0]},
        {"scale": [1.0, 0.0]},
        {"scale": [1.0, -1.0]},
        {"intercept": float("nan")},
        {"threshold": float("inf")},
        {"surplus": 1},
    ],
)
def test_a_damaged_one_is_refused_with_what_to_do(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="make train"):
        load(tmp_path, **changes)


def test_it_judges_by_the_logistic_of_its_standardised_signals(tmp_path: Path) -> None:
    acceptance = load(tmp_path)
    judgement = acceptance.judge("offline", "baseline@0", "1", {"a": 1.5, "b": 2.5})
    assert judgement.acceptance == pytest.approx(0.9525741268)  # 1 / (1 + exp(-3))
    assert judgement.accepted


@pytest.mark.parametrize("signals", [{"a": 1.0}, {"a": 1.0, "b": float("nan")}])
def test_a_missing_signal_leaves_no_probability(tmp_path: Path, signals: dict[str, float]) -> None:
    judgement = load(tmp_path).judge("offline", "baseline@0", "1", signals)
    assert judgement.acceptance is None
    assert not judgement.accepted
