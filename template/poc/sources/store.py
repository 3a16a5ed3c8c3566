"""The index of a source: an SQLite file with a row for every message, and no word of any."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.intake import NoteCode
from poc.sources.found import Kind, Unread

Outcome = Literal["clean", "quarantined", "refused"]
# The outer loop is over the files, so that nothing has to be sorted.
FROM = (
    "FROM files CROSS JOIN messages ON messages.file = files.id"
    " ORDER BY files.name, messages.number"
)
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,
    modified INTEGER NOT NULL, sha256 TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0,
    messages INTEGER NOT NULL DEFAULT 0, finished INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS messages (
    file INTEGER NOT NULL REFERENCES files (id), number INTEGER NOT NULL, place TEXT NOT NULL,
    sha256 TEXT NOT NULL, kind TEXT NOT NULL, content_type TEXT NOT NULL, bytes INTEGER NOT NULL,
    outcome TEXT NOT NULL, reason TEXT, language TEXT NOT NULL, characters INTEGER NOT NULL,
    sent_at TEXT, notes TEXT NOT NULL, channel TEXT NOT NULL, attachments TEXT NOT NULL,
    empty TEXT NOT NULL, personal TEXT NOT NULL, likeness BLOB NOT NULL, family TEXT,
    PRIMARY KEY (file, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS texts (
    likeness BLOB PRIMARY KEY, signature BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unread (
    file INTEGER, number INTEGER NOT NULL, place TEXT NOT NULL, why TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS unread_of ON unread (file);
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One message. `reason` is why it is quarantined or refused, null when clean.

    `bytes` is the size as sent, `characters` that of the free texts after cleaning; `sent_at` is
    ISO 8601 in UTC. `empty` names the input's fields without a value; `personal` the kinds of
    personal data seen, `text:` in free text and `field:` in other fields.
    """

    place: str
    sha256: str
    kind: Kind
    content_type: str
    bytes: int
    outcome: Outcome
    reason: str | None
    language: str
    characters: int
    sent_at: str | None
    notes: tuple[NoteCode, ...]
    channel: str
    attachments: tuple[str, ...]
    empty: tuple[str, ...]
    personal: tuple[str, ...]
    family: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file; `messages` counts those read so far, all of them once it is `finished`."""

    name: str
    size: int
    modified: int
    sha256: str
    messages: int
    finished: bool


class Index:
    """A finished index; every method reads the file anew, row by row."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self.connection = path, connection

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def rows(self) -> Iterator[Row]:
        """Every message in the order of files and numbers."""
        names = [name for name in Row.__dataclass_fields__ if name != "family"]
        columns = ", ".join(f"messages.{name}" for name in names)
        found = self.connection.execute(
            f"SELECT {columns}, messages.family {FROM}"  # noqa: S608
        )
        for row in found:
            values = dict(zip([*names, "family"], row, strict=True))
            for name in ("attachments", "empty", "personal"):
                values[name] = tuple(json.loads(values[name]))
            values["notes"] = tuple(NoteCode(code) for code in json.loads(values["notes"]))
            yield Row(**values)

    def files(self) -> Iterator[FileRow]:
        """Every file that was read, by name."""
        found = self.connection.execute(
            "SELECT name, size, modified, sha256, messages, finished FROM files ORDER BY name"
        )
        for name, size, modified, sha256, messages, finished in found:
            yield FileRow(name, size, modified, sha256, messages, bool(finished))

    def unread(self) -> Iterator[Unread]:
        """What gave no message, by place."""
        found = self.connection.execute("SELECT place, why FROM unread ORDER BY place, why")
        for place, why in found:
            yield Unread(place, why)

    def dropped(self) -> list[str]:
        """Columns and keys that no field of the input takes."""
        found: list[str] = json.loads(self.meta("dropped") or "[]")
        return found

    def meta(self, key: str) -> str | None:
        """A remark about the whole."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
        return str(row[0]) if row else None
