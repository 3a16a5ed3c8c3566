"""What the gateway needs of a model provider, without any library's types."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from pydantic import BaseModel

from app.case import Ask
from app.prices import Usage


@dataclass(frozen=True, slots=True)
class Cost:
    """What a call costs. Where the provider does not say what it used, the most it can be."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model sent back, not yet validated.

    `text` is meant to be JSON, null when there is none. `refused` covers the model's own refusal
    and the provider's content filter; `cut` says that the output limit ended the answer.
    `cached_in` and `written_in` are those of `tokens_in` that a cache of the provider gave or
    took. `tokens` are those of `text` as bytes, each with its log-probability, where the provider
    gives them. `cost` is null until the call is priced.
    """

    text: str | None = field(repr=False)
    refused: bool
    cut: bool
    tokens_in: int
    tokens_out: int
    cached_in: int = 0
    written_in: int = 0
    cost: Cost | None = None
    tokens: tuple[tuple[bytes, float], ...] = field(default=(), repr=False)

    @property
    def used(self) -> Usage:
        """The tokens, as they are priced."""
        return Usage(self.tokens_in, self.tokens_out, self.cached_in, self.written_in)


class Provider(Protocol):
    """One model at one provider."""

    name: str
    model: str

    async def ask(
        self, ask: Ask, answer_type: type[BaseModel], deadline_seconds: float
    ) -> Completion:
        """Ask once, without retries, for JSON of `answer_type`'s schema.

        Raises `GatewayError` and nothing else, at the latest when the deadline has passed.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...
