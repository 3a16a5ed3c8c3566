"""The gateway itself: offline, cancelled, and with answers no server is needed for."""

import asyncio

import pytest
from pydantic import BaseModel, field_validator

from app.case import Guess, ReviewReason
from app.gateway import Completion, Gateway, Reply, RunBudget, build
from app.gateway.asking import read
from app.settings import Settings

from .conftest import Configure
from .servers import ModelServer
from .usecase import CASE, DIGEST, Note, Verdict, YesNo


def said(text: str, *, refused: bool = False, cut: bool = False) -> Completion:
    return Completion(text, refused, cut, tokens_in=1, tokens_out=1)


def test_offline_the_baseline_answers() -> None:
    gateway = build(Settings(model_provider="offline"), YesNo(), RunBudget())
    reply = asyncio.run(gateway.answer(CASE))
    assert reply.answer == Verdict(label="no")
    assert (reply.decided_by, reply.provider) == ("baseline", "offline")
    assert reply.model == f"baseline@{DIGEST[:12]}"
    assert reply.signals == {"probability": 0.25}
    assert (reply.failure, reply.refusal, reply.tokens_in, reply.tokens_out) == (None, None, 0, 0)
    assert reply.seconds > 0


def test_a_slow_baseline_does_not_hold_up_the_event_loop() -> None:
    async def run() -> str:
        loop, freed = asyncio.get_running_loop(), asyncio.Event()

        class Waiting(YesNo):
            def baseline(self, case: Note) -> Guess[Verdict]:
                # Only a free loop can set the event, and only this call asks it to.
                asyncio.run_coroutine_threadsafe(_set(freed), loop).result(timeout=10)
                return super().baseline(case)

        await Gateway(Waiting(), None, 1).answer(CASE)
        return "answered" if freed.is_set() else "blocked"

    assert asyncio.run(run()) == "answered"


async def _set(event: asyncio.Event) -> None:
    event.set()


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_cancelling_passes_through(
    configure: Configure, server: ModelServer, provider: str
) -> None:
    async def run() -> None:
        gateway = build(configure(provider, "hang"), YesNo(), RunBudget())
        task = asyncio.create_task(gateway.answer(CASE))
        assert await asyncio.to_thread(server.arrived.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await gateway.aclose()

    asyncio.run(run())


def test_one_gateway_keeps_the_tokens_of_concurrent_calls_apart(configure: Configure) -> None:
    async def run() -> list[tuple[int, int]]:
        gateway = build(configure("openai", "no-choices"), YesNo(), RunBudget())
        replies = await asyncio.gather(*(gateway.answer(CASE) for _ in range(5)))
        await gateway.aclose()
        return [(reply.tokens_in, reply.tokens_out) for reply in replies]

    assert asyncio.run(run()) == [(11, 7)] * 5


def test_broken_json_is_never_read_as_an_answer_of_defaults(configure: Configure) -> None:
    class Lenient(BaseModel):
        label: str = "no"

    class Permissive(YesNo):
        answer_type = Lenient

    async def run() -> Reply[Lenient]:
        gateway = build(configure("openai", "bad-arguments"), Permissive(), RunBudget())
        reply = await gateway.answer(CASE)
        await gateway.aclose()
        return reply

    reply = asyncio.run(run())
    assert (reply.answer, reply.refusal) == (None, ReviewReason.UNPARSEABLE)


def test_a_cut_answer_is_not_used_even_when_it_parses() -> None:
    answer, refusal, detail = read(said('{"label": "yes"}', cut=True), Verdict)
    assert (answer, refusal) == (None, ReviewReason.UNPARSEABLE)
    assert "APP_MODEL_MAX_TOKENS" in detail


def test_a_refusal_wins_over_text() -> None:
    assert read(said('{"label": "yes"}', refused=True), Verdict)[1] is ReviewReason.REFUSED


def test_a_failing_validator_of_the_use_case_sends_the_case_to_a_person() -> None:
    class Faulty(BaseModel):
        label: str

        @field_validator("label")
        @classmethod
        def _look_up(cls, label: str) -> str:
            return {"no": label}[label]

    answer, refusal, detail = read(said('{"label": "Erika"}'), Faulty)
    assert (answer, refusal) == (None, ReviewReason.UNPARSEABLE)
    assert "KeyError" in detail
    assert "Erika" not in detail


def test_completions_do_not_show_their_text() -> None:
    assert "Erika" not in repr(said("Erika"))
