"""Repeats and log-probabilities over the wire: when they are asked for, and what they may cost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.gateway import FailureCode, Reply
from app.settings import Settings, SettingsError

from . import wire
from .conftest import Configure
from .pricing import entry, price_file
from .servers import KEY, ModelServer
from .test_contract import answer


def native(configure: Configure, provider: str = "openai", **more: object) -> Reply[Any]:
    model = "sure" if provider == "openai" else "claude-sonnet-4-5/ok"
    values = {"model_output": "native", "model_logprobs": True} | more
    return answer(configure(provider, model, **values))


@pytest.fixture
def sure(tmp_path: Path) -> Iterator[Configure]:
    """Settings for a server that gives log-probabilities whenever it is asked for them."""

    def behaviour(request: wire.Request) -> wire.Wire:
        reply = wire.openai_answer(request, {"label": "yes"})
        return wire.with_log_probabilities(reply, -0.5) if request.get("logprobs") else reply

    prices = price_file(
        tmp_path / "p.yaml", [entry("openai", "sure"), entry("anthropic", "claude-sonnet-4-5/ok")]
    )
    with ModelServer({"sure": behaviour}) as server:

        def settings(provider: str, model: str, **more: object) -> Settings:
            values: dict[str, Any] = {
                "model_provider": provider,
                "model_name": model,
                "model_base_url": server.address(provider),
                "model_api_key": KEY,
                "prices_file": prices,
            }
            return Settings(**(values | more))

        yield settings


def test_a_provider_that_offers_them_gives_log_probabilities(sure: Configure) -> None:
    # Cut into threes, `{"label": "yes"}` has two tokens with a part of the value in them.
    assert native(sure).signals["setting.log_probability"] == -1.0


@pytest.mark.parametrize(
    "more", [{"model_logprobs": False}, {"model_output": "tool"}, {"provider": "anthropic"}]
)
def test_elsewhere_they_are_neither_asked_for_nor_there(
    sure: Configure, more: dict[str, Any]
) -> None:
    reply = native(sure, **more)
    assert reply.decided_by == "model"
    assert not [one for one in reply.signals if one.startswith("setting.")]


def test_the_cap_of_a_case_holds_for_all_its_repeats(
    configure: Configure, server: ModelServer, tmp_path: Path
) -> None:
    prices = price_file(tmp_path / "p.yaml", [entry("openai", "ok")], per_request=0.02)

    def reply(repeats: int) -> Reply[Any]:
        return answer(configure("openai", "ok", prices_file=prices, model_repeats=repeats))

    assert reply(1).failure is None
    server.forget()
    refused = reply(2)
    assert refused.failure == FailureCode.SPEND_CAP
    assert "APP_MODEL_REPEATS" in refused.detail
    assert server.requests == []
    with pytest.raises(SettingsError, match=r"800 tokens 4 times \(APP_MODEL_REPEATS\)"):
        reply(4)
