"""The audit chain: every entry holds the SHA-256 of the one before it.

A changed, inserted or deleted entry breaks the chain from there on. Entries cut off at the end
leave a shorter chain that still holds; only a head and a count kept elsewhere show that.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, text, type_coerce
from sqlalchemy.types import NullType

from app.records.schema import audit

NO_PREVIOUS = "0" * 64
_BATCH = 1000

# One number for all processes: whoever holds it extends the chain.
_LOCK = text("SELECT pg_advisory_xact_lock(6047313952768923)")
_HEAD = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_APPEND = insert(audit)
# Read as the driver has it: a moment that was changed to something else must not stop the reader.
_AT = type_coerce(audit.c.at, NullType()).label("at")
_FIRST = (
    select(*(_AT if column is audit.c.at else column for column in audit.c))
    .order_by(audit.c.seq)
    .limit(_BATCH)
)
_AFTER = _FIRST.where(audit.c.seq > bindparam("after"))


@dataclass(frozen=True, slots=True)
class Chain:
    """The entries that hold, the hash of the last of them, and the first broken `seq` if any."""

    entries: int
    head: str
    broken: int | None


def append(
    connection: Connection, actor: str, action: str, subject: str, details: Mapping[str, Any]
) -> None:
    """Add an entry inside the caller's write transaction, as its last statements.

    On PostgreSQL the lock is held until the commit, and taken by a statement of its own: READ
    COMMITTED gives the next statement a snapshot that holds the head of whoever had it before.
    On SQLite `BEGIN IMMEDIATE` has already excluded every other writer.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)
    head = connection.execute(_HEAD).first()
    entry = {
        "seq": head.seq + 1 if head else 1,
        "at": datetime.now(UTC),
        "actor": actor,
        "action": action,
        "subject": subject,
        "details": _canonical(details),
        "previous": head.hash if head else NO_PREVIOUS,
    }
    connection.execute(_APPEND, {**entry, "hash": _digest(entry)})


def inspect_chain(connection: Connection) -> Chain:
    """Follow the chain from its first entry up to its end or to the first broken one."""
    entries, head = 0, NO_PREVIOUS
    for row in _rows(connection):
        if not _holds(row, entries + 1, head):
            return Chain(entries, head, broken=min(row.seq, entries + 1))
        entries, head = row.seq, row.hash
    return Chain(entries, head, broken=None)


def verify_chain(connection: Connection) -> int | None:
    """Return the `seq` of the first entry that is changed or missing, null when all hold."""
    return inspect_chain(connection).broken


def _holds(row: Row[*tuple[Any, ...]], seq: int, previous: str) -> bool:
    entry = dict(row._mapping)
    stored = entry.pop("hash")
    try:
        digest = _digest({**entry, "at": _moment(entry["at"])})
    except (TypeError, ValueError):
        return False
    return (entry["seq"], entry["previous"], stored) == (seq, previous, digest)


def _moment(stored: datetime | str) -> datetime:
    if isinstance(stored, datetime):
        return stored.astimezone(UTC)
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _rows(connection: Connection) -> Iterator[Row[*tuple[Any, ...]]]:
    batch = connection.execute(_FIRST).all()
    while batch:
        yield from batch
        batch = connection.execute(_AFTER, {"after": batch[-1].seq}).all()


def _digest(entry: Mapping[str, Any]) -> str:
    at = entry["at"].isoformat(timespec="microseconds")
    return hashlib.sha256(_canonical({**entry, "at": at}).encode("ascii")).hexdigest()


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
