"""Prices every call before it is made, keeps it within the caps, and counts what it cost.

The most a call can cost is set aside in the budget before anything is sent, and the real cost
put in its place afterwards. Where that stays unknown (no reply in time, a connection that broke,
a caller that left, a process that died, a provider that does not count), the most stays counted.
"""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NoReturn

from pydantic import BaseModel

from app.case import Ask
from app.errors import ServiceError
from app.gateway.budget import Budget
from app.gateway.errors import GatewayError, SpendCapReached
from app.gateway.provider import Completion, Cost, Provider
from app.gateway.tariff import Tariff
from app.gateway.watch import Clock, Watch, utc_now
from app.telemetry.logs import get_logger

# Providers add words of their own: the frame of each message, some hundred for a tool.
FRAME_TOKENS = 1024
# Libraries and providers write a schema out at more length than it has here.
SCHEMA_FACTOR = 2


def most_tokens_in(ask: Ask, answer_type: type[BaseModel]) -> int:
    """An upper bound of a question's tokens: its bytes, as no token is shorter than one."""
    texts = (ask.instructions + ask.content).encode("utf-8", "surrogatepass")
    schema = json.dumps(answer_type.model_json_schema())
    return len(texts) + SCHEMA_FACTOR * len(schema) + FRAME_TOKENS


class Metered:
    """A `Provider` around another, and the only way to it.

    Each case is asked about `repeats` times; caps.perRequest holds for all of these together.
    """

    def __init__(
        self,
        provider: Provider,
        tariff: Tariff,
        budget: Budget,
        max_tokens: int,
        clock: Clock = utc_now,
        repeats: int = 1,
    ) -> None:
        self.name = provider.name
        self.model = provider.model
        self.tariff = tariff
        self._provider = provider
        self._budget = budget
        self._max_tokens = max_tokens
        self._repeats = repeats
        self._watch = Watch(provider.name, provider.model, tariff, clock)

    async def prepare(self) -> None:
        """Take over what the day has cost so far. Raises `ServiceError` like the budget."""
        day = self._watch.day()
        self._watch.total(day, await self._budget.spent(day, self.tariff.currency))
        self._watch.begin()

    async def ask(
        self, ask: Ask, answer_type: type[BaseModel], deadline_seconds: float
    ) -> Completion:
        """See `Provider.ask`; the reservation is no part of the deadline.

        Raises `SpendCapReached` when a cap does not allow the call and `ServiceError` when the
        budget cannot be reached; nothing was sent then.
        """
        most = self.tariff.price.most(most_tokens_in(ask, answer_type), self._max_tokens)
        day = self._watch.day()
        await self._reserve(day, most)
        try:
            completion = await self._provider.ask(ask, answer_type, deadline_seconds)
        except GatewayError as error:
            error.cost = await self._settle(day, most, self._cost_of_failure(error))
            raise
        except BaseException:
            self._watch.cost(most)
            raise
        return replace(
            completion, cost=await self._settle(day, most, self._cost_of_answer(completion))
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._provider.aclose()

    async def _reserve(self, day: date, most: Decimal) -> None:
        tariff = self.tariff
        whole = most * self._repeats
        if whole > tariff.per_request:
            asks = "APP_MODEL_REPEATS, " if self._repeats > 1 else ""
            self._refuse(
                f"This case may cost up to {tariff.shown(whole)}; caps.perRequest in {tariff.file}"
                f" allows {tariff.shown(tariff.per_request)}. For a model to answer such cases,"
                f" raise it, or lower {asks}APP_MODEL_MAX_TOKENS or APP_INTAKE_LIMIT_CHARACTERS.",
                "per_request",
            )
        if not most:
            return  # a local server whose price is zero
        total = await self._budget.reserve_spend(day, tariff.currency, most, tariff.per_day)
        if total is None:
            self._watch.total(day, await self._budget.spent(day, tariff.currency))
            self._refuse(
                f"The spending cap of the day is reached: caps.perDay in {tariff.file} is"
                f" {tariff.shown(tariff.per_day)}. The model is asked again after midnight UTC, or"
                " once the cap is raised and the service started again.",
                "per_day",
            )
        self._watch.total(day, total)

    def _refuse(self, detail: str, cap: str) -> NoReturn:
        self._watch.refused(cap)
        raise SpendCapReached(detail)

    async def _settle(self, day: date, most: Decimal, cost: Decimal | None) -> Cost:
        """Count the cost of a call, the most it can have been when nobody knows."""
        counted = most if cost is None else cost
        self._watch.cost(counted)
        if counted > most:
            self._watch.warn("model.cost_above_bound", bound=most, cost=counted)
        currency = self.tariff.currency
        if counted != most:
            try:
                total = await self._budget.settle_spend(day, currency, most, counted)
                self._watch.total(day, total)
            except ServiceError as error:
                # The answer is paid for and must not be lost; too much stays set aside.
                get_logger().warning("model.spend_unsettled", error=error)
        return Cost(counted, currency)

    def _cost_of_answer(self, completion: Completion) -> Decimal | None:
        counted = completion.tokens_in and (completion.tokens_out or not completion.text)
        return self.tariff.price.cost(completion.used) if counted else None

    def _cost_of_failure(self, error: GatewayError) -> Decimal | None:
        if error.used.tokens_in and error.used.tokens_out:
            return self.tariff.price.cost(error.used)
        return Decimal(0) if error.unbilled else None
