"""Compares the newest result with the stored baseline: `python -m evals.gate`.

Ends with 0 when nothing got worse, 1 on a regression, 2 when that cannot be decided; says which
and what to do. `--accept` stores the newest result as the new baseline instead. What it decided is
recorded for the checklist in `build/evidence/eval-gate.json`.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from app import settings
from app.usecase import USE_CASE
from evals import dataset, slices
from evals.compare import Comparison, Pairing, compare, pair
from evals.digests import ROOT, Subject, subject
from evals.evidence import environment
from evals.measures import Measures
from evals.result import RUNS, CaseOutcome, Result, newest
from poc.engine import digest, evidence
from poc.engine.situation import situation

PASS, REGRESSION, UNDECIDED = 0, 1, 2
ITEM = "EVAL-1"
OUTCOMES: dict[int, Literal["pass", "fail", "unknown"]] = {
    PASS: "pass",
    REGRESSION: "fail",
    UNDECIDED: "unknown",
}
MIN_PAIRED = 0.5  # of the baseline's cases: fewer say little about the whole
SPLIT = "evaluation"
BASELINE = ROOT / "evals" / "baseline.json"
AGAIN = "run `make evals`"


class CannotDecide(Exception):
    """There is nothing to compare; the message says what to do."""


class Baseline(BaseModel):
    """`evals/baseline.json`: what later results are held against."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: Subject
    finished_at: str
    whole: Measures
    outcomes: list[CaseOutcome]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate found, worst first."""

    pairing: Pairing
    comparisons: Sequence[Comparison]

    @property
    def regressions(self) -> list[Comparison]:
        """The drops that chance does not explain."""
        return [one for one in self.comparisons if one.regression]


def usable(result: Result | None, key: str, gated: Sequence[str]) -> Result:
    """The result, if it is whole and measured what is here now. Raises `CannotDecide` if not."""
    if result is None:
        raise CannotDecide(f"There is no result yet; {AGAIN}.")
    if result.key != key:
        raise CannotDecide(
            f"The newest result measured other code, cases or settings than these; {AGAIN}."
        )
    if not result.complete:
        raise CannotDecide(f"The newest run is incomplete; {AGAIN} without --limit, it goes on.")
    named = {one.name: one.cases for one in result.slices if one.gated}
    if set(named) != set(gated):
        raise CannotDecide(f"GATED in evals/slices.py was changed; {AGAIN}, it keeps its rows.")
    empty = sorted(name for name, cases in named.items() if not cases)
    if empty:
        raise CannotDecide(f"No case is in {', '.join(empty)}; correct GATED in evals/slices.py.")
    return result


def decide(baseline: Baseline, result: Result) -> Verdict:
    """Compare a usable result with the baseline. Raises `CannotDecide` if too few cases pair."""
    pairing = pair(baseline.outcomes, result.outcomes)
    paired, stored = len(pairing.outcomes), len(baseline.outcomes)
    if paired < MIN_PAIRED * stored or not paired:
        raise CannotDecide(
            f"Only {paired} of the baseline's {stored} cases are still the same; look at the"
            " report, then store it with `make evals-accept`."
        )
    gated = [one.name for one in result.slices if one.gated]
    return Verdict(pairing, compare(pairing, gated))


def load_baseline(path: Path) -> Baseline:
    """Read the baseline. Raises `CannotDecide` when there is none or it is damaged."""
    accept = "look at the report, then store it with `make evals-accept`"
    if not path.exists():
        raise CannotDecide(f"There is no baseline yet; {accept}.")
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except ValidationError:
        raise CannotDecide(f"{path} is damaged; restore it, or {accept}.") from None


def save_baseline(result: Result, path: Path) -> None:
    """Store a result as the baseline, one case a line, so that a change can be read."""
    baseline = Baseline(
        subject=result.subject,
        finished_at=result.finished_at,
        whole=result.whole,
        outcomes=result.outcomes,
    )
    head = baseline.model_dump_json(exclude={"outcomes"})[:-1]
    lines = ",\n".join(one.model_dump_json() for one in baseline.outcomes)
    path.write_text(f'{head},\n"outcomes":[\n{lines}\n]}}\n', "utf-8")


def explain(verdict: Verdict) -> str:
    """The verdict in lines for a terminal: what decides first, then what is only reported."""
    pairing, found = verdict.pairing, verdict.comparisons
    lines = [
        f"{len(pairing.outcomes)} unchanged cases compared;"
        f" {pairing.new} new, {pairing.gone} gone, {pairing.changed} changed."
    ]
    lines += [_line(one) for one in found if one.gated]
    others = [one for one in found if not one.gated and one.before != one.now]
    lines += ["Reported only:", *(_line(one) for one in others)] if others else []
    if verdict.regressions:
        lines.append("REGRESSION: repair it, or store it with `make evals-accept`.")
    else:
        lines.append("PASS: no drop that chance does not explain.")
    return "\n".join(lines)


def changes(before: Subject, now: Subject) -> list[str]:
    """Which parts of what is measured differ, by name."""
    old, new = before.model_dump(), now.model_dump()
    return [f"{name}: {old[name]} -> {new[name]}" for name in old if old[name] != new[name]]


def _line(one: Comparison) -> str:
    if one.before is None or one.now is None:
        return f"  {one.part}, {one.measure}: nothing was accepted in one of both runs"
    text = f"  {one.part}, {one.measure}: {one.before:.1%} -> {one.now:.1%}"
    if one.interval is not None:
        low, high = one.interval
        text += f", change {one.now - one.before:+.1%} ({low:+.1%} to {high:+.1%})"
        text += f", p {one.p_value:.4f}"
    return text + ("  REGRESSION" if one.regression else "")


def _accept(result: Result, path: Path) -> str:
    try:
        old = load_baseline(path)
    except CannotDecide:
        save_baseline(result, path)
        return f"Stored as the first baseline: {len(result.outcomes)} cases."
    save_baseline(result, path)
    try:
        verdict = explain(decide(old, result)).rpartition("\n")[0]
    except CannotDecide:
        verdict = "Too few cases are unchanged for a comparison."
    return "\n".join(
        ["Stored as the new baseline.", *changes(old.subject, result.subject), verdict]
    )


def run(accept: bool, key: str, gated: Sequence[str], runs: Path, path: Path) -> tuple[int, str]:
    """Decide or store, and return the exit code with what to print."""
    try:
        result = usable(newest(runs, SPLIT), key, gated)
        if accept:
            return PASS, _accept(result, path)
        verdict = decide(load_baseline(path), result)
    except (CannotDecide, ValueError) as error:
        return UNDECIDED, f"CANNOT DECIDE: {error}"
    return (REGRESSION if verdict.regressions else PASS), explain(verdict)


def record(
    code: int, text: str, chosen: settings.Settings, started: datetime, root: Path = ROOT
) -> Path:
    """Write what was decided to `build/evidence/eval-gate.json`, for the checklist."""
    where = situation(root)
    offline = chosen.model_provider == "offline"
    predicate = evidence.Predicate(
        name="eval-gate",
        started_on=started,
        finished_on=where.now,
        environment=environment(chosen),
        provider=chosen.model_provider,
        model="" if offline else chosen.model_name,
        run=where.run,
        dirty=where.dirty,
        behaviour=digest.behaviour(root),
        items=[evidence.ItemOutcome(item=ITEM, outcome=OUTCOMES[code], detail=_sentence(text))],
    )
    return evidence.write(root, predicate, where.commit)


def _sentence(text: str) -> str:
    worse = [line for line in text.splitlines() if line.endswith("  REGRESSION")]
    if worse:
        return f"Worse: {worse[0].strip().removesuffix('  REGRESSION')}."
    return text.splitlines()[0].removeprefix("CANNOT DECIDE: ")


def main(arguments: Sequence[str] | None = None) -> int:
    """Decide, or store with `--accept`; print why."""
    parser = argparse.ArgumentParser(prog="python -m evals.gate", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="store the newest result instead")
    options = parser.parse_args(arguments)
    started = datetime.now(UTC)
    try:
        chosen = settings.load()
        key = subject(SPLIT, dataset.load(SPLIT), USE_CASE, chosen).key
    except (dataset.DatasetError, settings.SettingsError, OSError) as error:
        print(f"CANNOT DECIDE: {error}", file=sys.stderr)
        return UNDECIDED
    code, text = run(options.accept, key, slices.GATED, RUNS, BASELINE)
    print(text)
    if not options.accept:
        try:
            record(code, text, chosen, started)
        except OSError as error:
            print(f"Not recorded: {error.filename}: {error.strerror}.", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
