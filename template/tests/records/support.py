"""Cases and decisions to store, and what to look at afterwards."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from subprocess import PIPE, Popen
from typing import Any, TypeVar

import pytest
from pydantic import JsonValue
from sqlalchemy import Connection, Engine, Table, func, select

from app.case import Decision, ReviewReason
from app.records import NewCase, new_id
from app.records.schema import metadata

ResultT = TypeVar("ResultT")

sqlite_only = pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
postgres_only = pytest.mark.parametrize(
    "empty_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)

ACTOR = "https://issuer.test operator-1"


def run(call: Coroutine[Any, Any, ResultT]) -> ResultT:
    return asyncio.run(call)


def new_case(
    id: str | None = None,
    original: bytes = b"body",
    input: dict[str, Any] | None = None,
    submitter: str = "https://issuer.test person-1",
) -> NewCase:
    return NewCase(
        id=id or new_id("case"),
        received_at=datetime.now(UTC),
        submitter=submitter,
        content_type="text/plain; charset=utf-8",
        original=original,
        use_case="example",
        language="de",
        input=input,
        notes=[{"code": "quote_removed", "field": "text"}],
        request_id="request-1",
    )


def new_decision(
    reason: ReviewReason | None = None, answer: dict[str, JsonValue] | None = None
) -> Decision:
    return Decision(
        id=new_id("decision"),
        status="answered" if reason is None else "in_review",
        answer=answer or {"label": "ok"},
        acceptance=0.93,
        threshold=0.9,
        decided_by="model",
        provider="offline",
        model="linear",
        prompt_version="3",
        review_reason=reason,
        reasons=["The acceptance 0.93 reaches the threshold 0.90."],
        request_id="request-1",
        decided_at=datetime.now(UTC),
    )


def rows(database: Engine, table: Table) -> list[dict[str, Any]]:
    with database.connect() as connection:
        return rows_in(connection, table)


def rows_in(connection: Connection, table: Table) -> list[dict[str, Any]]:
    statement = select(table).order_by(*table.primary_key)
    return [dict(row) for row in connection.execute(statement).mappings()]


def sizes(database: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with database.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def python(*arguments: str, url: str) -> Popen[str]:
    """Start another Python on the same code and database; a warning there is an error."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "APP_DATABASE_URL": url,
    }
    command = [sys.executable, "-W", "error", *arguments]
    return Popen(command, env=environment, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True)
