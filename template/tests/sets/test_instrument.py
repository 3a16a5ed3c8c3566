"""EVAL-3: a scorer that follows nobody, a service no better than a guess, and a model run once."""

from collections.abc import Mapping

import pytest
from pydantic import JsonValue

from evals.dataset import EvalCase
from evals.instrument import examine
from evals.result import Result
from evals.rows import Row
from evals.summary import summarise
from tests.evals.eval_fakes import REGISTER, Scorers, Slices, case, subject

Value = Mapping[str, JsonValue]
COLOURS = ("red", "red", "blue", "green")


def cases() -> list[EvalCase]:
    return [case(i, expected={"colour": COLOURS[i % 4]}) for i in range(40)]


def result(right: float = 1.0, provider: str = "offline", repeats: int = 1) -> Result:
    found = cases()
    rows = [
        Row(
            id=one.id,
            repeat=repeat,
            status="answered",
            reason=None,
            right=i < right * len(found),
            scores={},
            expected_label="",
            label="same",
            acceptance=None,
            threshold=None,
            degraded=None,
            tokens_in=0,
            tokens_out=0,
            seconds=0.0,
            error=None,
        )
        for i, one in enumerate(found)
        for repeat in range(1, repeats + 1)
    ]
    about = subject(split="decision").model_copy(update={"provider": provider})
    return summarise(about, found, rows, repeats, Slices(), REGISTER, True)


def test_scorers_that_follow_people_pass() -> None:
    said = examine(cases(), result(), Scorers())
    assert said.outcome == "pass"
    assert "follow people's labels on 40 cases" in said.detail
    assert "against 50% by the most common label" in said.detail


class Yes(Scorers):
    def score(self, expected: Value, answer: Value | None) -> dict[str, bool]:
        return {"colour": True}


class No(Scorers):
    def score(self, expected: Value, answer: Value | None) -> dict[str, bool]:
        return {"colour": False}


class Broken(Scorers):
    def score(self, expected: Value, answer: Value | None) -> dict[str, bool]:
        raise KeyError("colour")


@pytest.mark.parametrize(
    ("scorers", "told"),
    [
        (Yes(), "accepts the label of another case in 40 of 40 cases: it says yes"),
        (No(), "calls people's own label wrong in 40 of 40 cases"),
        (Broken(), "ends with KeyError"),
    ],
)
def test_a_scorer_that_follows_nobody_fails(scorers: Scorers, told: str) -> None:
    said = examine(cases(), result(), scorers)
    assert said.outcome == "fail"
    assert told in said.detail


def test_a_service_no_better_than_the_most_common_label_fails() -> None:
    said = examine(cases(), result(right=0.55), Scorers())
    assert said.outcome == "fail"
    assert "right in 50% of the cases" in said.detail


def test_a_model_has_to_be_run_more_than_once() -> None:
    assert examine(cases(), result(provider="openai"), Scorers()).outcome == "unknown"
    said = examine(cases(), result(provider="openai", repeats=3), Scorers())
    assert said.outcome == "pass"
    assert "100% the same when run again" in said.detail


def test_one_label_alone_shows_nothing() -> None:
    same = [case(i, expected={"colour": "red"}) for i in range(40)]
    said = examine(same, result(), Scorers())
    assert (said.outcome, "nothing shows that the scorers can say no" in said.detail) == (
        "fail",
        True,
    )
