"""`python -m app.records.migrate`: bring the database to the schema of this version.

`--to REVISION` goes to another one, for example before the previous release is rolled back to;
`--to base` drops every table with everything in it. Either all of it happens or nothing.
"""

import argparse
import sqlite3
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from app.records.engine import PATIENCE_MILLISECONDS, database_url
from app.records.schema import SCHEMA_VERSION
from app.settings import SettingsError, load

_LOCK = text("SELECT pg_advisory_xact_lock(6047313952768924)")


def migrate(url: str, revision: str = SCHEMA_VERSION) -> str:
    """Move the schema up or down to `revision` in one transaction and return where it was.

    Waits for another process that is migrating. Raises `SettingsError` for a bad URL,
    `alembic.util.CommandError` for an unknown revision.
    """
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(_LOCK)
            return _move(connection, revision)
    finally:
        engine.dispose()


def _move(connection: Connection, revision: str) -> str:
    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    before = MigrationContext.configure(connection).get_current_revision() or "base"
    below = ScriptDirectory.from_config(config).iterate_revisions(before, "base")
    if revision == "base" or revision in {script.revision for script in below} - {before}:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)
    return before


def _engine(url: str) -> Engine:
    parsed = database_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, poolclass=NullPool)
    engine = create_engine(
        parsed, poolclass=NullPool, connect_args={"timeout": PATIENCE_MILLISECONDS / 1000}
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _set_up_sqlite(raw: sqlite3.Connection, _: object) -> None:
    raw.isolation_level = None
    # Kept in the file: processes of the service that start together need not agree on it first.
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA foreign_keys=OFF")


def main(arguments: list[str]) -> None:
    """Migrate the database of `APP_DATABASE_URL`."""
    parser = argparse.ArgumentParser(prog="python -m app.records.migrate")
    parser.add_argument("--to", default=SCHEMA_VERSION, metavar="REVISION")
    revision = parser.parse_args(arguments).to
    try:
        before = migrate(load().database_url.get_secret_value(), revision)
    except (SettingsError, CommandError) as error:
        raise SystemExit(str(error)) from None
    except SQLAlchemyError as error:
        raise SystemExit(f"The database cannot be migrated: {error}") from None
    sys.stdout.write(f"schema is {revision}, was {before}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
