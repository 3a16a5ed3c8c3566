"""Fits acceptance on out-of-family answers, and keeps it in the calibration file."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from app.acceptance import Calibration, CalibrationFile, FittedOn
from app.case import AnyUseCase
from evals.dataset import DatasetError
from evals.runner import Scoring
from evals.training.calibrate import Judged, Logistic, choose_threshold, fit_logistic
from evals.training.folds import SEED, Example, Trainer, deal, is_right, out_of_fold

PROVIDER = "offline"
METHOD = "logistic regression on out-of-family signals, one-sided 95 % Wilson bound by family"


@dataclass(frozen=True, slots=True)
class Training:
    """What was learned: the calibration, and the out-of-family answers it was fitted on.

    `right` says of every example, by id, whether its out-of-family answer was right.
    """

    logistic: Logistic
    signals: list[str]
    threshold: float | None
    answers: list[Judged]
    right: dict[str, bool] = field(default_factory=dict)


def learn(
    found: Sequence[Example],
    by: Trainer,
    usecase: AnyUseCase,
    scoring: Scoring,
    target: float,
    promised: Container[str] | None = None,
) -> Training:
    """Fit acceptance on out-of-family guesses, and choose the threshold on held-out ones.

    The probabilities that the threshold is chosen on come from calibrations that were fitted
    without the fold in question; the calibration that is kept is fitted on all. With `promised`
    only the examples of these ids count for either: the promise is made about them.
    Raises `DatasetError` when fewer than two families count.
    """
    folds = deal(found)
    guesses = out_of_fold(found, by, folds)
    hits = [is_right(*pair, scoring) for pair in zip(found, guesses, strict=True)]
    counted = [i for i, one in enumerate(found) if promised is None or one.id in promised]
    place = [folds[found[i].family] for i in counted]
    if len(set(place)) < 2:
        raise DatasetError("Two families of cases drawn by chance are needed at least; add some.")
    names = sorted(guesses[counted[0]].signals)
    rows = [[guesses[i].signals[name] for name in names] for i in counted]
    right = [hits[i] for i in counted]
    answers = [
        Judged(
            found[i].family, p, hits[i], not usecase.objections(found[i].input, guesses[i].answer)
        )
        for i, p in zip(counted, cross_fit(rows, right, place), strict=True)
    ]
    return Training(
        fit_logistic(rows, right),
        names,
        choose_threshold(answers, target),
        answers,
        {one.id: hit for one, hit in zip(found, hits, strict=True)},
    )


def cross_fit(
    rows: Sequence[Sequence[float]], right: Sequence[bool], folds: Sequence[int]
) -> list[float]:
    """The probability of each row by a calibration that was fitted without its fold."""
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


def read_calibrations(path: Path) -> list[Calibration]:
    """The calibrations there are; none when the file is missing or damaged."""
    try:
        return CalibrationFile.model_validate_json(path.read_bytes()).calibrations
    except (FileNotFoundError, ValidationError):  # a damaged file is written anew
        return []


def trained_on(usecase: AnyUseCase, path: Path) -> str | None:
    """Digest of the cases that the weights in force were trained on; None when nobody knows."""
    try:
        model = f"baseline@{usecase.baseline_digest()[:12]}"
    except (OSError, ValueError, LookupError):
        return None
    found = [
        one for one in read_calibrations(path) if (one.provider, one.model) == (PROVIDER, model)
    ]
    return found[0].fitted_on.dataset_digest if found else None


def save_calibration(new: Calibration, path: Path) -> None:
    """Write the calibration; those of other providers stay, that of older weights goes."""
    kept = [one for one in read_calibrations(path) if one.provider != new.provider]
    text = CalibrationFile(calibrations=[new, *kept]).model_dump_json(indent=2)
    path.write_text(text + "\n", "utf-8")
