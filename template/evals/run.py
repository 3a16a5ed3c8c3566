"""Measures the service on a split of the cases: `python -m evals.run`.

Rows go to `build/evals/<run key>/rows.jsonl`. The key stands for cases, code, prompt, model,
weights, calibration and settings, so a run that was interrupted goes on where it stopped, and
one that measured something else starts anew. A run on the decision set is a look, which the
contract has to allow; it is counted before anything is scored.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.settings import Settings, SettingsError, load
from app.usecase import USE_CASE
from evals import dataset, evidence, rows, scorers, sets, slices
from evals.beside import standing as beside_of
from evals.digests import ROOT, subject
from evals.report import describe, write
from evals.result import RUNS, Result
from evals.rows import RowLog
from evals.runner import Decide, Scoring, execute
from evals.service import Service
from evals.summary import summarise
from poc.engine.admissible import DECISION
from poc.engine.problems import PocError


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.run", description=__doc__)
    parser.add_argument(
        "--split",
        type=sets.name,
        default="evaluation",
        help="training, evaluation, or a labelled set of your own, such as development or decision",
    )
    parser.add_argument("--repeats", type=_positive, default=1, help="runs of each case")
    parser.add_argument("--concurrency", type=_positive, default=20, help="cases at a time")
    parser.add_argument("--limit", type=_positive, help="only the first so many cases")
    parser.add_argument("--fresh", action="store_true", help="drop the rows of earlier runs")
    parser.add_argument(
        "--here", action="store_true", help="look at the decision set outside of CI all the same"
    )
    options = parser.parse_args(arguments)
    if options.split == DECISION and options.limit:
        parser.error("a look at the decision set is one at all of it; leave --limit out")
    return options


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


async def collect(
    cases: Sequence[dataset.EvalCase],
    decide: Decide,
    scoring: Scoring,
    path: Path,
    repeats: int,
    concurrency: int,
) -> list[rows.Row]:
    """Run what the log at `path` does not hold yet, and return all its rows."""
    done = {row.name for row in rows.read(path)}
    with RowLog(path) as log:
        await execute(cases, decide, scoring, log, done, repeats, concurrency)
    return rows.read(path)


async def run(
    options: argparse.Namespace,
    found: sets.Gathered,
    settings: Settings,
    folder: Path = RUNS,
    count: Callable[[Path], object] = lambda rows: None,
) -> Result:
    """Run the cases as the options say, and write rows, result and reports.

    `count` hears where the rows lie once the service stands, before anything is scored; what it
    raises ends the run.
    """
    cases = found.cases[: options.limit]
    measured = subject(found.split, found.cases, USE_CASE, settings)
    home = folder / measured.key
    service = Service(settings)
    try:
        count(home / "rows.jsonl")
        if options.fresh:
            (home / "rows.jsonl").unlink(missing_ok=True)
        kept = await collect(
            cases,
            service.decide,
            scorers,
            home / "rows.jsonl",
            options.repeats,
            options.concurrency,
        )
    finally:
        await service.aclose()
    register = dataset.load_register()
    whole = len(cases) == len(found.cases)
    result = summarise(measured, cases, kept, options.repeats, slices, register, whole)
    write(result, home)
    return result


def measure(
    options: argparse.Namespace, found: sets.Gathered, root: Path = ROOT
) -> tuple[Result, int | None]:
    """Run, and write the evidence of a whole run. Returns the result and the look's number.

    A look is counted before anything is scored, and not before the service could be started. On a
    labelled set the trained baseline is measured beside a model, as the second candidate.
    """
    settings, started = load(), datetime.now(UTC)
    runs = root / RUNS.relative_to(ROOT)
    number: int | None = None

    def count(rows: Path) -> None:
        nonlocal number
        number = sets.look(found, rows, options.fresh, root)

    sets.worth_it(found, options.here, root)
    result = asyncio.run(run(options, found, settings, runs, count))
    trained = None
    if settings.model_provider != "offline" and not found.shipped:
        offline = settings.model_copy(update={"model_provider": "offline", "model_name": ""})
        trained = asyncio.run(run(options, found, offline, runs))
        if trained.complete:
            beside = evidence.Standing(found.agreement, number)
            evidence.write(trained, found.cases, offline, started, root, beside, "baseline")
    if result.complete:  # a part of the cases must not take the place of a whole run
        stands = beside_of(found, number, result, trained, root)
        evidence.write(result, found.cases, settings, started, root, stands)
    return result, number


def main() -> int:
    """Run, print the essence and where the report is."""
    options = parse()
    try:
        result, number = measure(options, sets.gather(options.split))
    except (dataset.DatasetError, SettingsError, PocError) as error:
        print(error, file=sys.stderr)
        return 2
    if number is not None:
        print(f"Look {number} at the decision set is in governance/ledger.jsonl; commit it.")
    print(describe(result))
    print(f"The report is {RUNS / result.key / 'report.html'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
