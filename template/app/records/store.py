"""The records: asynchronous methods, each one transaction in one hop to a thread."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import URL

from app.case import Decision
from app.records import reading, spending, writing
from app.records.engine import database_url, reading_engine, writing_engine
from app.records.labels.store import LabelRecords
from app.records.models import (
    CaseRecord,
    NewCase,
    Page,
    QuarantineItem,
    QuarantineRecord,
    ReviewItem,
)
from app.records.pool import Pool, check_schema

_READERS = 2


def open_records(url: str) -> "Records":
    """Open the records; the first use connects. Raises `SettingsError` for a bad URL.

    On SQLite one thread writes: queueing in the process is fair, SQLite's own waiting is not.
    """
    parsed = database_url(url)
    return Records(parsed, writers=1 if parsed.get_backend_name() == "sqlite" else 5)


class Records(LabelRecords):
    """Cases, their outcomes, the audit chain, the spend of each day, and labelling.

    Every method raises `Unavailable` when the database cannot be reached, is locked or full, or
    has another schema, and `Internal` when it refuses a statement; nothing is stored then.
    """

    def __init__(self, url: URL, writers: int) -> None:
        self._writer = Pool(writing_engine(url, writers), writers)
        self._reader = Pool(reading_engine(url, _READERS), _READERS)

    def close(self) -> None:
        """Finish what was begun and disconnect."""
        self._writer.close()
        self._reader.close()

    async def ping(self) -> None:
        """Raise `Unavailable`, saying what to do, unless a query works on the right schema."""
        await self._reader.run(check_schema)

    async def store_decision(self, case: NewCase, decision: Decision, actor: str) -> None:
        """Store a new case with its decision, and a review item when it goes to a person."""
        await self._writer.run(writing.store_decision, case, decision, actor)

    async def store_quarantine(self, case: NewCase, reason: str, detail: str, actor: str) -> str:
        """Store a new case that could not be used; return the id of its quarantine entry."""
        return await self._writer.run(writing.store_quarantine, case, reason, detail, actor)

    async def settle_replay(
        self, quarantine_id: str, case: NewCase, decision: Decision, actor: str
    ) -> None:
        """Close a held entry and store the outcome with its case, which keeps its id.

        Raises `Conflict` when the entry is no longer held: of two at once exactly one wins.
        """
        await self._writer.run(writing.settle_replay, quarantine_id, case, decision, actor)

    async def fail_replay(
        self,
        quarantine_id: str,
        reason: str,
        detail: str,
        notes: list[dict[str, Any]],
        actor: str,
    ) -> None:
        """Keep an entry held for a new reason. Raises `Conflict` when it is no longer held."""
        await self._writer.run(writing.fail_replay, quarantine_id, reason, detail, notes, actor)

    async def get_case(self, case_id: str) -> CaseRecord | None:
        """Return a case with its newest decision and what is open on it."""
        return await self._reader.run(reading.get_case, case_id)

    async def list_review(self, after: str | None, limit: int) -> Page[ReviewItem]:
        """Return open review items, oldest first, from behind the cursor `after`.

        Raises `InvalidInput` for a cursor that cannot be one.
        """
        return await self._reader.run(reading.list_review, after, limit)

    async def list_quarantine(self, after: str | None, limit: int) -> Page[QuarantineItem]:
        """Return held quarantine entries in the same way."""
        return await self._reader.run(reading.list_quarantine, after, limit)

    async def quarantined(self, quarantine_id: str) -> QuarantineRecord | None:
        """Return a quarantine entry, held or replayed, with its case and original."""
        return await self._reader.run(reading.quarantined, quarantine_id)

    async def counts(self) -> dict[str, int]:
        """Count `cases`, each status, `review_open` and `quarantine_held`."""
        return await self._reader.run(reading.counts)

    async def reserve_spend(
        self, day: date, currency: str, amount: Decimal, cap: Decimal
    ) -> Decimal | None:
        """Set an amount aside unless the day, of all processes, would exceed the cap.

        Returns what the day then comes to, None when it does not fit.
        """
        return await self._writer.run(spending.reserve, day, currency, amount, cap)

    async def settle_spend(
        self, day: date, currency: str, reserved: Decimal, cost: Decimal
    ) -> Decimal:
        """Put the real cost in the place of what was set aside; return what the day comes to."""
        return await self._writer.run(spending.settle, day, currency, reserved, cost)

    async def spent(self, day: date, currency: str) -> Decimal:
        """What is spent or set aside on a day (UTC)."""
        return await self._reader.run(spending.spent, day, currency)
