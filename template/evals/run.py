"""Measures the service on a split of the cases: `python -m evals.run`.

Rows go to `build/evals/<run key>/rows.jsonl`. The key stands for cases, code, prompt, model,
weights, calibration and settings, so a run that was interrupted goes on where it stopped, and
one that measured something else starts anew.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.settings import SettingsError, load
from app.usecase import USE_CASE
from evals import dataset, evidence, rows, scorers, slices
from evals.digests import subject
from evals.report import describe, write
from evals.result import RUNS, Result
from evals.rows import RowLog
from evals.runner import Decide, Scoring, execute
from evals.service import Service
from evals.summary import summarise


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.run", description=__doc__)
    parser.add_argument("--split", choices=dataset.SPLITS, default="evaluation")
    parser.add_argument("--repeats", type=_positive, default=1, help="runs of each case")
    parser.add_argument("--concurrency", type=_positive, default=20, help="cases at a time")
    parser.add_argument("--limit", type=_positive, help="only the first so many cases")
    parser.add_argument("--fresh", action="store_true", help="drop the rows of earlier runs")
    return parser.parse_args(arguments)


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


async def run(options: argparse.Namespace, folder: Path = RUNS) -> Result:
    """Run the cases as the options say, and write rows, result and reports."""
    settings = load()
    everything = dataset.load(options.split)
    cases = everything[: options.limit]
    measured = subject(options.split, everything, USE_CASE, settings)
    home = folder / measured.key
    if options.fresh:
        (home / "rows.jsonl").unlink(missing_ok=True)
    service = Service(settings)
    try:
        found = await collect(
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
    whole = len(cases) == len(everything)
    result = summarise(measured, cases, found, options.repeats, slices, register, whole)
    write(result, home)
    return result


def main() -> int:
    """Run, print the essence and where the report is."""
    options, started = parse(), datetime.now(UTC)
    try:
        result = asyncio.run(run(options))
        if result.complete:  # a part of the cases must not take the place of a whole run
            evidence.write(result, dataset.load(options.split), load(), started)
    except (dataset.DatasetError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 2
    print(describe(result))
    print(f"The report is {RUNS / result.key / 'report.html'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
