"""A quarantined case is settled once, or stays held for a new reason."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from app.case import ReviewReason
from app.errors import Conflict
from app.records import NewCase, Records, open_records
from app.records.schema import audit, decisions

from .support import ACTOR, new_case, new_decision, rows, run, sizes


@pytest.fixture
def held(records: Records) -> tuple[NewCase, str]:
    case = new_case(input=None)
    entry = run(records.store_quarantine(case, "unreadable", "Nothing to read.", ACTOR))
    return case, entry


def test_a_settled_replay_gives_the_same_case_an_outcome(
    records: Records, held: tuple[NewCase, str]
) -> None:
    old, entry_id = held
    case = replace(old, input={"text": "now readable"}, language="en", notes=[{"code": "new"}])
    decision = new_decision(ReviewReason.BELOW_THRESHOLD)
    run(records.settle_replay(entry_id, case, decision, ACTOR))
    stored = run(records.get_case(old.id))
    assert stored is not None
    assert (stored.status, stored.decision) == ("in_review", decision)
    assert (stored.input, stored.language) == ({"text": "now readable"}, "en")
    assert (stored.notes, stored.received_at) == ([{"code": "new"}], old.received_at)
    assert stored.quarantine is None
    assert stored.review is not None
    entry = run(records.quarantined(entry_id))
    assert entry is not None
    assert entry.state == "replayed"
    assert entry.closed_at is not None
    assert entry.closed_at >= entry.created_at
    assert run(records.list_quarantine(None, 10)).items == []


def test_a_failed_replay_stays_held_for_the_new_reason(
    records: Records, held: tuple[NewCase, str], database: Engine
) -> None:
    case, entry_id = held
    notes = [{"code": "still"}]
    run(records.fail_replay(entry_id, "too_long", "More than allowed.", notes, ACTOR))
    entry = run(records.quarantined(entry_id))
    assert entry is not None
    assert (entry.reason, entry.detail, entry.state) == ("too_long", "More than allowed.", "held")
    assert (entry.case.status, entry.case.notes) == ("quarantined", notes)
    assert [row["action"] for row in rows(database, audit)] == [
        "case.quarantined",
        "quarantine.replay_failed",
    ]
    run(records.settle_replay(entry_id, case, new_decision(), ACTOR))


def test_of_two_operators_at_once_exactly_one_wins(
    url: str, records: Records, database: Engine
) -> None:
    other = open_records(url)

    async def race(entry: str, case: NewCase) -> list[BaseException | None]:
        calls = [one.settle_replay(entry, case, new_decision(), ACTOR) for one in (records, other)]
        return await asyncio.gather(*calls, return_exceptions=True)

    for turn in range(1, 6):
        case = new_case()
        entry = run(records.store_quarantine(case, "unreadable", "Nothing to read.", ACTOR))
        outcomes = run(race(entry, case))
        assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "NoneType"]
        assert len(rows(database, decisions)) == turn
    other.close()


def test_what_is_not_held_is_a_conflict_and_changes_nothing(
    records: Records, held: tuple[NewCase, str], database: Engine
) -> None:
    case, entry_id = held
    run(records.settle_replay(entry_id, case, new_decision(), ACTOR))
    before = sizes(database)
    with pytest.raises(Conflict, match="no longer held"):
        run(records.settle_replay(entry_id, case, new_decision(), ACTOR))
    with pytest.raises(Conflict, match="no longer held"):
        run(records.fail_replay(entry_id, "too_long", "More than allowed.", [], ACTOR))
    with pytest.raises(Conflict, match="no longer held"):
        run(records.fail_replay("quarantine_none", "too_long", "More.", [], ACTOR))
    assert sizes(database) == before
    stored = run(records.get_case(case.id))
    assert stored is not None
    assert stored.notes == case.notes


def test_an_entry_is_not_settled_with_another_case(
    records: Records, held: tuple[NewCase, str]
) -> None:
    case, entry_id = held
    with pytest.raises(Conflict):
        run(records.settle_replay(entry_id, new_case(), new_decision(), ACTOR))
    stored = run(records.get_case(case.id))
    assert stored is not None
    assert stored.status == "quarantined"


def test_the_newest_decision_counts(
    records: Records, held: tuple[NewCase, str], database: Engine
) -> None:
    case, entry_id = held
    run(records.settle_replay(entry_id, case, new_decision(), ACTOR))
    newest = new_decision(answer={"label": "newest"})
    (first,) = rows(database, decisions)
    later = first["created_at"].replace(year=first["created_at"].year + 1)
    body = newest.model_dump_json()
    with database.begin() as connection:
        connection.execute(
            decisions.insert(),
            {"id": "decision_0", "case_id": case.id, "body": body, "created_at": later},
        )
    stored = run(records.get_case(case.id))
    assert stored is not None
    assert stored.decision == newest
