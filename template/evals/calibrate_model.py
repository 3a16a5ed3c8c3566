"""Fits the acceptance of a hosted model: `python -m evals.calibrate_model --set development`.

Asks the model of the settings about every labelled case of the set, says before what that can
cost at most, and goes on where an earlier run stopped. Then fits signals that the service can
check, cross-fitted by family beside a baseline that never saw the family, and keeps the least
set of them. What a model says about its own certainty is not among them.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.case import AnyUseCase, Guess
from app.gateway import GatewayError, RunBudget
from app.gateway.endpoint import Endpoint, endpoint
from app.settings import Settings, SettingsError, load
from app.usecase import USE_CASE
from evals.dataset import DatasetError
from evals.digests import CALIBRATION, ROOT
from evals.hosted import answers
from evals.hosted.model_fit import calibration, fit_sets
from evals.hosted.model_report import describe, write
from evals.hosted.signal_sets import Answered
from evals.hosted.unseen import Labelled, labelled, unseen_guesses
from evals.train import BUILD, PRECISION_TARGET
from evals.training import own
from evals.training.folds import Trainer, trainer
from evals.training.learn import save_calibration
from poc.sets.manifest import DEVELOPMENT

ANSWERS = ROOT / "data" / "answers"
MISSING = 0.05  # of the cases; with more of them unanswered the rest is no fair sample


async def ask(
    usecase: AnyUseCase, remote: Endpoint, settings: Settings, cases: Labelled, path: Path
) -> GatewayError | None:
    """Say what is asked and what it can cost, then ask."""
    questions = answers.Questions.of(usecase, cases.found, settings.model_repeats)
    left = questions.open(answers.read(path))
    if not left:
        print(f"All {len(cases.found)} cases are answered already; nothing is asked.")
        return None
    tariff = remote.tariff
    most = questions.most(usecase, tariff.price, remote.max_tokens, left)
    print(
        f"Asking {remote.provider} {remote.model} about {len(left)} of {len(cases.found)} cases,"
        f" {sum(left.values())} questions. They can cost {tariff.shown(most)} at most; a run ends"
        f" at {tariff.shown(tariff.per_day)} (caps.perDay in {tariff.file}).",
        flush=True,
    )
    budget = RunBudget()
    provider = await asyncio.to_thread(remote.connect, budget)
    try:
        seconds = settings.model_timeout_seconds
        return await answers.collect(usecase, provider, budget, questions, seconds, path)
    finally:
        await provider.aclose()


def run(
    usecase: AnyUseCase, by: Trainer, settings: Settings, name: str, path: Path, sets: Path
) -> str:
    """Ask, fit, save and report; return the essence. Saves when all else has worked."""
    remote = endpoint(settings)
    if remote is None:
        raise SettingsError(
            "APP_MODEL_PROVIDER is offline, so there is no model to calibrate; `make train` fits"
            " the acceptance of the baseline."
        )
    cases = labelled(usecase, name, sets)
    guesses = unseen_guesses(usecase, by, cases.found, path)
    log = answers.place(settings, usecase, ANSWERS)
    fault = asyncio.run(ask(usecase, remote, settings, cases, log))
    answered = _answered(usecase, cases, guesses, log)
    missing = sum(len(one.said) < remote.repeats for one in answered)
    if missing > MISSING * len(answered):
        why = f" {fault}" if fault else ""
        raise DatasetError(
            f"{missing} of {len(answered)} cases have no answer of the model yet.{why} Nothing is"
            " calibrated. Run the same command again: it goes on where this run stopped."
        )
    found = fit_sets(usecase, remote, cases, answered)
    found.missing = missing
    if settings.model_logprobs and not remote.log_probabilities:
        found.notes.append(
            "APP_MODEL_LOGPROBS has no effect here: it needs APP_MODEL_PROVIDER=openai and"
            " APP_MODEL_OUTPUT=native."
        )
    save_calibration(calibration(found.kept, remote, usecase, cases, PRECISION_TARGET), path)
    write(found, BUILD)
    return f"{describe(found)}\nThe curves are {(BUILD / 'calibration.html').relative_to(ROOT)}."


def _answered(
    usecase: AnyUseCase, cases: Labelled, guesses: Sequence[Guess[Any]], log: Path
) -> list[Answered]:
    lines = answers.read(log)
    return [
        Answered(
            one,
            guess,
            answers.said(lines.get(one.id), usecase.ask(one.input)),
            one.id in cases.random,
        )
        for one, guess in zip(cases.found, guesses, strict=True)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Calibrate the model of the settings on a set of this project."""
    parser = argparse.ArgumentParser(prog="python -m evals.calibrate_model", description=__doc__)
    parser.add_argument("--set", default=DEVELOPMENT, help="the labelled set to calibrate on")
    name = parser.parse_args(arguments).set
    try:
        print(run(USE_CASE, trainer(USE_CASE), load(), name, CALIBRATION, own.SETS))
    except (DatasetError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
