"""What comes in, and what is answered: yours to change."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Queue(StrEnum):
    """The teams a ticket can be routed to."""

    BILLING = "billing"
    DELIVERY = "delivery"
    RETURNS = "returns"
    ACCOUNT = "account"
    TECHNICAL = "technical"
    SALES = "sales"


class Priority(StrEnum):
    """How soon a person has to look."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Ticket(BaseModel):
    """A customer's request. Lengths are held by intake, which keeps what it refuses."""

    model_config = ConfigDict(extra="forbid")

    subject: str = ""
    body: str
    channel: Literal["mail", "form", "chat", "text"] = "form"
    customer_reference: str | None = Field(None, max_length=200)
    language: str | None = Field(None, pattern=r"^[a-z]{2,3}$")
    received_at: datetime | None = None


class Triage(BaseModel):
    """The answer. A queue of null means that the ticket fits none and a person decides.

    `draft_reply` is null with the reason in `draft_reason` when nobody wrote one.
    """

    model_config = ConfigDict(extra="forbid")

    queue: Queue | None
    priority: Priority
    draft_reply: str | None = None
    draft_reason: str | None = None
    reasons: list[str] = []
