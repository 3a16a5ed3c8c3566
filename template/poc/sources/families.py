"""Messages that go back to one text get one family, whatever the order they were read in.

Each text is held against those it shares a band with; bands and texts lie in tables of the file,
so that memory stays flat. A band remembers the first text that had it.
"""

import sqlite3
from array import array

from poc.sources.likeness import ALIKE, bands, similarity
from poc.sources.store import FROM

TABLES = """
CREATE TEMP TABLE members (id INTEGER PRIMARY KEY, likeness BLOB NOT NULL UNIQUE);
CREATE TEMP TABLE bands (key INTEGER PRIMARY KEY, text INTEGER NOT NULL);
CREATE TEMP TABLE chosen (likeness BLOB PRIMARY KEY, family TEXT NOT NULL) WITHOUT ROWID;
"""
DIGITS = 12


def assign(connection: sqlite3.Connection) -> None:
    """Write the family of every message; the caller commits."""
    for name in ("members", "bands", "chosen"):
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
    for statement in filter(str.strip, TABLES.split(";")):
        connection.execute(statement)
    connection.execute(
        f"INSERT OR IGNORE INTO members (likeness) SELECT messages.likeness {FROM}"  # noqa: S608
    )
    parents = _joined(connection)
    members = connection.execute("SELECT id, likeness FROM members ORDER BY id")
    connection.executemany(
        "INSERT INTO chosen VALUES (?, ?)",
        ((likeness, _name(connection, _root(parents, id_))) for id_, likeness in members),
    )
    connection.execute(
        "UPDATE messages SET family ="
        " (SELECT family FROM chosen WHERE chosen.likeness = messages.likeness)"
    )


def _joined(connection: sqlite3.Connection) -> "array[int]":
    """For each text the first one it is alike to, directly or over others."""
    parents = array("q", [0])
    found = connection.execute(
        "SELECT members.id, texts.signature FROM members"
        " LEFT JOIN texts USING (likeness) ORDER BY members.id"
    )
    for number, signed in found:
        parents.append(number)
        if not signed:
            continue
        keys = bands(signed)
        for other, theirs in _neighbours(connection, keys):
            first, second = _root(parents, number), _root(parents, other)
            if first != second and similarity(signed, theirs) >= ALIKE:
                parents[max(first, second)] = min(first, second)
        connection.executemany(
            "INSERT OR IGNORE INTO bands VALUES (?, ?)", [(key, number) for key in keys]
        )
    return parents


def _neighbours(connection: sqlite3.Connection, keys: list[int]) -> list[tuple[int, bytes]]:
    marks = ",".join("?" * len(keys))
    return connection.execute(
        f"SELECT DISTINCT bands.text, texts.signature FROM bands"  # noqa: S608
        f" JOIN members ON members.id = bands.text JOIN texts USING (likeness)"
        f" WHERE bands.key IN ({marks}) ORDER BY bands.text",
        keys,
    ).fetchall()


def _root(parents: "array[int]", number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number


def _name(connection: sqlite3.Connection, number: int) -> str:
    row = connection.execute("SELECT likeness FROM members WHERE id = ?", [number]).fetchone()
    return bytes(row[0]).hex()[:DIGITS]
