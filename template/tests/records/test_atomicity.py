"""A write happens as a whole or not at all, and a failure is told in the service's own terms."""

import resource
import traceback
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, text

from app.case import ReviewReason
from app.errors import Internal, ServiceError, Unavailable
from app.records import Records, engine, open_records

from .support import ACTOR, new_case, new_decision, postgres_only, run, sizes, sqlite_only

SECRET = "Erika Mustermann"

SQLITE_TRIGGER = """
CREATE TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'refused'); END
"""
POSTGRES_TRIGGER = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN {}; RETURN NEW; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON audit EXECUTE FUNCTION refuse();
"""


def refuse_audit(database: Engine, how: str = "RAISE EXCEPTION 'refused'") -> None:
    sqlite = database.dialect.name == "sqlite"
    with database.begin() as connection:
        connection.execute(text(SQLITE_TRIGGER if sqlite else POSTGRES_TRIGGER.format(how)))


def allow_audit(database: Engine) -> None:
    sqlite = database.dialect.name == "sqlite"
    with database.begin() as connection:
        connection.execute(text("DROP TRIGGER refuse" + ("" if sqlite else " ON audit")))


Write = Callable[[Records, str], Coroutine[Any, Any, Any]]

WRITES: dict[str, Write] = {
    "answer": lambda records, _: records.store_decision(new_case(), new_decision(), ACTOR),
    "review": lambda records, _: records.store_decision(
        new_case(), new_decision(ReviewReason.OBJECTION), ACTOR
    ),
    "quarantine": lambda records, _: records.store_quarantine(new_case(), "empty", "Empty.", ACTOR),
    "fail": lambda records, held: records.fail_replay(held, "too_long", "Long.", [], ACTOR),
}


@pytest.mark.parametrize("write", WRITES)
def test_without_its_audit_entry_nothing_is_stored(
    records: Records, database: Engine, write: str
) -> None:
    held = run(records.store_quarantine(new_case(), "unreadable", "Nothing.", ACTOR))
    before, entry = sizes(database), run(records.quarantined(held))
    refuse_audit(database)
    with pytest.raises(ServiceError):
        run(WRITES[write](records, held))
    assert sizes(database) == before
    assert run(records.quarantined(held)) == entry
    allow_audit(database)
    run(WRITES[write](records, held))
    assert sizes(database)["audit"] == 2


def test_a_replay_without_its_audit_entry_changes_nothing(
    records: Records, database: Engine
) -> None:
    case = new_case()
    held = run(records.store_quarantine(case, "unreadable", "Nothing.", ACTOR))
    before, entry = sizes(database), run(records.quarantined(held))
    refuse_audit(database)
    with pytest.raises(ServiceError):
        run(records.settle_replay(held, case, new_decision(), ACTOR))
    assert sizes(database) == before
    assert run(records.quarantined(held)) == entry


@contextmanager
def another_writer(database: Engine, table: str = "audit") -> Iterator[None]:
    sqlite = database.dialect.name == "sqlite"
    with database.connect() as connection:
        if sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield
        connection.rollback()


def test_a_writer_that_waited_too_long_is_told_to_try_again(
    url: str, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE_MILLISECONDS", 20)
    records = open_records(url)
    case = new_case(input={"name": SECRET})
    with another_writer(database):
        with pytest.raises(Unavailable, match="nothing was stored; try again") as caught:
            run(records.store_decision(case, new_decision(), SECRET))
        run(records.ping())
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert set(sizes(database).values()) == {0}
    run(records.store_decision(case, new_decision(), ACTOR))
    records.close()


def test_a_refused_row_does_not_show_in_the_error(records: Records, database: Engine) -> None:
    case = new_case(input={"name": SECRET}, submitter=SECRET)
    run(records.store_decision(case, new_decision(), ACTOR))
    before = sizes(database)
    with pytest.raises(Internal) as caught:
        run(records.store_decision(case, new_decision(), ACTOR))
    shown = "".join(traceback.format_exception(caught.value))
    assert SECRET not in shown
    assert case.id not in shown
    assert sizes(database) == before


@sqlite_only
def test_a_full_disk_stores_nothing_and_is_survived(records: Records, database: Engine) -> None:
    run(records.store_decision(new_case(), new_decision(), ACTOR))
    before = sizes(database)
    large = new_case(original=b"x" * 4 * 1024 * 1024)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * 1024, hard))
    try:
        with pytest.raises(Unavailable):
            run(records.store_decision(large, new_decision(), ACTOR))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sizes(database) == before
    run(records.store_decision(large, new_decision(), ACTOR))
    assert sizes(database)["audit"] == 2


@postgres_only
def test_a_connection_lost_half_way_stores_nothing_and_is_replaced(
    records: Records, database: Engine
) -> None:
    run(records.store_decision(new_case(), new_decision(), ACTOR))
    before = sizes(database)
    refuse_audit(database, "PERFORM pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(Unavailable):
        run(records.store_decision(new_case(), new_decision(), ACTOR))
    assert sizes(database) == before
    allow_audit(database)
    run(records.store_decision(new_case(), new_decision(), ACTOR))


@postgres_only
def test_a_restarted_server_is_not_noticed(records: Records, database: Engine) -> None:
    run(records.store_decision(new_case(), new_decision(), ACTOR))
    run(records.ping())
    with database.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = current_schema() AND pid <> pg_backend_pid()"
            )
        )
    run(records.ping())
    run(records.store_decision(new_case(), new_decision(), ACTOR))
    assert sizes(database)["cases"] == 2


def test_a_database_that_is_not_there_is_told() -> None:
    pytest.importorskip("psycopg")
    records = open_records("postgresql://nobody@127.0.0.1:1/nowhere")
    with pytest.raises(Unavailable):
        run(records.ping())
    with pytest.raises(Unavailable):
        run(records.store_decision(new_case(), new_decision(), ACTOR))
    records.close()


@sqlite_only
def test_a_file_that_is_no_database_is_told(url: str) -> None:
    with open(url.removeprefix("sqlite:///"), "wb") as file:
        file.write(b"not a database " * 1000)
    records = open_records(url)
    with pytest.raises(Unavailable):
        run(records.ping())
    records.close()
