"""Trains the baseline and fits its acceptance: `python -m evals.train`.

Signals come from models that never saw the family they guess about, so acceptance promises no
more than it holds on new wording. The same cases give the same weights and calibration. With
labelled cases of your own the promise is made about those that chance chose among them.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from app.case import AnyUseCase
from app.settings import SettingsError
from app.usecase import USE_CASE
from evals import dataset, scorers, slices
from evals.digests import CALIBRATION, ROOT
from evals.service import intake
from evals.training import own
from evals.training.change import Before, changes, earlier, remember
from evals.training.curve import PATH as CURVE
from evals.training.curve import draw
from evals.training.folds import Example, Fixed, Trainer, deal, examples, fit, trainer
from evals.training.forecast import Forecast, Step, forecast, steps
from evals.training.learn import (
    Training,
    calibration,
    learn,
    read_calibrations,
    save_calibration,
    trained_on,
)
from evals.training.material import Cases, check, gather, shipped
from evals.training.train_report import Report, describe, write

PRECISION_TARGET = 0.90
BUILD = ROOT / "build" / "train"


def run(
    usecase: AnyUseCase, by: Trainer, path: Path, with_curve: bool, wanted: own.On | None
) -> str:
    """Train, calibrate, report and save; return the essence. Saves when all else has worked."""
    cases = gather(usecase, wanted)
    check(cases, learns=not isinstance(by, Fixed))
    base, found = cases.base, cases.found
    digest = dataset.digest(base.cases)
    random = {case.id for case in base.cases if case.drawn == "random"}
    promised = base.own & random if base.own else None
    training = learn(found, by, usecase, scorers, PRECISION_TARGET, promised)
    unseen = trained_on(usecase, path) == dataset.digest(shipped())
    before = earlier(usecase, cases.mine, scorers, digest, BUILD / "before.json", unseen)
    report = Report(base, training, PRECISION_TARGET, len({one.family for one in found}))
    report.kept_back = cases.kept_back
    if base.own:
        report.steps, report.forecasts = _more_labels(cases, by, training)
        _compare(report, cases, training, before)
    fit(by, found).save()
    new = calibration(training, _counted(found, promised), usecase, digest, PRECISION_TARGET)
    save_calibration(new, path)
    report.void = [
        f"{one.provider} {one.model}"
        for one in read_calibrations(path)
        if any(name.startswith("baseline.") for name in one.signals)
        and f"baseline.{usecase.baseline_digest()[:12]}" not in one.signals
    ]
    right, seen = before or ({}, [])
    learned = sorted({one.family for one in cases.mine})
    remember(
        BUILD / "before.json",
        Before(
            weights=usecase.baseline_digest(),
            dataset=digest,
            right=right,
            seen=seen,
            learned=learned,
        ),
    )
    write(report, BUILD)
    if with_curve:
        evaluation, _ = examples(dataset.load("evaluation"), intake(usecase), scorers)
        taught = [one for one in found if one.answerable]
        curve = draw(taught, evaluation, by, scorers, digest, print)
        CURVE.write_text(curve.model_dump_json(indent=1) + "\n", "utf-8")
    return f"{describe(report)}\nThe report is {BUILD.relative_to(ROOT) / 'report.html'}."


def _counted(found: Sequence[Example], promised: frozenset[str] | None) -> list[Example]:
    return [one for one in found if promised is None or one.id in promised]


def _more_labels(
    cases: Cases, by: Trainer, training: Training
) -> tuple[list[Step], list[Forecast]]:
    if isinstance(by, Fixed):
        return [], []  # it learns nothing, from however many
    folds = deal(cases.found)
    curve = steps(cases.found, cases.base.own, by, scorers, folds, training.right, print)
    now = sum(one.answerable for one in cases.mine)
    found = [forecast(curve, now, more) for more in sorted({max(now // 2, 1), now})]
    return curve, [one for one in found if one is not None]


def _compare(
    report: Report,
    cases: Cases,
    training: Training,
    before: tuple[dict[str, bool], list[str]] | None,
) -> None:
    """Compare on families the model before has not seen, on all where it has seen every one."""
    if before is None:
        return
    right, seen = before
    fresh = [one for one in cases.mine if one.family not in set(seen)]
    report.flattered = not fresh
    by_id = {case.id: case for case in cases.base.cases}
    report.changes = changes(
        [
            (one.id, one.family, [f"{k}={v}" for k, v in slices.slices(by_id[one.id]).items()])
            for one in fresh or cases.mine
        ],
        right,
        training.right,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the use case of this project."""
    parser = argparse.ArgumentParser(prog="python -m evals.train", description=__doc__)
    parser.add_argument(
        "--on", choices=get_args(own.On), help="which cases; without it the program chooses"
    )
    parser.add_argument("--curve", action="store_true", help="draw the learning curve (minutes)")
    options = parser.parse_args(arguments)
    try:
        print(run(USE_CASE, trainer(USE_CASE), CALIBRATION, options.curve, options.on))
    except (dataset.DatasetError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
