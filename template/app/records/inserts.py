"""The rows of a case and of a decision, as every write inserts them."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from app.case import Decision
from app.records import statements
from app.records.models import NewCase, new_id


def to_json(value: object) -> str:
    """Serialise as JSON that every text column takes, NUL and lone surrogates escaped."""
    return json.dumps(value, allow_nan=False)


def insert_case(connection: Connection, case: NewCase, status: str) -> str:
    """Insert a case and its original; return the original's SHA-256."""
    connection.execute(
        statements.INSERT_CASE,
        {
            "id": case.id,
            "received_at": case.received_at,
            "submitter": case.submitter,
            "content_type": case.content_type,
            "status": status,
            "use_case": case.use_case,
            "language": case.language,
            "input": None if case.input is None else to_json(case.input),
            "notes": to_json(case.notes),
            "request_id": case.request_id,
        },
    )
    sha256 = hashlib.sha256(case.original).hexdigest()
    connection.execute(
        statements.INSERT_ORIGINAL,
        {
            "case_id": case.id,
            "content_type": case.content_type,
            "body": case.original,
            "sha256": sha256,
        },
    )
    return sha256


def insert_decision(connection: Connection, case_id: str, decision: Decision) -> dict[str, Any]:
    """Insert a decision, with a review item if it goes to a person; return what to audit of it."""
    body = to_json(decision.model_dump(mode="json"))
    now = datetime.now(UTC)
    connection.execute(
        statements.INSERT_DECISION,
        {"id": decision.id, "case_id": case_id, "body": body, "created_at": now},
    )
    if decision.status == "in_review":
        connection.execute(
            statements.INSERT_REVIEW_ITEM,
            {
                "id": new_id("review"),
                "case_id": case_id,
                "decision_id": decision.id,
                "reason": decision.review_reason and decision.review_reason.value,
                "state": "open",
                "created_at": now,
            },
        )
    return {
        "decision": decision.id,
        "decision_sha256": hashlib.sha256(body.encode("ascii")).hexdigest(),
        "status": decision.status,
        "provider": decision.provider,
        "model": decision.model,
        "prompt_version": decision.prompt_version,
        "acceptance": decision.acceptance,
        "threshold": decision.threshold,
        "review_reason": decision.review_reason,
    }
