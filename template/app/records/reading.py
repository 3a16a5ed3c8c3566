"""What one read transaction does."""

import json
from typing import Any, cast

from sqlalchemy import Connection, Row, Select

from app.case import Decision
from app.errors import InvalidInput
from app.records import statements
from app.records.models import (
    CaseRecord,
    ItemT,
    Page,
    QuarantineItem,
    QuarantineRecord,
    ReviewItem,
)


def get_case(connection: Connection, case_id: str) -> CaseRecord | None:
    """Read a case with its newest decision and whatever is open on it."""
    if not _can_be_id(case_id):
        return None
    key = {"case_id": case_id}
    row = connection.execute(statements.CASE, key).one_or_none()
    if row is None:
        return None
    body = connection.execute(statements.NEWEST_DECISION, key).scalar_one_or_none()
    review = connection.execute(statements.OPEN_REVIEW_OF, key).first()
    held = connection.execute(statements.HELD_OF, key).first()
    values = dict(row._mapping)
    values["input"] = None if row.input is None else json.loads(row.input)
    values["notes"] = json.loads(row.notes)
    return CaseRecord(
        **values,
        decision=None if body is None else Decision.model_validate_json(body),
        review=None if review is None else _as(ReviewItem, review),
        quarantine=None if held is None else _as(QuarantineItem, held),
    )


def list_review(connection: Connection, after: str | None, limit: int) -> Page[ReviewItem]:
    """Read open review items, oldest first."""
    return _page(connection, statements.REVIEW_PAGE, ReviewItem, after, limit)


def list_quarantine(connection: Connection, after: str | None, limit: int) -> Page[QuarantineItem]:
    """Read held quarantine entries, oldest first."""
    return _page(connection, statements.QUARANTINE_PAGE, QuarantineItem, after, limit)


def quarantined(connection: Connection, quarantine_id: str) -> QuarantineRecord | None:
    """Read a quarantine entry with its case and original."""
    if not _can_be_id(quarantine_id):
        return None
    key = {"quarantine_id": quarantine_id}
    entry = connection.execute(statements.QUARANTINE, key).one_or_none()
    if entry is None:
        return None
    original = connection.execute(statements.ORIGINAL, {"case_id": entry.case_id}).one()
    return QuarantineRecord(
        id=entry.id,
        reason=entry.reason,
        detail=entry.detail,
        state=entry.state,
        created_at=entry.created_at,
        closed_at=entry.closed_at,
        # A foreign key holds the case in place.
        case=cast(CaseRecord, get_case(connection, entry.case_id)),
        content_type=original.content_type,
        original=original.body,
    )


def counts(connection: Connection) -> dict[str, int]:
    """Count cases, in all and by status, and what waits for a person."""
    by_status = {"answered": 0, "in_review": 0, "quarantined": 0}
    for status, number in connection.execute(statements.COUNT_CASES):
        by_status[status] = number
    return {
        "cases": sum(by_status.values()),
        **by_status,
        "review_open": connection.execute(statements.COUNT_REVIEW).scalar_one(),
        "quarantine_held": connection.execute(statements.COUNT_QUARANTINE).scalar_one(),
    }


def _page(
    connection: Connection,
    statement: Select[Any],
    item: type[ItemT],
    after: str | None,
    limit: int,
) -> Page[ItemT]:
    if after is not None and not _can_be_id(after):
        raise InvalidInput("This cursor is none that was handed out; start without one.")
    # One row more than asked for tells whether there is another page.
    rows = connection.execute(statement, {"after": after or "", "rows": limit + 1}).all()
    more = len(rows) > limit
    return Page(
        items=[_as(item, row) for row in rows[:limit]],
        next=rows[limit - 1].id if more else None,
    )


def _as(item: type[ItemT], row: Row[*tuple[Any, ...]]) -> ItemT:
    return item(**row._mapping)


def _can_be_id(value: str) -> bool:
    # PostgreSQL refuses NUL and lone surrogates in any parameter; no id holds such a thing.
    return value.isascii() and value.isprintable()
