"""The cap is hard: what could cost too much is not asked, by whichever process, on any day."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field
from structlog.testing import capture_logs

from app.gateway import FailureCode, Gateway, RunBudget, build
from app.gateway.metering import FRAME_TOKENS, most_tokens_in
from app.prices import money
from app.settings import Settings, SettingsError

from .behaviours import ANTHROPIC, OPENAI
from .conftest import Configure
from .pricing import entry, price_file
from .servers import KEY, ModelServer
from .spending import counted, replies
from .usecase import CASE, Note, Verdict, YesNo

pytestmark = pytest.mark.item("COST-1")

COST = Decimal("0.000078")  # of one call that is answered and counted
BOTH = ("openai", "anthropic")
ROOT = Path(__file__).parents[2]


def capped(tmp_path: Path, per_day: Decimal | float, per_request: Decimal | float = 1) -> Path:
    models = [entry("openai", name) for name in OPENAI]
    models += [entry("anthropic", name) for name in ANTHROPIC]
    caps = (float(per_day), min(float(per_request), float(per_day)))
    return price_file(tmp_path / "capped.yaml", models, *caps)


@pytest.mark.parametrize("provider", BOTH)
def test_a_call_is_counted_at_what_it_cost(configure: Configure, url: str, provider: str) -> None:
    (reply,) = replies(configure(provider, "ok"), url)
    assert (reply.cost, reply.currency) == (float(COST), "USD")
    assert counted(url) == COST


def test_a_case_that_could_cost_too_much_is_not_sent(
    configure: Configure, server: ModelServer, url: str, most: Decimal, tmp_path: Path
) -> None:
    settings = configure("openai", "ok", prices_file=capped(tmp_path, 1, most))
    longer = Note(text=CASE.text + "!")
    first, second = replies(settings, url, [CASE, longer])
    assert (first.decided_by, first.failure) == ("model", None)
    assert (second.decided_by, second.failure) == ("baseline", FailureCode.SPEND_CAP)
    assert second.answer == Verdict(label="no")
    assert (second.cost, second.currency) == (0.0, None)
    assert "caps.perRequest" in second.detail
    assert "capped.yaml" in second.detail
    assert "The baseline answered instead." in second.detail
    assert len(server.requests) == 1
    assert counted(url) == COST


def test_a_day_that_could_become_too_dear_asks_no_more(
    configure: Configure, server: ModelServer, url: str, most: Decimal, tmp_path: Path
) -> None:
    # Three answers fit on top of each other at their cost, a fourth not at its most.
    cap = most + 2 * COST
    settings = configure("openai", "ok", prices_file=capped(tmp_path, cap))
    found = replies(settings, url, [CASE] * 5)
    assert [one.decided_by for one in found] == ["model"] * 3 + ["baseline"] * 2
    assert {one.failure for one in found[3:]} == {FailureCode.SPEND_CAP}
    assert "caps.perDay" in found[3].detail
    assert money(cap, "USD") in found[3].detail
    assert "midnight UTC" in found[3].detail
    assert len(server.requests) == 3
    assert counted(url) == 3 * COST
    # A process that starts later is held to the same day, until a person raises the cap.
    assert replies(settings, url)[0].failure is FailureCode.SPEND_CAP
    raised = configure("openai", "ok", prices_file=capped(tmp_path, cap + COST))
    assert replies(raised, url)[0].decided_by == "model"


@contextmanager
def processes(
    number: int, cases: int, settings: Settings, url: str
) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes of the gateway, each ready to have its cases answered."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    environment |= {
        "APP_DATABASE_URL": url,
        "APP_PRICES_FILE": str(settings.prices_file),
        "APP_MODEL_PROVIDER": settings.model_provider,
        "APP_MODEL_NAME": settings.model_name,
        "APP_MODEL_BASE_URL": settings.model_base_url,
        "APP_MODEL_API_KEY": KEY,
    }
    command = [sys.executable, "-m", "tests.gateway.spender", str(cases)]
    started = [
        subprocess.Popen(
            command,
            cwd=settings.prices_file.parent,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(number)
    ]
    try:
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        yield started
    finally:
        for one in started:
            one.kill()
            one.communicate()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def test_processes_racing_for_the_last_of_the_cap_share_one_cap(
    configure: Configure, server: ModelServer, url: str, most: Decimal, tmp_path: Path
) -> None:
    # Calls that stay counted at their most: exactly so many fit, whoever makes them.
    prices = capped(tmp_path, 7 * most)
    settings = configure("openai", "uncounted", prices_file=prices)
    with processes(2, 7, settings, url) as racing:
        for one in racing:
            go(one)
        said = [word for one in racing for word in one.communicate()[0].split()]
    assert sorted(said) == ["model"] * 7 + ["spend_cap"] * 7
    assert len(server.requests) == 7
    assert counted(url) == 7 * most


def test_a_process_that_died_stays_counted(
    configure: Configure, server: ModelServer, url: str, most: Decimal, tmp_path: Path
) -> None:
    settings = configure("openai", "hang", prices_file=capped(tmp_path, most))
    with processes(1, 1, settings, url) as (one,):
        go(one)
        assert server.arrived.wait(30)
        one.kill()
        one.wait()
    assert counted(url) == most
    assert replies(settings, url)[0].failure is FailureCode.SPEND_CAP


def test_calls_at_once_cannot_overspend_together(
    configure: Configure, server: ModelServer, most: Decimal, tmp_path: Path
) -> None:
    settings = configure("openai", "ok", prices_file=capped(tmp_path, 3 * most))

    async def run() -> list[str]:
        gateway: Gateway = build(settings, YesNo(), RunBudget())
        found = await asyncio.gather(*(gateway.answer(CASE) for _ in range(8)))
        await gateway.aclose()
        return [one.decided_by for one in found]

    assert sorted(asyncio.run(run())) == ["baseline"] * 5 + ["model"] * 3
    assert len(server.requests) == 3


class Part(BaseModel):
    """A definition that several fields share, and that a library may write out for each."""

    name: Annotated[str, Field(description="What people call this part, in their own words.")] = ""
    kind: Literal["front", "back", "side"] = "front"


class Nested(Verdict):
    first: Part = Part()
    second: Part = Part()
    others: list[Part] = []


@pytest.mark.parametrize("answer_type", [Verdict, Nested])
@pytest.mark.parametrize("output", ["tool", "native"])
@pytest.mark.parametrize("provider", BOTH)
def test_all_that_is_sent_is_within_the_bound_it_is_priced_by(
    configure: Configure,
    server: ModelServer,
    provider: str,
    output: str,
    answer_type: type[BaseModel],
) -> None:
    usecase = YesNo()
    usecase.answer_type = answer_type
    texts = ["a", "é" * 300, "漢字" * 300, "😀" * 300]

    async def run() -> None:
        settings = configure(provider, "claude-sonnet-4-5/ok", model_output=output)
        gateway = build(settings, usecase, RunBudget())
        for text in texts:
            await gateway.answer(Note(text=text))
        await gateway.aclose()

    asyncio.run(run())
    for text, request in zip(texts, server.requests, strict=True):
        sent = {name: request[name] for name in request.keys() - {"path", "headers"}}
        size = len(json.dumps(sent, ensure_ascii=False).encode())
        bound = most_tokens_in(usecase.ask(Note(text=text)), answer_type)
        # Half of the frame is for what the provider adds on its side, which no test can see.
        assert size <= bound - FRAME_TOKENS / 2


def test_the_first_refusal_of_a_day_is_a_warning_and_the_next_is_not(
    configure: Configure, url: str, tmp_path: Path, most: Decimal
) -> None:
    settings = configure("openai", "ok", prices_file=capped(tmp_path, most + COST / 2))
    with capture_logs() as lines:
        replies(settings, url, [CASE] * 4)
    (line,) = [one for one in lines if one["event"] == "model.refused_per_day"]
    assert (line["log_level"], line["per_day"]) == ("warning", most + COST / 2)
    assert line["prices_file"] == settings.prices_file


@pytest.mark.parametrize("caps", [{}, {"perDay": 1}, {"perDay": 0, "perRequest": 0}, None])
def test_without_caps_no_model_is_started(
    configure: Configure, tmp_path: Path, caps: object
) -> None:
    path = price_file(tmp_path / "prices.yaml", [entry("openai", "ok")])
    path.write_text(json.dumps(json.loads(path.read_text()) | {"caps": caps}))
    with pytest.raises(SettingsError, match="caps"):
        build(configure("openai", "ok", prices_file=path), YesNo(), RunBudget())
