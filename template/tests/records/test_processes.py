"""Several processes write at once, and one is killed in the middle of it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, text

from app.records import Records, verify_chain
from app.records.schema import audit, cases, decisions, originals, quarantine, review_items

from .support import ACTOR, new_case, new_decision, python, rows_in, run

WRITER = f"{__package__}.writer"


@contextmanager
def snapshot(database: Engine) -> Iterator[Connection]:
    """One moment: a server may still commit what a killed process had asked for."""
    with database.connect() as connection:
        if database.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def check_consistency(database: Engine) -> set[str]:
    """Every case has all that belongs to it and an audit entry, and the chain holds."""
    with snapshot(database) as connection:
        assert verify_chain(connection) is None
        if database.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        stored = {row["id"]: row["status"] for row in rows_in(connection, cases)}
        owners = {
            table.name: sorted(row["case_id"] for row in rows_in(connection, table))
            for table in (originals, decisions, review_items, quarantine)
        }
        entries = sorted(row["subject"] for row in rows_in(connection, audit))
    ids = sorted(stored)
    assert entries == ids
    assert owners == {
        "originals": ids,
        "decisions": [one for one in ids if stored[one] != "quarantined"],
        "review_items": [one for one in ids if stored[one] == "in_review"],
        "quarantine": [one for one in ids if stored[one] == "quarantined"],
    }
    return set(stored)


def test_writers_in_three_processes_lose_nothing(url: str, database: Engine) -> None:
    writers = [python("-m", WRITER, "60", url=url) for _ in range(3)]
    finished = [writer.communicate() for writer in writers]
    assert [error for _, error in finished] == ["", "", ""]
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    told = [line for out, _ in finished for line in out.split()]
    assert len(told) == len(set(told)) == 180
    assert check_consistency(database) == set(told)


@pytest.mark.parametrize("lines", [1, 10, 40])
def test_a_killed_writer_leaves_what_it_told_and_nothing_by_halves(
    url: str, records: Records, database: Engine, lines: int
) -> None:
    writer = python("-m", WRITER, url=url)
    assert writer.stdout is not None
    told = [writer.stdout.readline().strip() for _ in range(lines)]
    writer.kill()
    rest, error = writer.communicate()
    assert (writer.returncode, error) == (-9, "")
    told += [line.strip() for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    assert set(told) <= check_consistency(database)
    case = new_case()
    run(records.store_decision(case, new_decision(), ACTOR))
    assert case.id in check_consistency(database)
