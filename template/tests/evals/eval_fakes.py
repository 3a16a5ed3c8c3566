"""Synthetic cases, a use case of two words, and outcomes to build tests on."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from evals.dataset import Category, EvalCase
from evals.digests import Subject
from evals.measures import Counts
from evals.result import CaseOutcome, Result
from evals.rows import Outcome, Row, RowLog, read
from evals.runner import Scoring, execute
from evals.summary import summarise

REGISTER = {
    "messy": Category(title="Messy", expected="answered or reviewed", handled_by="intake"),
    "blank": Category(title="Blank", expected="quarantined as empty", handled_by="intake"),
}


def subject(dataset: str = "d", split: str = "evaluation") -> Subject:
    return Subject(
        split=split,
        dataset=dataset,
        provider="offline",
        model="baseline@1",
        prompt_version="p",
        weights="w",
        calibration="c",
        code="k",
        settings="s",
    )


def case(
    number: int,
    family: str | None = None,
    expected: Mapping[str, JsonValue] | None = None,
    edge: str | None = None,
    body: str = "text",
    origin: str = "synthetic",
) -> EvalCase:
    return EvalCase(
        id=f"case-{number:03}",
        family=family or f"family-{number:03}",
        origin=origin,
        tags={"language": "de" if number % 2 else "en"},
        edge=edge,
        content_type="text/plain",
        body=body,
        expected=expected or {"colour": "red"},
    )


class Scorers:
    """Right when the colour is; `shade` is a second score that decides nothing."""

    DECISIVE = "colour"

    def score(
        self, expected: Mapping[str, JsonValue], answer: Mapping[str, JsonValue] | None
    ) -> dict[str, bool]:
        if answer is None:
            return {"colour": False, "shade": False}
        return {"colour": answer["colour"] == expected["colour"], "shade": True}

    def label(self, mapping: Mapping[str, JsonValue]) -> str:
        return str(mapping["colour"])


class Slices:
    GATED: tuple[str, ...] = ("language=de",)

    def slices(self, case: EvalCase) -> dict[str, str]:
        return {"language": case.tags["language"]}


async def answer_red(case: EvalCase) -> Outcome:
    return Outcome(status="answered", answer={"colour": "red"}, acceptance=0.9, threshold=0.8)


def run(
    cases: Sequence[EvalCase],
    path: Path,
    decide: Callable[[EvalCase], Awaitable[Outcome]] = answer_red,
    scoring: Scoring | None = None,
    repeats: int = 1,
    concurrency: int = 5,
) -> list[Row]:
    async def collect() -> None:
        done = {row.name for row in read(path)}
        with RowLog(path) as log:
            await execute(cases, decide, scoring or Scorers(), log, done, repeats, concurrency)

    asyncio.run(collect())
    return read(path)


def row(number: int, right: bool = True, accepted: bool = True, repeat: int = 1) -> Row:
    return Row(
        id=f"case-{number:03}",
        repeat=repeat,
        status="answered" if accepted else "in_review",
        reason=None if accepted else "below_threshold",
        right=right,
        scores={"colour": right},
        expected_label="red",
        label="red" if right else "blue",
        acceptance=0.95 if accepted else 0.25,
        threshold=0.8,
        degraded=None,
        tokens_in=10,
        tokens_out=2,
        seconds=0.5,
        error=None,
    )


def result(
    cases: Sequence[EvalCase],
    rows: Sequence[Row],
    repeats: int = 1,
    complete: bool = True,
    of: Subject | None = None,
) -> Result:
    return summarise(of or subject(), cases, rows, repeats, Slices(), REGISTER, complete)


def outcome(
    number: int, family: str, slices: Sequence[str], right: int, accepted: int, runs: int = 1
) -> CaseOutcome:
    return CaseOutcome.model_construct(
        id=f"case-{number:03}",
        digest="same",
        family=family,
        slices=list(slices),
        counts=Counts(runs, right, accepted, min(right, accepted)),
    )
