"""What is sent to a model, and what stays here."""

import asyncio
import json
import logging
from typing import Any

import pytest

from app.gateway import RunBudget, build
from app.gateway.endpoint import endpoint

from .conftest import Configure
from .servers import KEY, ModelServer
from .usecase import CASE, INSTRUCTIONS, PERSON, YesNo
from .wire import Request


def sent(server: ModelServer, configure: Configure, provider: str, **more: object) -> Request:
    settings = configure(provider, "claude-sonnet-4-5/ok", **more)

    async def run() -> None:
        gateway = build(settings, YesNo(), RunBudget())
        await gateway.answer(CASE)
        await gateway.aclose()

    asyncio.run(run())
    (request,) = server.requests
    return request


def test_openai_gets_instructions_apart_from_the_case(
    configure: Configure, server: ModelServer
) -> None:
    request = sent(server, configure, "openai", model_max_tokens=123)
    system, user = request["messages"]
    assert (system["role"], system["content"]) == ("system", INSTRUCTIONS)
    assert (user["role"], user["content"]) == ("user", CASE.text)
    assert request["max_completion_tokens"] == 123
    assert [tool["function"]["name"] for tool in request["tools"]] == ["answer"]
    assert request["headers"][b"authorization"] == f"Bearer {KEY}".encode()


def test_anthropic_gets_instructions_apart_from_the_case(
    configure: Configure, server: ModelServer
) -> None:
    request = sent(server, configure, "anthropic", model_max_tokens=123)
    assert INSTRUCTIONS in json.dumps(request["system"])
    assert PERSON not in json.dumps(request["system"])
    (user,) = request["messages"]
    assert user["role"] == "user"
    assert [part["text"] for part in user["content"]] == [CASE.text]
    assert request["max_tokens"] == 123
    assert request["tool_choice"]["type"] in ("any", "tool")
    assert KEY.encode() in b"".join(request["headers"].values())


@pytest.mark.parametrize(
    ("provider", "place"), [("openai", "response_format"), ("anthropic", "output_config")]
)
def test_native_output_sends_the_schema_and_no_tool(
    configure: Configure, server: ModelServer, provider: str, place: str
) -> None:
    request = sent(server, configure, provider, model_output="native")
    assert "label" in json.dumps(request[place])
    assert not request.get("tools")


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
@pytest.mark.parametrize("model", ["ok", "rejected", "html", "wrong-schema"])
def test_neither_case_nor_key_is_logged_even_at_debug_level(
    configure: Configure, caplog: pytest.LogCaptureFixture, provider: str, model: str
) -> None:
    async def run() -> None:
        gateway = build(configure(provider, model), YesNo(), RunBudget())
        await gateway.answer(CASE)
        await gateway.aclose()

    with caplog.at_level(logging.DEBUG):
        asyncio.run(run())
    logged = "".join(repr(vars(record)) for record in caplog.records)
    assert "HTTP Request" in logged
    assert PERSON not in logged
    assert KEY not in logged


@pytest.mark.parametrize(
    ("provider", "variable", "default"),
    [
        ("openai", "OPENAI_BASE_URL", "https://api.openai.com/v1"),
        ("anthropic", "ANTHROPIC_BASE_URL", "https://api.anthropic.com"),
    ],
)
def test_only_our_own_setting_moves_the_address(
    configure: Configure,
    monkeypatch: pytest.MonkeyPatch,
    provider: str,
    variable: str,
    default: str,
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:1/elsewhere")
    remote = endpoint(configure(provider, "ok", model_base_url=""))
    assert remote is not None
    connected: Any = remote.connect(RunBudget())
    assert connected._provider._model.base_url.rstrip("/") == default
