"""Has a case answered: by the model, or by the baseline when there is none or it fails."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal

from pydantic import BaseModel

from app.case import AnswerT, AnyUseCase, Guess, ReviewReason
from app.gateway.asking import Settled, ask_all, bill, settle
from app.gateway.budget import Budget
from app.gateway.endpoint import endpoint
from app.gateway.errors import FailureCode
from app.gateway.provider import Provider
from app.gateway.signals import signals
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Reply(Generic[AnswerT]):
    """What came of one case.

    Exactly one of `answer` and `refusal` is set; a refusal (`REFUSED`, `UNPARSEABLE`) leaves the
    case to a person. `provider` and `model` are those of whoever decided, so a degraded reply
    names the baseline and is judged by the baseline's calibration; `failure` then says why the
    model did not answer. `signals` are those of whoever decided, by the names of `app.signals`; a
    model's hold the baseline's. Asked several times, a model's answer is the one it gave most
    often. `detail` is free of personal data. `seconds` is wall-clock time and, like tokens and
    cost, counts failed attempts too. `cost` is in `currency`, null when no model was asked; where
    the provider did not say what it used, it is the most that the call can have cost.
    """

    answer: AnswerT | None
    decided_by: Literal["baseline", "model"]
    provider: str
    model: str
    signals: Mapping[str, float]
    failure: FailureCode | None = None
    refusal: ReviewReason | None = None
    detail: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cost: float = 0.0
    currency: str | None = None


class Gateway:
    """The only way to a model. Without a provider it is offline and the baseline answers."""

    def __init__(
        self,
        usecase: AnyUseCase,
        provider: Provider | None,
        deadline_seconds: float,
        repeats: int = 1,
    ) -> None:
        self._usecase = usecase
        self._repeats = repeats
        self._provider = provider
        self._deadline_seconds = deadline_seconds
        self._baseline_model = f"baseline@{usecase.baseline_digest()[:12]}"

    async def answer(self, case: BaseModel) -> Reply[Any]:
        """Answer a case of the use case's input type.

        Raises what the use case itself raises, and `ServiceError` when the budget cannot be
        reached and so no model may be asked; every fault of the model is in the reply.
        """
        started = time.perf_counter()
        # In a thread, as the use case's code may be slow and must not hold up other requests.
        guess = await asyncio.to_thread(self._usecase.baseline, case)
        if self._provider is None:
            reply = self._from_baseline(guess)
        else:
            reply = await self._from_model(self._provider, case, guess)
        return replace(reply, seconds=time.perf_counter() - started)

    async def aclose(self) -> None:
        """Close the provider's connections."""
        if self._provider is not None:
            await self._provider.aclose()

    def _from_baseline(self, guess: Guess[Any]) -> Reply[Any]:
        return Reply(guess.answer, "baseline", "offline", self._baseline_model, guess.signals)

    async def _from_model(
        self, provider: Provider, case: BaseModel, guess: Guess[Any]
    ) -> Reply[Any]:
        answer_type = self._usecase.answer_type
        asked = await ask_all(
            provider,
            self._usecase.ask(case),
            answer_type,
            self._deadline_seconds,
            self._repeats,
        )
        if not asked.completions:
            error = asked.failures[0]
            return replace(
                self._from_baseline(guess),
                failure=error.code,
                detail=f"{error} The baseline answered instead.",
                **bill(asked),
            )
        settled = settle(asked, answer_type)
        return Reply(
            settled.answer,
            "model",
            provider.name,
            provider.model,
            await asyncio.to_thread(self._signals, case, guess, settled),
            refusal=settled.refusal,
            detail=settled.detail,
            **bill(asked),
        )

    def _signals(self, case: BaseModel, guess: Guess[Any], settled: Settled) -> Mapping[str, float]:
        if settled.answer is None:
            return guess.signals
        return signals(
            self._usecase, case, guess, settled.answer, settled.completion, settled.equal
        )


def build(settings: Settings, usecase: AnyUseCase, budget: Budget) -> Gateway:
    """Make the gateway the settings ask for; imports the provider's library, which takes seconds.

    Raises `SettingsError` when a setting or the price of the model is missing, or the provider's
    extra is not installed.
    """
    remote = endpoint(settings)
    provider = None if remote is None else remote.connect(budget)
    return Gateway(usecase, provider, settings.model_timeout_seconds, settings.model_repeats)


async def start(settings: Settings, usecase: AnyUseCase, budget: Budget) -> Gateway:
    """As `build`, for a service that is starting: in a thread, so that the event loop stays free.

    Takes over what was spent before. Raises `ServiceError` when the budget cannot be reached.
    """
    remote = endpoint(settings)
    if remote is None:
        return Gateway(usecase, None, settings.model_timeout_seconds)
    provider = await asyncio.to_thread(remote.connect, budget)
    await provider.prepare()
    return Gateway(usecase, provider, settings.model_timeout_seconds, settings.model_repeats)
