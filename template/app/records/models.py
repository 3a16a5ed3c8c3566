"""What goes into the records and what comes out."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from app.case import Decision

ItemT = TypeVar("ItemT")

Status = Literal["answered", "in_review", "quarantined"]


def new_id(prefix: str) -> str:
    """Make a unique id that sorts by time: the prefix and the hex of a UUID version 7.

    The 12 bits after the milliseconds hold their fraction (RFC 9562, section 6.2, method 3),
    so ids made in one process within a millisecond sort by time too.
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = (nanoseconds << 12) // 1_000_000
    random = secrets.randbits(62)
    number = milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random
    return f"{prefix}_{number:032x}"


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case as it arrived and as intake left it; `input` is null when nothing usable was in it."""

    id: str
    received_at: datetime
    submitter: str
    content_type: str
    original: bytes = field(repr=False)
    use_case: str
    language: str
    input: dict[str, Any] | None = field(repr=False)
    notes: list[dict[str, Any]] = field(repr=False)
    request_id: str


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """An open question to a person about one decision."""

    id: str
    case_id: str
    decision_id: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class QuarantineItem:
    """A case that could not be used, why, and since when; `detail` says it for an operator."""

    id: str
    case_id: str
    reason: str
    detail: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A stored case: its newest decision, and the open review item or held quarantine entry."""

    id: str
    received_at: datetime
    submitter: str
    content_type: str
    status: Status
    use_case: str
    language: str
    input: dict[str, Any] | None = field(repr=False)
    notes: list[dict[str, Any]] = field(repr=False)
    request_id: str
    decision: Decision | None = field(repr=False)
    review: ReviewItem | None
    quarantine: QuarantineItem | None


@dataclass(frozen=True, slots=True)
class QuarantineRecord:
    """A quarantine entry in either state, with its case and the original as it arrived."""

    id: str
    reason: str
    detail: str
    state: Literal["held", "replayed"]
    created_at: datetime
    closed_at: datetime | None
    case: CaseRecord
    content_type: str
    original: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """Some items, oldest first, and the cursor of the following page; null on the last."""

    items: Sequence[ItemT]
    next: str | None
