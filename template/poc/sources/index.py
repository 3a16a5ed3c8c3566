"""The index of a source: kept below build/, and brought up to date by every command."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import app.intake
import app.usecase
from poc.engine.problems import Refused
from poc.profile import personal
from poc.sources import store
from poc.sources.building import Building
from poc.sources.options import Options
from poc.sources.reading import fetch
from poc.sources.store import FileRow, Index, Row

__all__ = ["FileRow", "Index", "Row", "build", "fetch"]

FOLDER = Path("build") / "profile"
BUSY = "Another run reads the same source now; wait until it is done."
BROKEN = "{} is damaged; remove it, and run this again: nothing else is lost."


def build(
    root: Path, path: Path, options: Options, say: Callable[[int], None] = lambda _: None
) -> Index:
    """Read what is new or changed below a path, and return the whole index.

    `say` hears the number of messages known so far, and may raise to stop: what was read stays.
    Raises `Refused` when nothing is there, for a table without a required column that stands
    alone, and while another run builds the same index.
    """
    place = root / FOLDER / f"index-{hashlib.sha256(bytes(path.resolve())).hexdigest()[:12]}.sqlite"
    try:
        connection = _opened(place, _fingerprint(options))
        try:
            Building(connection, path, options, say).run()
            connection.execute("PRAGMA locking_mode = NORMAL")
            connection.execute("SELECT count(*) FROM meta").fetchone()
        except BaseException:
            connection.close()
            raise
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise Refused(BUSY) from None
        raise Refused(f"{_shown(place, root)}: {error}.") from None
    except sqlite3.DatabaseError:
        raise Refused(BROKEN.format(_shown(place, root))) from None
    return Index(place, connection)


def _shown(place: Path, root: Path) -> str:
    return place.relative_to(root).as_posix()


def _opened(place: Path, fingerprint: str) -> sqlite3.Connection:
    """The index file for this owner alone, emptied when it was made by other rules."""
    place.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(place, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(place, timeout=1, isolation_level=None)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute("BEGIN EXCLUSIVE")
        for statement in filter(str.strip, store.SCHEMA.split(";")):
            connection.execute(statement)
        known = connection.execute("SELECT value FROM meta WHERE key = 'rules'").fetchone()
        if known != (fingerprint,):
            for table in ("messages", "texts", "unread", "files", "meta"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608
            connection.execute("INSERT INTO meta VALUES ('rules', ?)", [fingerprint])
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _fingerprint(options: Options) -> str:
    """Changes with everything that decides about a row: options, limits, schema and code."""
    total = hashlib.sha256()
    about = [
        dict(options.columns), options.encoding, options.dates, options.region, options.most,
        options.limits.bytes, options.limits.characters, sorted(options.usecase.long_text),
        options.usecase.input_type.model_json_schema(),
    ]  # fmt: skip
    total.update(json.dumps(about, sort_keys=True, default=str).encode())
    folders = [
        Path(str(one)).parent for one in (app.intake.__file__, app.usecase.__file__, __file__)
    ]
    files = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    for file in [*files, Path(personal.__file__)]:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
