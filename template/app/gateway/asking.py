"""Asks a model about one case, once or several times, and settles on one answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from app.case import AnswerT, Ask, ReviewReason
from app.gateway.errors import GatewayError
from app.gateway.provider import Completion, Cost, Provider
from app.gateway.signals import key


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it: what the model sent, and the attempts that failed."""

    completions: Sequence[Completion]
    failures: Sequence[GatewayError]

    @property
    def cost(self) -> Cost | None:
        """What all attempts cost together, null when none was priced."""
        costs = [*(one.cost for one in self.completions), *(one.cost for one in self.failures)]
        found = [one for one in costs if one is not None]
        total = sum((one.amount for one in found), Decimal(0))
        return Cost(total, found[0].currency) if found else None

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens in and out of all attempts."""
        used = [*(one.used for one in self.completions), *(one.used for one in self.failures)]
        return sum(one.tokens_in for one in used), sum(one.tokens_out for one in used)


@dataclass(frozen=True, slots=True)
class Settled:
    """The answer most of the completions gave, the first of these; or why there is none.

    `equal` is (completions with this answer, attempts), null when an attempt failed.
    """

    answer: BaseModel | None
    refusal: ReviewReason | None
    detail: str
    completion: Completion
    equal: tuple[int, int] | None


async def ask_all(
    provider: Provider, ask: Ask, answer_type: type[BaseModel], seconds: float, repeats: int
) -> Asked:
    """Ask so many times at once, each under the same deadline.

    Raises `ServiceError` when the budget cannot be reached, after all attempts have ended.
    """
    attempts = (provider.ask(ask, answer_type, seconds) for _ in range(repeats))
    # An attempt that fails must not end the others: they are paid for.
    found = await asyncio.gather(*attempts, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException) and not isinstance(one, GatewayError):
            raise one
    return Asked(
        [one for one in found if isinstance(one, Completion)],
        [one for one in found if isinstance(one, GatewayError)],
    )


def settle(asked: Asked, answer_type: type[BaseModel]) -> Settled:
    """Settle on one answer; there must be a completion. The first wins among equals."""
    said = [(one, *read(one, answer_type)) for one in asked.completions]
    keys = [None if answer is None else key(answer) for _, answer, _, _ in said]
    given = [one for one in keys if one is not None]
    best = max(given, key=given.count) if given else None
    completion, answer, refusal, detail = said[keys.index(best)]
    equal = None if asked.failures else (keys.count(best), len(keys))
    return Settled(answer, refusal, detail, completion, equal)


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


def bill(asked: Asked) -> dict[str, Any]:
    """Tokens and cost, as a `Reply` has them."""
    tokens_in, tokens_out = asked.tokens
    cost = asked.cost
    priced = {} if cost is None else {"cost": float(cost.amount), "currency": cost.currency}
    return {"tokens_in": tokens_in, "tokens_out": tokens_out, **priced}
