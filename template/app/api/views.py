"""What the API returns: cases, review items and quarantined cases as callers see them."""

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from app.case import AnyUseCase, Decision, ReviewSheet
from app.intake import EXPLANATIONS, QuarantineReason
from app.records import CaseRecord, QuarantineItem

ItemT = TypeVar("ItemT")


class QuarantineView(BaseModel):
    """Why a case could not be used, since when, and what an operator can do about it."""

    id: str
    case_id: str
    reason: str
    detail: str
    explanation: str
    created_at: datetime

    @classmethod
    def of(cls, item: QuarantineItem) -> "QuarantineView":
        """Show a held entry."""
        return cls(
            id=item.id,
            case_id=item.case_id,
            reason=item.reason,
            detail=item.detail,
            explanation=EXPLANATIONS[QuarantineReason(item.reason)],
            created_at=item.created_at,
        )


class CaseView(BaseModel):
    """A stored case with its outcome; `status` says which of the parts to look at."""

    id: str
    status: Literal["answered", "in_review", "quarantined"]
    received_at: datetime
    use_case: str
    content_type: str
    language: str
    input: dict[str, Any] | None
    notes: list[dict[str, Any]]
    decision: Decision | None
    quarantine: QuarantineView | None
    request_id: str

    @classmethod
    def of(cls, record: CaseRecord) -> "CaseView":
        """Show a record."""
        return cls(
            id=record.id,
            status=record.status,
            received_at=record.received_at,
            use_case=record.use_case,
            content_type=record.content_type,
            language=record.language,
            input=record.input,
            notes=record.notes,
            decision=record.decision,
            quarantine=QuarantineView.of(record.quarantine) if record.quarantine else None,
            request_id=record.request_id,
        )


class ReviewView(BaseModel):
    """A case that waits for a person: what they see of it, and why it waits."""

    id: str
    case_id: str
    reason: str
    reasons: list[str]
    created_at: datetime
    headline: str
    fields: list[tuple[str, str]]

    @classmethod
    def of(cls, record: CaseRecord, usecase: AnyUseCase) -> "ReviewView | None":
        """Show a case in review; None when it was settled in the meantime."""
        if record.review is None or record.decision is None:
            return None
        sheet = review_sheet(record, usecase)
        return cls(
            id=record.review.id,
            case_id=record.id,
            reason=record.review.reason,
            reasons=record.decision.reasons,
            created_at=record.review.created_at,
            headline=sheet.headline,
            fields=list(sheet.fields),
        )


def review_sheet(record: CaseRecord, usecase: AnyUseCase) -> ReviewSheet:
    """What a person sees of the case.

    A case stored under another schema than today's is shown field by field, as it was stored.
    """
    stored = record.input or {}
    answer = record.decision.answer if record.decision else None
    try:
        return usecase.review_sheet(
            usecase.input_type.model_validate(stored),
            None if answer is None else usecase.answer_type.model_validate(answer),
        )
    except ValidationError:
        fields = tuple((name, str(value)) for name, value in stored.items())
        return ReviewSheet("(stored under an earlier schema)", fields)


class Listed(BaseModel, Generic[ItemT]):
    """One page of a list, oldest first; `next` goes into `after` for the page that follows."""

    items: list[ItemT]
    next: str | None
