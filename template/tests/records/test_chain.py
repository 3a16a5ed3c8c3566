"""The audit chain shows whatever was done to it, but for a tail that was cut off."""

import json
import re
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import Engine, delete, text, update

from app.case import ReviewReason
from app.records import Records, verify_chain
from app.records.chain import NO_PREVIOUS, append
from app.records.schema import audit

from .support import ACTOR, new_case, new_decision, python, rows, run, sqlite_only


@pytest.fixture
def five(records: Records) -> None:
    for number in range(5):
        reason = ReviewReason.OBJECTION if number % 2 else None
        run(records.store_decision(new_case(), new_decision(reason), ACTOR))


def first_broken(database: Engine) -> int | None:
    with database.connect() as connection:
        return verify_chain(connection)


def set_column(database: Engine, number: int, column: str, value: object) -> None:
    with database.begin() as connection:
        connection.execute(update(audit).where(audit.c.seq == number).values({column: value}))


@pytest.mark.usefixtures("five")
def test_an_untouched_chain_holds_and_says_who_did_what(database: Engine) -> None:
    assert first_broken(database) is None
    entries = rows(database, audit)
    assert [entry["seq"] for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry["action"] for entry in entries[:2]] == ["case.answered", "case.sent_to_review"]
    assert {entry["actor"] for entry in entries} == {ACTOR}
    details = json.loads(entries[1]["details"])
    assert details["review_reason"] == "objection"
    assert (details["model"], details["prompt_version"]) == ("linear", "3")


def test_each_action_names_its_case(records: Records, database: Engine) -> None:
    case = new_case()
    entry_id = run(records.store_quarantine(case, "unreadable", "Nothing to read.", ACTOR))
    run(records.settle_replay(entry_id, case, new_decision(), "operator"))
    entries = rows(database, audit)
    assert [entry["action"] for entry in entries] == ["case.quarantined", "quarantine.replayed"]
    assert {entry["subject"] for entry in entries} == {case.id}
    assert entries[1]["actor"] == "operator"
    assert json.loads(entries[1]["details"])["quarantine"] == entry_id


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "somebody else"),
        ("action", "case.sent_to_review "),
        ("subject", "case_other"),
        ("details", "{}"),
        ("previous", NO_PREVIOUS),
        ("hash", "f" * 64),
    ],
)
def test_a_changed_column_is_found(database: Engine, column: str, value: str) -> None:
    set_column(database, 3, column, value)
    assert first_broken(database) == 3


@pytest.mark.usefixtures("five")
def test_a_changed_moment_is_found(database: Engine) -> None:
    at = rows(database, audit)[2]["at"]
    set_column(database, 3, "at", at.replace(microsecond=(at.microsecond + 1) % 1_000_000))
    assert first_broken(database) == 3


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(("seq", "broken"), [(6, 5), (50, 5), (0, 0), (-7, -7)])
def test_a_moved_entry_is_found(database: Engine, seq: int, broken: int) -> None:
    set_column(database, 5, "seq", seq)
    assert first_broken(database) == broken


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("gone", [1, 2, 4])
def test_a_deleted_entry_is_found(database: Engine, gone: int) -> None:
    with database.begin() as connection:
        connection.execute(delete(audit).where(audit.c.seq == gone))
    assert first_broken(database) == gone


@pytest.mark.usefixtures("five")
def test_an_entry_forged_with_a_fitting_hash_breaks_the_next(database: Engine) -> None:
    entries = rows(database, audit)
    with database.begin() as connection:
        connection.execute(delete(audit).where(audit.c.seq >= 2))
        append(connection, "somebody else", "case.answered", entries[1]["subject"], {})
        connection.execute(audit.insert(), entries[2:])
    assert first_broken(database) == 3


def recomputed(entry: dict[str, Any]) -> str:
    """The hash as an auditor would compute it, with nothing of the service's own code."""
    said = {**entry, "at": entry["at"].strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")}
    del said["hash"]
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@pytest.mark.usefixtures("five")
def test_the_hash_can_be_recomputed_by_anybody(database: Engine) -> None:
    entries = rows(database, audit)
    assert [entry["hash"] for entry in entries] == [recomputed(entry) for entry in entries]
    assert [entry["previous"] for entry in entries[1:]] == [one["hash"] for one in entries[:-1]]


@pytest.mark.usefixtures("five")
def test_a_gap_is_found_even_with_fitting_hashes(database: Engine) -> None:
    entries = rows(database, audit)
    forged = {**entries[3], "previous": entries[1]["hash"]}
    forged["hash"] = recomputed(forged)
    with database.begin() as connection:
        connection.execute(delete(audit).where(audit.c.seq >= 3))
        connection.execute(audit.insert(), forged)
    assert first_broken(database) == 3


@sqlite_only
@pytest.mark.parametrize(
    "assignment",
    ["at = 'yesterday'", "at = 7", "actor = x'00ff'", "details = 3", "hash = x'00'"],
)
def test_a_value_of_another_kind_is_found(
    records: Records, database: Engine, assignment: str
) -> None:
    for _ in range(3):
        run(records.store_decision(new_case(), new_decision(), ACTOR))
    with database.begin() as connection:
        connection.execute(text(f"UPDATE audit SET {assignment} WHERE seq = 2"))  # noqa: S608
    assert first_broken(database) == 2


@pytest.mark.usefixtures("five")
def test_the_command_tells_count_and_head(url: str, database: Engine) -> None:
    out, error = (command := python("-m", "app.records.audit", url=url)).communicate()
    assert (command.returncode, error) == (0, "")
    assert out.startswith("chain holds over 5 entries\n")
    assert re.findall("[0-9a-f]{64}", out) == [rows(database, audit)[-1]["hash"]]
    assert "cut off" in out


@pytest.mark.usefixtures("five")
def test_the_command_names_the_first_broken_entry(url: str, database: Engine) -> None:
    set_column(database, 4, "actor", "somebody else")
    out, error = (command := python("-m", "app.records.audit", url=url)).communicate()
    assert (command.returncode, out) == (1, "")
    assert "broken at entry 4" in error
    assert "Traceback" not in error


def test_the_command_asks_for_the_tables_first(empty_url: str) -> None:
    _, error = (command := python("-m", "app.records.audit", url=empty_url)).communicate()
    assert command.returncode == 1
    assert "make migrate" in error
    assert "Traceback" not in error


@pytest.mark.usefixtures("url")
def test_a_long_chain_is_followed_in_batches(database: Engine) -> None:
    with database.begin() as connection:
        for _ in range(2500):
            append(connection, ACTOR, "case.answered", "case_1", {})
    assert first_broken(database) is None
    set_column(database, 2345, "actor", "somebody else")
    assert first_broken(database) == 2345
