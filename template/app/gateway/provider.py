"""What the gateway needs of a model provider, without any library's types."""

from dataclasses import dataclass, field
from typing import Protocol

from pydantic import BaseModel

from app.case import Ask


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model sent back, not yet validated.

    `text` is meant to be JSON, null when there is none. `refused` covers the model's own refusal
    and the provider's content filter; `cut` says that the output limit ended the answer.
    """

    text: str | None = field(repr=False)
    refused: bool
    cut: bool
    tokens_in: int
    tokens_out: int


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
