"""What a call is said and counted to have cost, however it ended."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.errors import ServiceError, Unavailable
from app.gateway import Completion, Gateway, RunBudget, Timeout, build, start
from app.gateway.metering import Metered
from app.gateway.tariff import load
from app.gateway.watch import utc_now
from app.records import open_records
from app.settings import Settings

from .conftest import Configure
from .pricing import entry, price_file
from .servers import ModelServer
from .spending import Scripted, counted, replies
from .usecase import CASE, YesNo

pytestmark = pytest.mark.item("COST-1")

COST = Decimal("0.000078")  # 11 in, 7 out
CACHED_COST = Decimal("0.000070")  # 3 in, 6 from a cache, 2 into it, 7 out
SHORT = 0.3
ANSWER = Completion('{"label": "yes"}', False, False, 11, 7)


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_cached_tokens_have_their_own_price(configure: Configure, url: str, provider: str) -> None:
    (reply,) = replies(configure(provider, "cached"), url)
    assert (reply.decided_by, reply.tokens_in) == ("model", 11)
    assert reply.cost == float(CACHED_COST)
    assert counted(url) == CACHED_COST


@pytest.mark.parametrize(
    ("model", "cost"),
    [
        ("no-choices", COST),
        ("cached-no-choices", CACHED_COST),
        ("not-json", COST),
        ("refusal", COST),
        ("length", COST),
    ],
)
def test_a_failed_attempt_that_used_tokens_costs_them(
    configure: Configure, url: str, model: str, cost: Decimal
) -> None:
    (reply,) = replies(configure("openai", model), url)
    assert reply.failure or reply.refusal
    assert (reply.cost, reply.currency) == (float(cost), "USD")
    assert counted(url) == cost


TURNED_AWAY = ["rate-limit", "quota", "overloaded", "unauthorised", "unknown", "rejected"]


@pytest.mark.parametrize("model", TURNED_AWAY)
def test_what_a_provider_turns_away_costs_nothing(
    configure: Configure, server: ModelServer, url: str, model: str
) -> None:
    (reply,) = replies(configure("openai", model), url)
    assert len(server.requests) == 1
    assert reply.failure
    assert (reply.cost, reply.currency) == (0.0, "USD")
    assert counted(url) == 0


UNKNOWN = ["hang", "drip", "truncated", "server-fault", "html", "uncounted", "filter-400"]


@pytest.mark.parametrize("model", UNKNOWN)
def test_what_nobody_knows_stays_counted_at_its_most(
    configure: Configure, url: str, most: Decimal, model: str
) -> None:
    seconds = SHORT if model in ("hang", "drip") else 30
    (reply,) = replies(configure("openai", model, model_timeout_seconds=seconds), url)
    assert (reply.cost, reply.currency) == (float(most), "USD")
    assert counted(url) == most


def test_a_cancelled_call_stays_counted_at_its_most(
    configure: Configure, server: ModelServer, url: str, most: Decimal
) -> None:
    async def run() -> None:
        with closing(open_records(url)) as records:
            gateway = await start(configure("openai", "hang"), YesNo(), records)
            async with aclosing(gateway):
                task = asyncio.create_task(gateway.answer(CASE))
                assert await asyncio.to_thread(server.arrived.wait, 30)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task

    asyncio.run(run())
    assert counted(url) == most


class Unreachable(RunBudget):
    """Cannot be asked; `settles` is whether it could still be asked before the call."""

    def __init__(self, settles: bool) -> None:
        super().__init__()
        self._settles = settles

    async def reserve_spend(
        self, day: date, currency: str, amount: Decimal, cap: Decimal
    ) -> Decimal | None:
        if self._settles:
            return await super().reserve_spend(day, currency, amount, cap)
        raise Unavailable

    async def settle_spend(
        self, day: date, currency: str, reserved: Decimal, cost: Decimal
    ) -> Decimal:
        raise Unavailable


def asked_with(settings: Settings, budget: RunBudget) -> tuple[str, float]:
    async def run() -> tuple[str, float]:
        async with aclosing(build(settings, YesNo(), budget)) as gateway:
            reply = await gateway.answer(CASE)
        return reply.decided_by, reply.cost

    return asyncio.run(run())


def test_without_its_budget_no_model_is_asked(configure: Configure, server: ModelServer) -> None:
    with pytest.raises(ServiceError):
        asked_with(configure("openai", "ok"), Unreachable(settles=False))
    assert server.requests == []


def test_an_answer_that_is_paid_for_is_not_lost_with_the_budget(configure: Configure) -> None:
    with capture_logs() as lines:
        answered = asked_with(configure("openai", "ok"), Unreachable(settles=True))
    assert answered == ("model", float(COST))
    assert [line["event"] for line in lines] == ["model.spend_unsettled"]


def test_offline_costs_nothing_and_asks_no_budget() -> None:
    settings = Settings(model_provider="offline", prices_file=Path("nowhere.yaml"))
    assert asked_with(settings, Unreachable(settles=False)) == ("baseline", 0.0)


def test_a_server_without_a_price_asks_no_budget(configure: Configure, tmp_path: Path) -> None:
    free = entry("openai", "ok", inPerM=0, cachedInPerM=0, cacheWriteInPerM=0, outPerM=0)
    path = price_file(tmp_path / "prices.yaml", [free])
    settings = configure("openai", "ok", prices_file=path)
    assert asked_with(settings, Unreachable(settles=False)) == ("model", 0.0)


def metered(
    path: Path, budget: RunBudget, does: Scripted, clock: Callable[[], datetime] = utc_now
) -> Gateway:
    tariff = load(path, "openai", "m", 800)
    return Gateway(YesNo(), Metered(does, tariff, budget, 800, clock), 1)


def test_a_new_day_begins_at_midnight_utc(tmp_path: Path) -> None:
    evening = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
    night = datetime(2026, 3, 2, 0, 0, 1, tzinfo=UTC)
    moments = [evening, evening]
    # One call at its most fits into a day.
    path = price_file(tmp_path / "prices.yaml", [entry("openai", "m")], 0.011, 0.011)
    budget, model = RunBudget(), Scripted(Timeout(), ANSWER, ANSWER)
    gateway = metered(path, budget, model, lambda: moments[-1])

    async def run() -> list[str]:
        late = await gateway.answer(CASE)
        refused = await gateway.answer(CASE)
        moments.append(night)
        return [str(one.failure) for one in (late, refused, await gateway.answer(CASE))]

    assert asyncio.run(run()) == ["timeout", "spend_cap", "None"]
    assert asyncio.run(budget.spent(night.date(), "USD")) == COST
    assert asyncio.run(budget.spent(evening.date(), "USD")) > COST


def test_a_call_over_midnight_belongs_to_the_day_it_began(tmp_path: Path) -> None:
    moments = [datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)]

    class Slow(Scripted):
        async def ask(
            self, ask: object, answer_type: object, deadline_seconds: float
        ) -> Completion:
            moments.append(datetime(2026, 3, 2, 0, 0, 1, tzinfo=UTC))
            return ANSWER

    budget = RunBudget()
    path = price_file(tmp_path / "prices.yaml", [entry("openai", "m")])
    asyncio.run(metered(path, budget, Slow(), lambda: moments[-1]).answer(CASE))
    assert asyncio.run(budget.spent(date(2026, 3, 1), "USD")) == COST
    assert asyncio.run(budget.spent(date(2026, 3, 2), "USD")) == 0


def test_a_call_that_cost_more_than_its_bound_counts_in_full_and_warns(tmp_path: Path) -> None:
    budget, path = RunBudget(), price_file(tmp_path / "prices.yaml", [entry("openai", "m")])
    verbose = Completion('{"label": "yes"}', False, False, 11, 50_000)
    with capture_logs() as lines:
        reply = asyncio.run(metered(path, budget, Scripted(verbose)).answer(CASE))
    assert reply.cost == pytest.approx((11 * 2 + 50_000 * 8) / 1e6)
    assert [line["event"] for line in lines] == ["model.cost_above_bound"]
    spent = asyncio.run(budget.spent(utc_now().date(), "USD"))
    assert float(spent) == reply.cost
