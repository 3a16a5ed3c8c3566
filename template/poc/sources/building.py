"""Fills an index: new and changed files only, and on from where an interrupted run stopped."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from poc.sources import families, likeness, reading
from poc.sources.found import Found, Unread
from poc.sources.options import Options
from poc.sources.taking import Taker
from poc.sources.walking import LOCKED, File, walk

BATCH = 200


class Building:
    """One run over a source."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        options: Options,
        say: Callable[[int], None],
    ) -> None:
        self._connection, self._path, self._options, self._say = connection, path, options, say
        self._taker = Taker(options)
        self._dropped: dict[str, None] = dict.fromkeys(json.loads(self._meta("dropped") or "[]"))
        self._total = int(str(self._one("SELECT count(*) FROM messages")))
        self._alone = path.is_file()

    def run(self) -> None:
        """Read every file that is not known as it is, then settle the families."""
        seen: set[str] = set()
        unread: list[Unread] = []
        for one in walk(self._path):
            if isinstance(one, Unread):
                unread.append(one)
            else:
                try:
                    self._file(one, _digest(one))
                    seen.add(one.name)
                except OSError:
                    unread.append(Unread(one.name, LOCKED))
        with self._batch():
            self._forget(seen)
            self._connection.execute("DELETE FROM unread WHERE file IS NULL")
            self._connection.executemany(
                "INSERT INTO unread VALUES (NULL, 0, ?, ?)",
                [(one.place, one.why) for one in unread],
            )
            self._keep("dropped", json.dumps(list(self._dropped)))
            if self._meta("settled") != "yes":
                families.assign(self._connection)
                self._keep("settled", "yes")

    def _file(self, file: File, digest: str) -> None:
        known = self._connection.execute(
            "SELECT id, size, modified, sha256, done, finished FROM files WHERE name = ?",
            [file.name],
        ).fetchone()
        if known and known[3] != digest:
            with self._batch():
                self._remove(known[0])
            known = None
        if known is None:
            with self._batch():
                made = self._connection.execute(
                    "INSERT INTO files (name, size, modified, sha256) VALUES (?, ?, ?, ?)",
                    [file.name, file.size, file.modified, digest],
                )
            known = (made.lastrowid, file.size, file.modified, digest, 0, 0)
        if not known[5]:
            self._read(file, int(known[0]), int(known[4]))
        with self._batch():
            self._connection.execute(
                "UPDATE files SET finished = 1, size = ?, modified = ? WHERE id = ?",
                [file.size, file.modified, known[0]],
            )

    def _read(self, file: File, number: int, done: int) -> None:
        """Index what follows the messages already known, in batches that stay."""
        source = enumerate(
            reading.messages(file, self._options, self._alone, self._dropped), start=1
        )
        rest = islice(source, done, None)
        while batch := list(islice(rest, BATCH)):
            with self._batch():
                self._keep("settled", "no")
                found = sum(self._item(number, place, one) for place, one in batch)
                self._connection.execute(
                    "UPDATE files SET done = ?, messages = messages + ? WHERE id = ?",
                    [batch[-1][0], found, number],
                )
                self._keep("dropped", json.dumps(list(self._dropped)))
            self._total += found
            self._say(self._total)

    def _item(self, file: int, number: int, one: Found | Unread) -> bool:
        """Keep one item of a file; true for a message."""
        if isinstance(one, Unread):
            self._connection.execute(
                "INSERT INTO unread VALUES (?, ?, ?, ?)", [file, number, one.place, one.why]
            )
            return False
        taken = self._taker.take(one)
        values = {"file": file, "number": number, **taken.values}
        self._connection.execute(
            f"INSERT INTO messages ({', '.join(values)})"  # noqa: S608 - names of columns
            f" VALUES ({', '.join('?' * len(values))})",
            list(values.values()),
        )
        key = taken.values["likeness"]
        known = self._one("SELECT 1 FROM texts WHERE likeness = ?", key)
        if taken.text and not known:
            self._connection.execute(
                "INSERT INTO texts VALUES (?, ?)", [key, likeness.signature(taken.text)]
            )
        return True

    def _forget(self, seen: set[str]) -> None:
        """Take out the files that are gone."""
        for number, name in self._connection.execute("SELECT id, name FROM files").fetchall():
            if name not in seen:
                self._remove(number)

    def _remove(self, file: int) -> None:
        for table, key in (("messages", "file"), ("unread", "file"), ("files", "id")):
            self._connection.execute(f"DELETE FROM {table} WHERE {key} = ?", [file])  # noqa: S608
        self._keep("settled", "no")

    @contextmanager
    def _batch(self) -> Iterator[None]:
        """All of it stays, or nothing."""
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _one(self, query: str, *values: object) -> object:
        row = self._connection.execute(query, values).fetchone()
        return row[0] if row else None

    def _meta(self, key: str) -> str:
        return str(self._one("SELECT value FROM meta WHERE key = ?", key) or "")

    def _keep(self, key: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])


def _digest(file: File) -> str:
    with file.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
