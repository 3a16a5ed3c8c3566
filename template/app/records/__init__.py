"""What happened: cases, originals, decisions, open questions, spend, and the audit chain."""

from app.records.chain import verify_chain
from app.records.models import (
    CaseRecord,
    NewCase,
    Page,
    QuarantineItem,
    QuarantineRecord,
    ReviewItem,
    new_id,
)
from app.records.store import Records, open_records

__all__ = [
    "CaseRecord",
    "NewCase",
    "Page",
    "QuarantineItem",
    "QuarantineRecord",
    "Records",
    "ReviewItem",
    "new_id",
    "open_records",
    "verify_chain",
]
