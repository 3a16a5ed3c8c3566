"""Each way a provider can answer, against both shapes: one hit, the right outcome, no leak."""

import asyncio
import traceback

import pytest

from app.case import Ask, ReviewReason
from app.gateway import (
    BadAnswer,
    BadCredentials,
    ConnectionFault,
    GatewayError,
    Overloaded,
    QuotaExceeded,
    RateLimited,
    Rejected,
    Reply,
    RunBudget,
    ServerFault,
    Timeout,
    UnknownModel,
    build,
)
from app.gateway.endpoint import endpoint
from app.settings import Settings

from .conftest import Configure
from .servers import KEY, ModelServer, ResettingServer
from .usecase import CASE, DIGEST, INSTRUCTIONS, PERSON, Verdict, YesNo
from .wire import TOKENS_IN, TOKENS_OUT

BOTH = ("openai", "anthropic")
SHORT = 0.3

FAULTS: dict[str, tuple[type[GatewayError], float | None]] = {
    "rate-limit-7": (RateLimited, 7.0),
    "rate-limit": (RateLimited, None),
    "quota": (QuotaExceeded, None),
    "server-fault": (ServerFault, None),
    "overloaded": (Overloaded, 3.0),
    "unavailable": (Overloaded, None),
    "unauthorised": (BadCredentials, None),
    "forbidden": (BadCredentials, None),
    "unknown": (UnknownModel, None),
    "rejected": (Rejected, None),
    "too-long": (Rejected, None),
    "too-large": (Rejected, None),
    "conflict": (ServerFault, None),
    "hang": (Timeout, None),
    "drip": (Timeout, None),
    "truncated": (ConnectionFault, None),
    "html": (BadAnswer, None),
    "html-as-json": (BadAnswer, None),
    "broken-json": (BadAnswer, None),
    "null": (BadAnswer, None),
    "list": (BadAnswer, None),
    "empty-object": (BadAnswer, None),
    "no-body": (BadAnswer, None),
    "redirect": (BadAnswer, None),
}
FAULT_ROWS = [(p, m, *FAULTS[m]) for p in BOTH for m in FAULTS]
FAULT_ROWS += [("openai", "no-choices", BadAnswer, None)]

UNUSABLE = {
    "not-json": ReviewReason.UNPARSEABLE,
    "wrong-schema": ReviewReason.UNPARSEABLE,
    "two-calls": ReviewReason.UNPARSEABLE,
    "empty": ReviewReason.UNPARSEABLE,
    "length": ReviewReason.UNPARSEABLE,
    "refusal": ReviewReason.REFUSED,
}
UNUSABLE_ROWS = [(p, m, UNUSABLE[m]) for p in BOTH for m in UNUSABLE]
UNUSABLE_ROWS += [
    ("openai", "bad-arguments", ReviewReason.UNPARSEABLE),
    ("openai", "other-tool", ReviewReason.UNPARSEABLE),
    ("openai", "filter", ReviewReason.REFUSED),
]


def deadline(model: str) -> float:
    return SHORT if model in ("hang", "drip") else 30


def answer(settings: Settings) -> Reply[Verdict]:
    async def run() -> Reply[Verdict]:
        gateway = build(settings, YesNo(), RunBudget())
        try:
            return await gateway.answer(CASE)
        finally:
            await gateway.aclose()

    return asyncio.run(run())


def failure(settings: Settings) -> GatewayError:
    """The error one attempt ends with."""

    async def run() -> None:
        remote = endpoint(settings)
        assert remote is not None
        provider = remote.connect(RunBudget())
        try:
            ask = Ask(INSTRUCTIONS, CASE.text)
            await provider.ask(ask, Verdict, settings.model_timeout_seconds)
        finally:
            await provider.aclose()

    with pytest.raises(GatewayError) as caught:
        asyncio.run(run())
    return caught.value


@pytest.mark.parametrize(("provider", "model", "kind", "retry_after"), FAULT_ROWS)
def test_a_fault_is_typed_after_one_attempt_and_tells_nothing_about_the_case(
    configure: Configure,
    server: ModelServer,
    provider: str,
    model: str,
    kind: type[GatewayError],
    retry_after: float | None,
) -> None:
    error = failure(configure(provider, model, model_timeout_seconds=deadline(model)))
    assert type(error) is kind
    assert error.retry_after == retry_after
    assert len(server.requests) == 1
    shown = "".join(traceback.format_exception(error))
    assert PERSON not in shown
    assert KEY not in shown


@pytest.mark.parametrize(("provider", "model", "kind", "_"), FAULT_ROWS)
def test_a_fault_degrades_to_the_baseline(
    configure: Configure,
    server: ModelServer,
    provider: str,
    model: str,
    kind: type[GatewayError],
    _: float | None,
) -> None:
    reply = answer(configure(provider, model, model_timeout_seconds=deadline(model)))
    assert reply.answer == Verdict(label="no")
    assert (reply.decided_by, reply.provider) == ("baseline", "offline")
    assert reply.model == f"baseline@{DIGEST[:12]}"
    assert reply.failure is kind.code
    assert reply.refusal is None
    assert "baseline answered instead" in reply.detail
    assert PERSON not in reply.detail
    assert len(server.requests) == 1


@pytest.mark.parametrize(("provider", "model", "reason"), UNUSABLE_ROWS)
def test_an_unusable_answer_goes_to_a_person_and_its_tokens_count(
    configure: Configure, server: ModelServer, provider: str, model: str, reason: ReviewReason
) -> None:
    reply = answer(configure(provider, model))
    assert reply.answer is None
    assert reply.refusal is reason
    assert reply.failure is None
    assert (reply.decided_by, reply.provider, reply.model) == ("model", provider, model)
    assert (reply.tokens_in, reply.tokens_out) == (TOKENS_IN, TOKENS_OUT)
    assert reply.detail
    assert PERSON not in reply.detail
    assert len(server.requests) == 1


def test_a_content_filter_sent_as_400_is_a_refusal(
    configure: Configure, server: ModelServer
) -> None:
    reply = answer(configure("openai", "filter-400"))
    assert (reply.answer, reply.refusal) == (None, ReviewReason.REFUSED)
    assert reply.failure is None
    assert len(server.requests) == 1


def test_a_paid_reply_without_choices_counts_its_tokens(configure: Configure) -> None:
    reply = answer(configure("openai", "no-choices"))
    assert (reply.tokens_in, reply.tokens_out) == (TOKENS_IN, TOKENS_OUT)


def test_a_misfit_is_explained_without_the_models_words(configure: Configure) -> None:
    detail = answer(configure("openai", "wrong-schema")).detail
    assert "label (literal_error)" in detail
    assert "an unknown field (extra_forbidden)" in detail


def test_a_request_too_long_for_the_model_says_what_to_change(configure: Configure) -> None:
    assert "APP_INTAKE_LIMIT_CHARACTERS" in answer(configure("anthropic", "too-long")).detail


@pytest.mark.parametrize("provider", BOTH)
def test_a_reset_connection_is_a_connection_fault(configure: Configure, provider: str) -> None:
    with ResettingServer() as broken:
        error = failure(configure(provider, "ok", model_base_url=broken.address))
        assert type(error) is ConnectionFault
        assert broken.hits == 1


@pytest.mark.parametrize("provider", BOTH)
@pytest.mark.parametrize("output", ["tool", "native"])
@pytest.mark.parametrize("model", ["ok", "text-only"])
def test_a_valid_answer_is_the_models(
    configure: Configure, server: ModelServer, provider: str, output: str, model: str
) -> None:
    model = f"claude-sonnet-4-5/{model}" if provider == "anthropic" else model
    reply = answer(configure(provider, model, model_output=output))
    assert reply.answer == Verdict(label="yes", remark="it says so")
    assert (reply.decided_by, reply.provider, reply.model) == ("model", provider, model)
    assert (reply.failure, reply.refusal, reply.detail) == (None, None, "")
    assert reply.signals["probability"] == 0.25
    assert reply.signals["model.agrees"] == 0.0
    assert (reply.tokens_in, reply.tokens_out) == (TOKENS_IN, TOKENS_OUT)
    assert reply.seconds > 0
    assert len(server.requests) == 1


def test_a_model_without_native_output_says_which_setting_to_change(
    configure: Configure, server: ModelServer
) -> None:
    error = failure(configure("anthropic", "claude-2/ok", model_output="native"))
    assert type(error) is Rejected
    assert "APP_MODEL_OUTPUT=tool" in str(error)
    assert server.requests == []
