"""The seam: what a use case gives to the service, and what the service makes of it.

`app/usecase/` implements `UseCase` and imports nothing of the service but this module.
Everything else knows a case only as JSON of the use case's own schema inside a `Decision`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue

InputT = TypeVar("InputT", bound=BaseModel)
AnswerT = TypeVar("AnswerT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a mail that intake names and keeps but does not open."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A plain text or a mail after intake: readable, without quotes, markup or hidden text.

    `channel` is `text` or `mail`, `language` an ISO 639-1 code or `und`, `sent_at` has a zone.
    """

    subject: str
    text: str
    sender: str
    sent_at: datetime | None
    channel: Literal["text", "mail"]
    language: str
    attachments: tuple[Attachment, ...] = ()


class Unusable(Exception):
    """Raised by `UseCase.from_message`: readable, but no case of this kind; it is quarantined."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a model: fixed instructions, and the case as untrusted content."""

    instructions: str
    content: str


@dataclass(frozen=True, slots=True)
class Guess(Generic[AnswerT]):
    """The baseline's answer and the checkable signals acceptance is calibrated on.

    `signals` are finite numbers with stable names, for example the baseline's own probability.
    """

    answer: AnswerT
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Sample:
    """A messy example for the try-it page and the demo; always synthetic."""

    name: str
    title: str
    content_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """What a person sees of a case: a headline and labelled texts, in reading order."""

    headline: str
    fields: tuple[tuple[str, str], ...]


class UseCase(Protocol[InputT, AnswerT]):
    """All that the service needs to know about the work at hand; plain attributes will do."""

    @property
    def name(self) -> str:
        """A short name with dashes; it stands in records and traces."""
        ...

    @property
    def input_type(self) -> type[InputT]:
        """The schema of what comes in."""
        ...

    @property
    def answer_type(self) -> type[AnswerT]:
        """The schema of what is answered."""
        ...

    @property
    def prompt_version(self) -> str:
        """Changes whenever the prompt does; every decision records it."""
        ...

    @property
    def long_text(self) -> frozenset[str]:
        """The input fields people write freely: they get the full cleaning."""
        ...

    @property
    def language_field(self) -> str | None:
        """The input field for the detected language when the caller left it empty, or None."""
        ...

    def from_message(self, message: Message) -> InputT:
        """Make an input of a plain text or a mail. Raises `Unusable` when there is none in it."""
        ...

    def ask(self, case: InputT) -> Ask:
        """Say how a model is asked. The answer must parse as `answer_type`."""
        ...

    def baseline(self, case: InputT) -> Guess[AnswerT]:
        """Answer without any model service: the offline answer and the degraded path."""
        ...

    def baseline_digest(self) -> str:
        """SHA-256 of whatever the baseline's answers depend on, such as trained weights."""
        ...

    def objections(self, case: InputT, answer: AnswerT) -> Sequence[str]:
        """Why this answer cannot stand without a person; empty when it can."""
        ...

    def review_sheet(self, case: InputT, answer: AnswerT | None) -> ReviewSheet:
        """What a reviewer sees of the case and the proposed answer."""
        ...

    def samples(self) -> Sequence[Sample]:
        """Messy synthetic examples to try."""
        ...


AnyUseCase = UseCase[Any, Any]


class ReviewReason(StrEnum):
    """Why a case went to a person. The list is closed: dashboards and tests depend on it."""

    BELOW_THRESHOLD = "below_threshold"
    UNCALIBRATED = "uncalibrated"
    OBJECTION = "objection"
    REFUSED = "refused"
    UNPARSEABLE = "unparseable"


class Decision(BaseModel):
    """What the service decided about one case; stored as JSON and returned as it is.

    `answer` is the use case's own schema, or null when there is none. `acceptance` is the
    calibrated probability that the answer is right, null without a valid calibration;
    `threshold` is what it was held against. `degraded` says which fault of the model made the
    baseline answer instead. `cost` is what asking a model cost, failed attempts too, in
    `currency`; null when none was asked. Where the provider did not say what it used, `cost` is
    the most it can have been. A figure to read and to average: the exact count of a day, which
    the cap is held against, is the records' own.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    status: Literal["answered", "in_review"]
    answer: dict[str, JsonValue] | None
    acceptance: float | None
    threshold: float | None
    decided_by: Literal["baseline", "model"]
    provider: str
    model: str
    prompt_version: str
    degraded: str | None = None
    review_reason: ReviewReason | None = None
    reasons: list[str] = []
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cost: float = 0.0
    currency: str | None = None
    request_id: str
    decided_at: datetime
