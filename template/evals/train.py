"""Trains the baseline and fits its acceptance: `python -m evals.train`.

Signals come from models that never saw the family they guess about, so acceptance promises no
more than it holds on new wording. The same cases give the same weights and calibration.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from app.acceptance import Calibration, CalibrationFile, FittedOn
from app.case import AnyUseCase
from app.settings import SettingsError
from app.usecase import USE_CASE
from evals import dataset, scorers
from evals.calibrate import Judged, Logistic, choose_threshold, fit_logistic
from evals.curve import PATH as CURVE
from evals.curve import draw
from evals.digests import CALIBRATION
from evals.folds import SEED, Example, Trainer, deal, examples, fit, is_right, out_of_fold, trainer
from evals.runner import Scoring
from evals.service import intake

PRECISION_TARGET = 0.90
PROVIDER = "offline"
METHOD = "logistic regression on out-of-family signals, one-sided 95 % Wilson bound by family"


@dataclass(frozen=True, slots=True)
class Training:
    """What was learned: the calibration, and the out-of-family answers it was fitted on."""

    logistic: Logistic
    signals: list[str]
    threshold: float | None
    answers: list[Judged]


def learn(
    found: Sequence[Example], by: Trainer, usecase: AnyUseCase, scoring: Scoring, target: float
) -> Training:
    """Fit acceptance on out-of-family guesses, and choose the threshold on held-out ones.

    The probabilities that the threshold is chosen on come from calibrations that were fitted
    without the fold in question; the calibration that is kept is fitted on all.
    """
    folds = deal(found)
    guesses = out_of_fold(found, by, folds)
    names = sorted(guesses[0].signals)
    rows = [[guess.signals[name] for name in names] for guess in guesses]
    right = [is_right(*pair, scoring) for pair in zip(found, guesses, strict=True)]
    place = [folds[one.family] for one in found]
    held_out = _cross_fit(rows, right, place)
    answers = [
        Judged(one.family, p, hit, not usecase.objections(one.input, guess.answer))
        for one, guess, p, hit in zip(found, guesses, held_out, right, strict=True)
    ]
    return Training(fit_logistic(rows, right), names, choose_threshold(answers, target), answers)


def _cross_fit(
    rows: Sequence[Sequence[float]], right: Sequence[bool], folds: Sequence[int]
) -> list[float]:
    models = {}
    for fold in sorted(set(folds)):
        kept = [i for i, one in enumerate(folds) if one != fold]
        models[fold] = fit_logistic([rows[i] for i in kept], [right[i] for i in kept])
    return [models[fold].probability(row) for fold, row in zip(folds, rows, strict=True)]


def calibration(
    training: Training, found: Sequence[Example], usecase: AnyUseCase, digest: str, target: float
) -> Calibration:
    """The calibration of the weights that the use case has now."""
    return Calibration(
        provider=PROVIDER,
        model=f"baseline@{usecase.baseline_digest()[:12]}",
        prompt_version=usecase.prompt_version,
        signals=training.signals,
        mean=training.logistic.mean,
        scale=training.logistic.scale,
        coefficients=training.logistic.coefficients,
        intercept=training.logistic.intercept,
        threshold=training.threshold,
        precision_target=target,
        fitted_on=FittedOn(
            dataset_digest=digest,
            cases=len(found),
            families=len({one.family for one in found}),
            method=METHOD,
            seed=SEED,
        ),
    )


def save_calibration(new: Calibration, path: Path) -> None:
    """Write the calibration; those of other providers stay, that of older weights goes."""
    try:
        old = CalibrationFile.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):  # a damaged file is written anew
        old = CalibrationFile()
    kept = [one for one in old.calibrations if one.provider != new.provider]
    text = CalibrationFile(calibrations=[new, *kept]).model_dump_json(indent=2)
    path.write_text(text + "\n", "utf-8")


def describe(training: Training, found: Sequence[Example], target: float) -> str:
    """What was learned, in a few lines for a terminal."""
    answers, families = training.answers, len({one.family for one in found})
    share = sum(one.right for one in answers) / len(answers)
    lines = [f"{len(found)} cases of {families} families; right about unseen families: {share:.1%}"]
    if training.threshold is None:
        lines.append(f"No threshold keeps {target:.0%} precision: everything goes to a person.")
        return "\n".join(lines)
    accepted = [one for one in answers if one.free and one.acceptance >= training.threshold]
    precision = sum(one.right for one in accepted) / len(accepted)
    lines.append(
        f"Threshold {training.threshold:.2f}: {len(accepted) / len(answers):.1%} of unseen families"
        f" answered without a person, {precision:.1%} of them right"
        f" (target: {target:.0%} with 95 % confidence)."
    )
    return "\n".join(lines)


def run(usecase: AnyUseCase, by: Trainer, path: Path, with_curve: bool) -> None:
    """Train, calibrate and save; print the essence."""
    cases = dataset.load("training")
    clean = intake(usecase)
    found, kept_back = examples(cases, clean, scorers)
    if kept_back:
        print(f"Intake keeps {len(kept_back)} training cases back: {', '.join(kept_back[:5])} ...")
    if len({one.family for one in found}) < 2:
        raise dataset.DatasetError("Two families of training cases are needed at least; add some.")
    digest = dataset.digest(cases)
    training = learn(found, by, usecase, scorers, PRECISION_TARGET)
    fit(by, found).save()
    save_calibration(calibration(training, found, usecase, digest, PRECISION_TARGET), path)
    print(describe(training, found, PRECISION_TARGET))
    if with_curve:
        evaluation, _ = examples(dataset.load("evaluation"), clean, scorers)
        curve = draw(found, evaluation, by, scorers, digest, print)
        CURVE.write_text(curve.model_dump_json(indent=1) + "\n", "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the use case of this project."""
    parser = argparse.ArgumentParser(prog="python -m evals.train", description=__doc__)
    parser.add_argument("--curve", action="store_true", help="draw the learning curve (minutes)")
    options = parser.parse_args(arguments)
    try:
        run(USE_CASE, trainer(USE_CASE), CALIBRATION, options.curve)
    except (dataset.DatasetError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
