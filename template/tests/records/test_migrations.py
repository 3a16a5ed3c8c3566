"""The migrations make what the code expects, and the service works on nothing else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Event

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.case import ReviewReason
from app.errors import Unavailable
from app.records import migrate as migrate_module
from app.records import open_records, schema, verify_chain, writing
from app.records.migrate import migrate
from app.records.schema import SCHEMA_VERSION, cases, metadata

from .support import ACTOR, new_case, new_decision, postgres_only, python, run

DAY = date(2026, 3, 1)


def tables(database: Engine) -> set[str]:
    return set(inspect(database).get_table_names())


def test_the_service_asks_for_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "app.records:migrations")
    config.set_main_option("path_separator", "newline")
    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA_VERSION]


def test_the_migrations_make_exactly_the_tables_of_the_code(url: str, database: Engine) -> None:
    with database.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        found = inspect(connection)
        for table in metadata.sorted_tables:
            key = found.get_pk_constraint(table.name)
            assert key["constrained_columns"] == list(table.primary_key.columns.keys())


def test_down_to_the_base_and_up_again(url: str, database: Engine) -> None:
    assert migrate(url, "base") == SCHEMA_VERSION
    assert tables(database) == {"alembic_version"}
    assert migrate(url) == "base"
    assert tables(database) == {*metadata.tables, "alembic_version"}
    assert migrate(url) == SCHEMA_VERSION


def test_the_data_of_an_older_schema_is_kept_on_the_way_up_and_down(
    empty_url: str, database: Engine
) -> None:
    case, decision = new_case(input={"text": "kept"}), new_decision(ReviewReason.OBJECTION)
    migrate(empty_url, "0001")
    with database.begin() as connection:
        writing.store_decision(connection, case, decision, ACTOR)
    records = open_records(empty_url)
    with pytest.raises(Unavailable, match=r"schema 0001, this release needs .*make migrate"):
        run(records.get_case(case.id))
    assert migrate(empty_url) == "0001"
    stored = run(records.get_case(case.id))
    assert stored is not None
    assert (stored.input, stored.decision) == ({"text": "kept"}, decision)
    assert run(records.reserve_spend(DAY, "USD", Decimal(1), Decimal(1))) == 1
    run(records.store_decision(new_case(), new_decision(), ACTOR))
    assert migrate(empty_url, "0001") == SCHEMA_VERSION
    with database.connect() as connection:
        assert verify_chain(connection) is None
        assert connection.execute(select(func.count()).select_from(cases)).scalar_one() == 2
    migrate(empty_url)
    assert run(records.spent(DAY, "USD")) == 0
    records.close()


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str, database: Engine) -> None:
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE audit (seq INTEGER)"))
    with pytest.raises(SQLAlchemyError):
        migrate(empty_url)
    assert tables(database) == {"audit"}


def test_commands_at_once_wait_for_each_other(empty_url: str, database: Engine) -> None:
    commands = [python("-m", "app.records.migrate", url=empty_url) for _ in range(3)]
    outputs = sorted(command.communicate() for command in commands)
    assert [command.returncode for command in commands] == [0, 0, 0]
    assert outputs == [
        (f"schema is {SCHEMA_VERSION}, was {SCHEMA_VERSION}\n", ""),
        (f"schema is {SCHEMA_VERSION}, was {SCHEMA_VERSION}\n", ""),
        (f"schema is {SCHEMA_VERSION}, was base\n", ""),
    ]


WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE application_name = current_schema() AND wait_event_type = 'Lock'"
)


@postgres_only
def test_a_second_migration_waits_for_the_first(
    empty_url: str, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go_on = Event(), Event()
    real = migrate_module._move

    def move(connection: Connection, revision: str) -> str:
        assert go_on.is_set() or not inside.is_set(), "two are at work at once"
        inside.set()
        assert go_on.wait(30)
        return real(connection, revision)

    monkeypatch.setattr(migrate_module, "_move", move)
    with ThreadPoolExecutor(2) as threads, database.connect() as observer:
        first = threads.submit(migrate, empty_url)
        assert inside.wait(30)
        second = threads.submit(migrate, empty_url)
        observer = observer.execution_options(isolation_level="AUTOCOMMIT")
        while not second.done() and not observer.execute(WAITING).scalar_one():
            pass
        go_on.set()
    assert (first.result(), second.result()) == ("base", SCHEMA_VERSION)


def test_the_command_names_an_unknown_revision(empty_url: str) -> None:
    command = python("-m", "app.records.migrate", "--to", "nowhere", url=empty_url)
    _, error = command.communicate()
    assert command.returncode == 1
    assert "nowhere" in error
    assert "Traceback" not in error


def test_a_database_without_tables_is_refused_and_stays_empty(
    empty_url: str, database: Engine
) -> None:
    records = open_records(empty_url)
    with pytest.raises(Unavailable, match=r"schema none.*make migrate"):
        run(records.ping())
    with pytest.raises(Unavailable, match="make migrate"):
        run(records.store_decision(new_case(), new_decision(), ACTOR))
    with pytest.raises(Unavailable, match="make migrate"):
        run(records.counts())
    assert tables(database) == set()
    migrate(empty_url)
    run(records.ping())
    run(records.store_decision(new_case(), new_decision(), ACTOR))
    records.close()


@pytest.mark.parametrize("version", ["0000", "9999"])
def test_another_schema_is_refused(url: str, database: Engine, version: str) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    records = open_records(url)
    with pytest.raises(Unavailable, match=f"schema {version}.*make migrate"):
        run(records.ping())
    with pytest.raises(Unavailable, match="make migrate"):
        run(records.store_decision(new_case(), new_decision(), ACTOR))
    records.close()


def test_readiness_notices_a_schema_that_moved_on(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = open_records(url)
    run(records.ping())
    migrate(url, "base")
    with pytest.raises(Unavailable, match=f"needs {schema.SCHEMA_VERSION}"):
        run(records.ping())
    records.close()
