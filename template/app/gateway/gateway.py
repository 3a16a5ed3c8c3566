"""Has a case answered: by the model, or by the baseline when there is none or it fails."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal

from pydantic import BaseModel, ValidationError

from app.case import AnswerT, AnyUseCase, Guess, ReviewReason
from app.gateway.budget import Budget
from app.gateway.endpoint import endpoint
from app.gateway.errors import FailureCode, GatewayError
from app.gateway.provider import Completion, Cost, Provider
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Reply(Generic[AnswerT]):
    """What came of one case.

    Exactly one of `answer` and `refusal` is set; a refusal (`REFUSED`, `UNPARSEABLE`) leaves the
    case to a person. `provider` and `model` are those of whoever decided, so a degraded reply
    names the baseline and is judged by the baseline's calibration; `failure` then says why the
    model did not answer. `signals` are the baseline's. `detail` is free of personal data.
    `seconds` is wall-clock time and, like tokens and cost, counts failed attempts too. `cost` is
    in `currency`, null when no model was asked; where the provider did not say what it used, it
    is the most that the call can have cost.
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
        self, usecase: AnyUseCase, provider: Provider | None, deadline_seconds: float
    ) -> None:
        self._usecase = usecase
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
        ask, answer_type = self._usecase.ask(case), self._usecase.answer_type
        try:
            completion = await provider.ask(ask, answer_type, self._deadline_seconds)
        except GatewayError as error:
            return replace(
                self._from_baseline(guess),
                failure=error.code,
                detail=f"{error} The baseline answered instead.",
                tokens_in=error.used.tokens_in,
                tokens_out=error.used.tokens_out,
                **_bill(error.cost),
            )
        answer, refusal, detail = read(completion, answer_type)
        return Reply(
            answer,
            "model",
            provider.name,
            provider.model,
            guess.signals,
            refusal=refusal,
            detail=detail,
            tokens_in=completion.tokens_in,
            tokens_out=completion.tokens_out,
            **_bill(completion.cost),
        )


def read(
    completion: Completion, answer_type: type[AnswerT]
) -> tuple[AnswerT | None, ReviewReason | None, str]:
    """Validate what a model said: the answer, or why there is none and a sentence about it.

    A model that answered badly has seen the case, so a person decides instead of the baseline.
    """
    if completion.refused:
        return None, ReviewReason.REFUSED, "The model or its provider's filter refused to answer."
    # A cut answer can still parse, as providers close its brackets; it is not what was meant.
    if completion.cut:
        return None, ReviewReason.UNPARSEABLE, "The answer was cut off; raise APP_MODEL_MAX_TOKENS."
    if not completion.text:
        return None, ReviewReason.UNPARSEABLE, "The model gave no answer."
    try:
        return answer_type.model_validate_json(completion.text), None, ""
    except ValidationError as error:
        return None, ReviewReason.UNPARSEABLE, _misfit(error, answer_type)
    except Exception as error:
        # Validators are the use case's own code, and the text is the model's.
        detail = f"The model's answer could not be validated ({type(error).__name__})."
        return None, ReviewReason.UNPARSEABLE, detail


def _misfit(error: ValidationError, answer_type: type[BaseModel]) -> str:
    """Fields and kinds of mistake. Unknown names are the model's words and are left out."""
    found = []
    for one in error.errors(include_url=False, include_context=False, include_input=False)[:3]:
        place = one["loc"][0] if one["loc"] else "the whole"
        known = place in answer_type.model_fields or place == "the whole"
        found.append(f"{place if known else 'an unknown field'} ({one['type']})")
    return f"The model's answer does not fit the schema: {', '.join(found)}."


def _bill(cost: Cost | None) -> dict[str, Any]:
    return {} if cost is None else {"cost": float(cost.amount), "currency": cost.currency}


def build(settings: Settings, usecase: AnyUseCase, budget: Budget) -> Gateway:
    """Make the gateway the settings ask for; imports the provider's library, which takes seconds.

    Raises `SettingsError` when a setting or the price of the model is missing, or the provider's
    extra is not installed.
    """
    remote = endpoint(settings)
    provider = None if remote is None else remote.connect(budget)
    return Gateway(usecase, provider, settings.model_timeout_seconds)


async def start(settings: Settings, usecase: AnyUseCase, budget: Budget) -> Gateway:
    """As `build`, for a service that is starting: in a thread, so that the event loop stays free.

    Takes over what was spent before. Raises `ServiceError` when the budget cannot be reached.
    """
    remote = endpoint(settings)
    if remote is None:
        return Gateway(usecase, None, settings.model_timeout_seconds)
    provider = await asyncio.to_thread(remote.connect, budget)
    await provider.prepare()
    return Gateway(usecase, provider, settings.model_timeout_seconds)
