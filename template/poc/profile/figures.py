"""The figures of an index: counts and sizes, never a word or a value of a message."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from app.intake.vocabulary import words
from poc.profile import times
from poc.profile.drift import Shift
from poc.profile.times import Time
from poc.sources.store import Index

Counts = dict[str, int]
COUNTED = words(
    "outcomes kinds channels languages notes quarantined refused empty personal attachments"
)


@dataclass(frozen=True, slots=True)
class Lengths:
    """Half of the messages are at most `p50` long, 95 % at most `p95`."""

    p50: int
    p95: int
    largest: int


@dataclass(frozen=True)
class Profile:
    """What a source is.

    `repeats` have the words of an earlier message, numbers aside; `near` are texts that are alike
    to another one; `families` is what is left. Counts by key are of messages, the largest first.
    """

    digest: str
    files: int
    messages: int
    outcomes: Counts
    kinds: Counts
    channels: Counts
    languages: Counts
    characters: Lengths
    bytes: Lengths
    repeats: int
    near: int
    families: int
    largest_family: int
    notes: Counts
    quarantined: Counts
    refused: Counts
    empty: Counts
    personal: Counts
    attachments: Counts
    with_attachments: int
    time: Time
    drift: Sequence[Shift]
    unread: Counts
    dropped: Sequence[str] = field(default_factory=list)

    @property
    def usable(self) -> int:
        """Messages that the service would answer."""
        return self.outcomes.get("clean", 0)


def figures(index: Index, today: date) -> Profile:
    """Count everything in one pass; memory does not grow with the messages."""
    ask = index.connection
    counts = _counted(index)
    texts, families, largest = _families(ask)
    messages = sum(counts["outcomes"].values())
    return Profile(
        digest=_digest(ask),
        files=sum(1 for _ in index.files()),
        messages=messages,
        characters=_lengths(ask, "characters", "WHERE outcome = 'clean'"),
        bytes=_lengths(ask, "bytes", ""),
        repeats=messages - texts,
        near=texts - families,
        families=families,
        largest_family=largest,
        with_attachments=int(
            ask.execute("SELECT count(*) FROM messages WHERE attachments <> '[]'").fetchone()[0]
        ),
        time=times.time(ask, today),
        drift=times.moved(ask, today),
        unread=_ordered(Counter(one.why for one in index.unread())),
        dropped=index.dropped(),
        **{name: _ordered(one) for name, one in counts.items()},
    )


def _counted(index: Index) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}
    for row in index.rows():
        found["outcomes"][row.outcome] += 1
        found["kinds"][row.kind] += 1
        found["channels"][row.channel] += 1
        found["notes"].update(str(one) for one in row.notes)
        found["attachments"].update(set(row.attachments))
        if row.outcome == "clean":
            found["languages"][row.language] += 1
            found["empty"].update(row.empty)
            found["personal"].update(row.personal)
        else:
            found[row.outcome][row.reason or "unknown"] += 1
    return found


def _ordered(counts: Counter[str]) -> Counts:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _families(ask: sqlite3.Connection) -> tuple[int, int, int]:
    texts, families = ask.execute(
        "SELECT count(DISTINCT likeness), count(DISTINCT family) FROM messages"
    ).fetchone()
    largest = ask.execute(
        "SELECT count(*) AS n FROM messages GROUP BY family ORDER BY n DESC LIMIT 1"
    ).fetchone()
    return int(texts), int(families), int(largest[0]) if largest else 0


def _lengths(ask: sqlite3.Connection, column: str, where: str) -> Lengths:
    total = int(ask.execute(f"SELECT count(*) FROM messages {where}").fetchone()[0])  # noqa: S608
    if not total:
        return Lengths(0, 0, 0)
    places = [max(0, ceil(total * share) - 1) for share in (0.5, 0.95, 1)]
    query = f"SELECT {column} FROM messages {where} ORDER BY {column} LIMIT 1 OFFSET ?"  # noqa: S608
    return Lengths(*(int(ask.execute(query, [place]).fetchone()[0]) for place in places))


def _digest(ask: sqlite3.Connection) -> str:
    """SHA-256 over the messages and what became of them, wherever they lie."""
    total = hashlib.sha256()
    for row in ask.execute(
        "SELECT sha256, outcome, coalesce(reason, '') FROM messages ORDER BY 1, 2, 3"
    ):
        total.update("\t".join(row).encode() + b"\n")
    return total.hexdigest()
