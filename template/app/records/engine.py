"""Engines: what the service demands of SQLite and PostgreSQL, set on every connection.

Migrations do not come through here, they need foreign keys off while they rebuild a table.
"""

import importlib.util
import os
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError

from app.settings import SettingsError

# How long a statement waits for another writer before the call fails.
PATIENCE_MILLISECONDS = 5000
_CONNECT_SECONDS = 5
_SQLITE = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_STATEMENT_MILLISECONDS = 30_000


def database_url(url: str) -> URL:
    """Check a database URL, and make the folder of a SQLite file.

    Raises `SettingsError` for anything but a SQLite file that can be written or a PostgreSQL
    with its driver installed.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError("APP_DATABASE_URL: is not a database URL") from None
    if parsed.get_backend_name() == "sqlite":
        _prepare(parsed.database)
        return parsed.set(drivername="sqlite+pysqlite")
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise SettingsError("APP_DATABASE_URL: must begin with sqlite:/// or postgresql://")
    if importlib.util.find_spec("psycopg") is None:
        raise SettingsError(
            "APP_DATABASE_URL: PostgreSQL needs a driver: run `make setup EXTRAS=postgres`"
        )
    return parsed.set(drivername="postgresql+psycopg")


def writing_engine(url: URL, connections: int) -> Engine:
    """Make the engine for write transactions; on SQLite they exclude each other from the start."""
    return _engine(url, connections, "BEGIN IMMEDIATE")


def reading_engine(url: URL, connections: int) -> Engine:
    """Make the engine for transactions that only read."""
    return _engine(url, connections, "BEGIN")


def _engine(url: URL, connections: int, begin: str) -> Engine:
    # Parameters are people's data: they stay out of the texts of exceptions.
    options: dict[str, Any] = {
        "pool_size": connections,
        "max_overflow": 0,
        "hide_parameters": True,
    }
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, **options)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", lambda connection: _begin(connection, begin))
        return engine
    options |= {"isolation_level": "READ COMMITTED", "pool_pre_ping": True}
    engine = create_engine(url, connect_args={"connect_timeout": _CONNECT_SECONDS}, **options)
    event.listen(engine, "connect", _set_up_postgres)
    return engine


def _begin(connection: Connection, begin: str) -> None:
    connection.exec_driver_sql(begin)


def _set_up_sqlite(raw: sqlite3.Connection, _: object) -> None:
    # The driver must not begin a transaction of its own: a deferred one that reads first and
    # writes later fails at once, whatever the busy timeout, when another process wrote between.
    raw.isolation_level = None
    for pragma in (f"busy_timeout={PATIENCE_MILLISECONDS}", *_SQLITE):
        raw.execute(f"PRAGMA {pragma}")


def _set_up_postgres(raw: DBAPIConnection, _: object) -> None:
    cursor = raw.cursor()
    cursor.execute(f"SET lock_timeout = {PATIENCE_MILLISECONDS}")
    cursor.execute(f"SET statement_timeout = {_STATEMENT_MILLISECONDS}")
    cursor.close()
    raw.commit()


def _prepare(database: str | None) -> None:
    if not database or database == ":memory:" or database.startswith("file:"):
        raise SettingsError("APP_DATABASE_URL: SQLite needs a file, as in sqlite:///data/app.db")
    path = Path(database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise SettingsError(
            f"APP_DATABASE_URL: the folder {path.parent} cannot be written"
            f" ({error.strerror}); choose another or change its permissions"
        ) from None
    if path.exists() and not os.access(path, os.W_OK):
        raise SettingsError(f"APP_DATABASE_URL: the file {path} cannot be written")
