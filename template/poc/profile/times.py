"""When the messages were sent, and whether they changed over that time."""

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta

from poc.profile import drift
from poc.profile.drift import Shift


@dataclass(frozen=True, slots=True)
class Time:
    """Days are of UTC. `later` messages carry a day that is yet to come; they are left out."""

    first: date | None
    last: date | None
    undated: int
    later: int
    months: dict[str, int]


def time(ask: sqlite3.Connection, today: date) -> Time:
    """First and last day, and the messages of each month that has any."""
    end = _end(today)
    first, last, dated = ask.execute(
        "SELECT min(sent_at), max(sent_at), count(sent_at) FROM messages WHERE sent_at < ?", [end]
    ).fetchone()
    every, undated = ask.execute(
        "SELECT count(*), coalesce(sum(sent_at IS NULL), 0) FROM messages"
    ).fetchone()
    months = ask.execute(
        "SELECT substr(sent_at, 1, 7) AS month, count(*) FROM messages WHERE sent_at < ?"
        " GROUP BY month ORDER BY month",
        [end],
    ).fetchall()
    return Time(
        date.fromisoformat(first[:10]) if first else None,
        date.fromisoformat(last[:10]) if last else None,
        undated,
        every - undated - dated,
        dict(months),
    )


def _end(today: date) -> str:
    """A clock may be a zone ahead, not more."""
    return (today + timedelta(days=2)).isoformat()


def moved(ask: sqlite3.Connection, today: date) -> list[Shift]:
    """The newest quarter of the dated messages against the oldest; empty below 200.

    One message a family: repeats are not independent of each other.
    """
    query = (
        "SELECT language, characters, min(sent_at) AS sent FROM messages"
        " WHERE outcome = 'clean' AND sent_at < ? GROUP BY family ORDER BY sent {}, family LIMIT ?"
    )
    end = _end(today)
    total = ask.execute(
        "SELECT count(DISTINCT family) FROM messages WHERE outcome = 'clean' AND sent_at < ?", [end]
    ).fetchone()[0]
    if total // 4 < drift.FEWEST:
        return []
    old = ask.execute(query.format("ASC"), [end, total // 4]).fetchall()
    new = ask.execute(query.format("DESC"), [end, total // 4]).fetchall()
    before, after = [one[1] for one in old], [one[1] for one in new]
    return [
        drift.psi("language", [one[0] for one in old], [one[0] for one in new]),
        drift.psi("length", *drift.grouped(before, after)),
        drift.ks("length", before, after),
    ]
