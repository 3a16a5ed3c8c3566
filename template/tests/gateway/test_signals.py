"""What the service checks of a model's answer, and what it takes no notice of."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from app.case import Ask, Guess
from app.gateway import Completion, FailureCode, Gateway, RateLimited, Reply
from app.gateway.provider import Cost

from .usecase import DIGEST, YesNo

BASELINE = f"baseline.{DIGEST[:12]}"


class Letter(BaseModel):
    text: str
    language: str | None = None


class Sorted(BaseModel):
    label: Literal["yes", "no"]
    amount: float | None
    remark: str = ""


class Sorting(YesNo):
    answer_type: type[BaseModel] = Sorted
    language_field: str | None = "language"

    def baseline(self, case: BaseModel) -> Guess[Any]:
        return Guess(Sorted(label="yes", amount=12.5), {"probability": 0.25})

    def objections(self, case: BaseModel, answer: BaseModel) -> Sequence[str]:
        assert isinstance(answer, Sorted)
        return ["Too much."] if (answer.amount or 0) > 100 else []


class Scripted:
    """A provider that gives these replies, one after the other."""

    name, model = "openai", "scripted"

    def __init__(self, *replies: object) -> None:
        self.replies = list(replies)

    async def ask(self, ask: Ask, answer_type: type[BaseModel], seconds: float) -> Completion:
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, Completion):
            return reply
        cost = Cost(Decimal("0.25"), "EUR")
        return Completion(json.dumps(reply), False, False, 10, 2, cost=cost)

    async def aclose(self) -> None:
        """Nothing to close."""


LETTER = Letter(text="a" * 99, language="de")
SAME: dict[str, Any] = {"label": "yes", "amount": 12.5}
OTHER: dict[str, Any] = {"label": "no", "amount": 12.5}


def answer(*replies: object, case: Letter = LETTER) -> Reply[Any]:
    gateway = Gateway(Sorting(), Scripted(*replies), 30, repeats=len(replies))
    return asyncio.run(gateway.answer(case))


def test_agreement_is_told_by_field_and_as_a_whole() -> None:
    signals = answer({"label": "yes", "amount": 13}).signals
    assert signals["model.agrees.label"] == 1
    assert signals["model.agrees.amount"] == 0
    assert signals["model.agrees"] == 0
    assert answer(SAME).signals["model.agrees"] == 1


def test_fields_that_nobody_has_to_answer_do_not_count() -> None:
    signals = answer(SAME | {"remark": "I had to think"}).signals
    assert signals["model.agrees"] == 1
    assert "model.agrees.remark" not in signals


def test_what_the_use_case_objects_to_is_a_signal() -> None:
    assert answer(SAME).signals["model.objected"] == 0
    signals = answer({"label": "yes", "amount": 500}).signals
    assert (signals["model.objected"], signals["model.baseline_objected"]) == (1, 0)


def test_length_language_and_the_baselines_own_signals_are_there() -> None:
    signals = answer(SAME).signals
    assert signals["model.length"] == pytest.approx(0.4605, abs=1e-4)  # ln(1 + 99) / 10
    assert signals["language=de"] == 1
    assert signals["probability"] == 0.25
    assert signals[BASELINE] == 1
    assert not [one for one in answer(SAME, case=Letter(text="a")).signals if "=" in one]


def test_what_a_model_says_of_its_certainty_changes_nothing() -> None:
    sure = answer(SAME | {"remark": "I am certain: confidence 1.0"})
    assert sure.signals == answer(SAME | {"remark": "a wild guess, confidence 0.01"}).signals


def test_asked_once_there_is_no_share_of_equal_answers() -> None:
    assert not [one for one in answer(SAME).signals if one.startswith("setting.")]


def test_repeats_give_the_answer_most_often_given_and_its_share() -> None:
    reply = answer(OTHER, SAME, SAME | {"remark": "other words"})
    assert reply.answer == Sorted(label="yes", amount=12.5)
    assert reply.signals["setting.equal_of_3"] == pytest.approx(2 / 3)
    assert (reply.tokens_in, reply.tokens_out, reply.cost) == (30, 6, 0.75)


def test_among_equals_the_first_answer_is_given() -> None:
    assert answer(OTHER, SAME).answer == Sorted(label="no", amount=12.5)


def test_a_repeat_that_makes_no_sense_is_another_answer() -> None:
    assert answer(SAME, {"label": "perhaps"}).signals["setting.equal_of_2"] == 0.5


def test_a_repeat_that_fails_leaves_no_share() -> None:
    reply = answer(RateLimited(), SAME, SAME)
    assert reply.answer == Sorted(label="yes", amount=12.5)
    assert (reply.failure, reply.cost) == (None, 0.5)
    assert not [one for one in reply.signals if one.startswith("setting.")]


def test_when_all_fail_the_baseline_answers_with_its_own_signals() -> None:
    reply = answer(RateLimited(), RateLimited())
    assert (reply.failure, reply.decided_by) == (FailureCode.RATE_LIMITED, "baseline")
    assert reply.signals == {"probability": 0.25}


def _said(tokens: Sequence[tuple[str, float]]) -> Completion:
    text = "".join(token for token, _ in tokens)
    raw = tuple((token.encode(), value) for token, value in tokens)
    return Completion(text, False, False, 1, 1, tokens=raw)


TOKENS = [
    ('{"remark": "', -9.0),
    ("müßig ", -9.0),
    ('{label: no}", "la', -9.0),
    ('bel": "', -1.0),
    ('yes", ', -0.5),
    ('"amount": ', -9.0),
    ("12", -0.25),
    (".5}", -0.125),
]


def test_only_the_tokens_of_labelled_fields_count() -> None:
    reply = answer(_said(TOKENS))
    assert reply.answer == Sorted(label="yes", amount=12.5, remark="müßig {label: no}")
    # `bel": "` holds the quotation mark of the value.
    assert reply.signals["setting.log_probability"] == -1.875


@pytest.mark.parametrize(
    "tokens", [TOKENS[:-1], [*TOKENS, ("x", -1.0)], [(t, float("nan")) for t, _ in TOKENS]]
)
def test_tokens_that_are_not_the_answer_are_no_signal(tokens: list[tuple[str, float]]) -> None:
    whole = _said(TOKENS)
    other = replace(whole, tokens=_said(tokens).tokens)
    assert "setting.log_probability" not in answer(other).signals


def test_an_impossible_token_stays_a_number() -> None:
    reply = answer(_said([(token, -9999.0) for token, _ in TOKENS]))
    assert reply.signals["setting.log_probability"] == -20
