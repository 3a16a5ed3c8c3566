"""Fits the sets of signals of a hosted model's answers, and makes the calibration of one."""

from collections.abc import Mapping, Sequence

from app.acceptance import Calibration, FittedOn
from app.case import AnyUseCase
from app.gateway.endpoint import Endpoint
from evals import scorers
from evals.dataset import DatasetError
from evals.hosted.model_report import Found
from evals.hosted.signal_sets import Answered, Fitted, candidates, fit, keep
from evals.hosted.unseen import Labelled
from evals.train import PRECISION_TARGET
from evals.training.calibrate import Judged
from evals.training.folds import SEED, deal, is_right
from evals.training.learn import cross_fit

METHOD = "logistic regression on {}, cross-fitted by family, one-sided 95 % Wilson bound by family"


def fit_sets(
    usecase: AnyUseCase, remote: Endpoint, cases: Labelled, answered: Sequence[Answered]
) -> Found:
    """Fit every set that is offered, keep one, and the baseline's own answers to compare with."""
    folds = deal(cases.found)
    tried = [
        fit(one, answered, folds, usecase, scorers, PRECISION_TARGET)
        for one in candidates(remote.repeats, remote.log_probabilities)
    ]
    sets = [one for one in tried if one is not None]
    if not sets:
        raise DatasetError(
            f"{remote.provider} {remote.model} gave too few usable answers to calibrate on; look"
            " with `make preflight`."
        )
    baseline = _baseline(usecase, answered, folds)
    running = (remote.repeats, remote.log_probabilities)
    name = f"{remote.provider} {remote.model}"
    return Found(name, running, sets, keep(sets), baseline, PRECISION_TARGET)


def _baseline(
    usecase: AnyUseCase, answered: Sequence[Answered], folds: Mapping[str, int]
) -> list[Judged]:
    """What the trained baseline would reach alone on the cases that chance chose."""
    names = sorted(answered[0].guess.signals)
    rows = [[one.guess.signals[name] for name in names] for one in answered]
    right = [is_right(one.example, one.guess, scorers) for one in answered]
    place = [folds[one.example.family] for one in answered]
    return [
        Judged(
            one.example.family, p, hit, not usecase.objections(one.example.input, one.guess.answer)
        )
        for one, p, hit in zip(answered, cross_fit(rows, right, place), right, strict=True)
        if one.random
    ]


def calibration(
    kept: Fitted, remote: Endpoint, usecase: AnyUseCase, cases: Labelled, target: float
) -> Calibration:
    """The calibration as the service reads it."""
    return Calibration(
        provider=remote.provider,
        model=remote.model,
        prompt_version=usecase.prompt_version,
        signals=kept.names,
        mean=kept.logistic.mean,
        scale=kept.logistic.scale,
        coefficients=kept.logistic.coefficients,
        intercept=kept.logistic.intercept,
        threshold=kept.threshold,
        precision_target=target,
        fitted_on=FittedOn(
            dataset_digest=cases.digest,
            cases=len(cases.random & {one.id for one in cases.found}),
            families=len({one.family for one in cases.found if one.id in cases.random}),
            method=METHOD.format(f"{kept.of.name} ({kept.of.settings})"),
            seed=SEED,
        ),
    )
