"""Runs cases through the service and scores what comes out; an error is a wrong answer."""

import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, cast

from pydantic import JsonValue
from pydantic_evals import Case, Dataset
from pydantic_evals.evaluators import Evaluator, EvaluatorContext
from pydantic_evals.lifecycle import CaseLifecycle
from pydantic_evals.reporting import ReportCase, ReportCaseFailure

from evals.dataset import EvalCase
from evals.rows import NotMeasured, Outcome, Row, RowLog

QUIET_SECONDS = 2.0
NO_ANSWER = "(no answer)"
QUARANTINED = "(quarantined)"
NO_LABEL = "(no label)"
NOTHING = Outcome(status="failed")
LEFT = (
    "The spending cap of the day (caps.perDay) is reached; the cases left are not measured."
    " Run the same command again, then or with a higher cap: it goes on where this run stops."
)

Decide = Callable[[EvalCase], Awaitable[Outcome]]
Plan = Case[EvalCase, Outcome, int]
Result = ReportCase[EvalCase, Outcome, int] | ReportCaseFailure[EvalCase, Outcome, int]


class Scoring(Protocol):
    """What `evals/scorers.py` offers: scores by name, the one that decides, and a label."""

    DECISIVE: str

    def score(
        self, expected: Mapping[str, JsonValue], answer: Mapping[str, JsonValue] | None
    ) -> dict[str, bool]:
        """Judge an answer, or the lack of one."""
        ...

    def label(self, mapping: Mapping[str, JsonValue]) -> str:
        """The class that an expected or given answer belongs to."""
        ...


@dataclass
class Scorer(Evaluator[EvalCase, Outcome, int]):
    """Scores answers with the team's scorers, and quarantine by its reason."""

    scoring: Any

    def evaluate(self, ctx: EvaluatorContext[EvalCase, Outcome, int]) -> dict[str, bool]:
        """Scores by name. Raises whatever the scorers raise; the row then counts as wrong."""
        case, outcome = ctx.inputs, ctx.output
        decisive: str = self.scoring.DECISIVE
        if case.quarantine is not None:
            return {decisive: outcome.status == "quarantined" and outcome.reason == case.quarantine}
        return dict(cast(Scoring, self.scoring).score(case.expected, outcome.answer))


class Save(CaseLifecycle[EvalCase, Outcome, int]):
    """Writes each row as soon as its case is through, so that a killed run can go on."""

    def __init__(self, scoring: Scoring, log: RowLog, progress: "Progress", case: Plan) -> None:
        super().__init__(case)
        self._scoring, self._log, self._progress = scoring, log, progress

    async def teardown(self, result: Result | None) -> None:
        """Log the result; None means that the run was interrupted, and nothing is known."""
        if result is None:
            return
        if isinstance(result, ReportCaseFailure) and _kind(result) == NotMeasured.__name__:
            self._progress.leave()
            return
        self._log.write(make_row(result, self._scoring))
        self._progress.advance()


class Progress:
    """Says on stderr how far a run is, once it has taken longer than two seconds.

    And, once, that the rest of the cases is left to a later run.
    """

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._total, self._done, self._clock = total, 0, clock
        self._left = False
        self._last = clock()

    def leave(self) -> None:
        """One more is not measured."""
        if not self._left:
            self._left = True
            print(LEFT, file=sys.stderr, flush=True)

    def advance(self) -> None:
        """One more is through."""
        self._done += 1
        if self._clock() - self._last >= QUIET_SECONDS:
            self._last = self._clock()
            print(f"{self._done} of {self._total} cases", file=sys.stderr, flush=True)


def execute(
    cases: Sequence[EvalCase],
    decide: Decide,
    scoring: Scoring,
    log: RowLog,
    done: AbstractSet[str],
    repeats: int,
    concurrency: int,
) -> Awaitable[object]:
    """Run every case `repeats` times but for the names in `done`; the rows land in `log`."""
    plan = [
        Plan(name=name, inputs=case, metadata=repeat)
        for repeat in range(1, repeats + 1)
        for case in cases
        if (name := f"{case.id}#{repeat}") not in done
    ]
    dataset = Dataset[EvalCase, Outcome, int](
        name="cases", cases=plan, evaluators=[Scorer(scoring)]
    )
    return dataset.evaluate(
        decide,
        task_name="decide",
        max_concurrency=concurrency,
        progress=False,
        lifecycle=partial(Save, scoring, log, Progress(len(plan))),
    )


def make_row(result: Result, scoring: Scoring) -> Row:
    """Make a row of a result: without a decisive score it is wrong, whatever else is known."""
    case, outcome, scores, seconds = result.inputs, NOTHING, dict[str, bool](), 0.0
    if isinstance(result, ReportCase):
        outcome, seconds = result.output, result.task_duration
        scores = {name: bool(one.value) for name, one in result.assertions.items()}
    error, labels = _error(result, scoring.DECISIVE), (NO_LABEL, NO_LABEL)
    try:
        labels = _labels(case, outcome, scoring)
    except Exception as fault:
        error = error or f"label: {type(fault).__name__}"
    return Row(
        id=case.id,
        repeat=result.metadata or 1,
        right=error is None and scores[scoring.DECISIVE],
        scores=scores,
        expected_label=labels[0],
        label=labels[1],
        seconds=seconds,
        error=error,
        **outcome.model_dump(exclude={"answer"}),
    )


def _error(result: Result, decisive: str) -> str | None:
    """What went wrong, by exception type only: a message may hold personal data."""
    if isinstance(result, ReportCaseFailure):
        return f"service: {_kind(result)}"
    if result.evaluator_failures:
        return f"scorer: {result.evaluator_failures[0].error_type}"
    return None if decisive in result.assertions else f"scorer: no yes or no for {decisive}"


def _kind(failure: ReportCaseFailure[EvalCase, Outcome, int]) -> str:
    return failure.error_message.partition(":")[0]


def _labels(case: EvalCase, outcome: Outcome, scoring: Scoring) -> tuple[str, str]:
    expected = QUARANTINED if case.quarantine is not None else scoring.label(case.expected)
    if outcome.status == "quarantined":
        return expected, QUARANTINED
    return expected, NO_ANSWER if outcome.answer is None else scoring.label(outcome.answer)
