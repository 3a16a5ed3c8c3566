"""What one write transaction does. The audit entry comes last: it is where writers queue."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from app.case import Decision
from app.errors import Conflict
from app.records import statements
from app.records.chain import append
from app.records.inserts import insert_case, insert_decision, to_json
from app.records.models import NewCase, new_id

_ACTIONS = {"answered": "case.answered", "in_review": "case.sent_to_review"}
_NOT_HELD = "This quarantine entry is no longer held; load the list again."


def store_decision(connection: Connection, case: NewCase, decision: Decision, actor: str) -> None:
    """Insert a case, its original and its decision."""
    original = insert_case(connection, case, decision.status)
    details = insert_decision(connection, case.id, decision)
    append(connection, actor, _ACTIONS[decision.status], case.id, {**details, "original": original})


def store_quarantine(
    connection: Connection, case: NewCase, reason: str, detail: str, actor: str
) -> str:
    """Insert a case and its original, held in quarantine; return the entry's id."""
    original = insert_case(connection, case, "quarantined")
    quarantine_id = new_id("quarantine")
    connection.execute(
        statements.INSERT_QUARANTINE,
        {
            "id": quarantine_id,
            "case_id": case.id,
            "reason": reason,
            "detail": detail,
            "state": "held",
            "created_at": datetime.now(UTC),
            "closed_at": None,
        },
    )
    details = {"quarantine": quarantine_id, "reason": reason, "original": original}
    append(connection, actor, "case.quarantined", case.id, details)
    return quarantine_id


def settle_replay(
    connection: Connection, quarantine_id: str, case: NewCase, decision: Decision, actor: str
) -> None:
    """Close a held entry and give its case the outcome. Raises `Conflict` if it is not held."""
    closed = connection.execute(
        statements.CLOSE_QUARANTINE,
        {"quarantine_id": quarantine_id, "of_case": case.id, "closed_at": datetime.now(UTC)},
    )
    if closed.rowcount != 1:
        raise Conflict(_NOT_HELD)
    connection.execute(
        statements.SETTLE_CASE,
        {
            "case_id": case.id,
            "status": decision.status,
            "language": case.language,
            "input": None if case.input is None else to_json(case.input),
            "notes": to_json(case.notes),
        },
    )
    details = insert_decision(connection, case.id, decision)
    details["quarantine"] = quarantine_id
    append(connection, actor, "quarantine.replayed", case.id, details)


def fail_replay(
    connection: Connection,
    quarantine_id: str,
    reason: str,
    detail: str,
    notes: list[dict[str, Any]],
    actor: str,
) -> None:
    """Keep an entry held for a new reason. Raises `Conflict` if it is not held."""
    held = connection.execute(
        statements.HOLD_QUARANTINE,
        {"quarantine_id": quarantine_id, "reason": reason, "detail": detail},
    )
    if held.rowcount != 1:
        raise Conflict(_NOT_HELD)
    entry = connection.execute(statements.QUARANTINE, {"quarantine_id": quarantine_id}).one()
    connection.execute(statements.SET_NOTES, {"case_id": entry.case_id, "notes": to_json(notes)})
    details = {"quarantine": quarantine_id, "reason": reason}
    append(connection, actor, "quarantine.replay_failed", entry.case_id, details)
