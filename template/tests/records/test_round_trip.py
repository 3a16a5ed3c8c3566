"""What was stored comes back as it was."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from sqlalchemy import Engine

from app.case import ReviewReason
from app.errors import InvalidInput
from app.records import Records, new_id
from app.records.schema import originals

from .support import ACTOR, new_case, new_decision, rows, run

AWKWARD = {
    "text": "Grüße, 你好, \U0001f642, naïve \u202e \x00 \ud800 end",
    "deep": [{"a": None, "b": 1.5, "c": [True, "\\", '"']}],
}


def test_an_answered_case_comes_back(records: Records) -> None:
    case, decision = new_case(input=AWKWARD), new_decision(answer={"label": "Größe 你好"})
    run(records.store_decision(case, decision, ACTOR))
    stored = run(records.get_case(case.id))
    assert stored is not None
    for name in ("id", "received_at", "submitter", "content_type", "use_case", "language"):
        assert getattr(stored, name) == getattr(case, name)
    assert (stored.input, stored.notes, stored.request_id) == (AWKWARD, case.notes, "request-1")
    assert (stored.status, stored.decision) == ("answered", decision)
    assert stored.review is None
    assert stored.quarantine is None


def test_a_case_for_a_person_has_an_open_review_item(records: Records) -> None:
    case, decision = new_case(), new_decision(ReviewReason.OBJECTION)
    run(records.store_decision(case, decision, ACTOR))
    stored = run(records.get_case(case.id))
    assert stored is not None
    assert stored.review is not None
    assert (stored.status, stored.input, stored.decision) == ("in_review", None, decision)
    assert (stored.review.case_id, stored.review.decision_id) == (case.id, decision.id)
    assert stored.review.reason == "objection"
    assert run(records.list_review(None, 10)).items == [stored.review]


class Reason(StrEnum):
    UNREADABLE = "unreadable"


def test_a_quarantined_case_keeps_its_reason_and_its_bytes(records: Records) -> None:
    case = new_case(original=bytes(range(256)))
    entry_id = run(records.store_quarantine(case, Reason.UNREADABLE, "Nothing to read.", ACTOR))
    entry = run(records.quarantined(entry_id))
    assert entry is not None
    assert (entry.original, entry.content_type) == (case.original, case.content_type)
    assert (entry.reason, entry.detail, entry.state) == ("unreadable", "Nothing to read.", "held")
    assert (entry.case.id, entry.case.status, entry.case.decision) == (case.id, "quarantined", None)
    assert entry.closed_at is None
    listed = run(records.list_quarantine(None, 10)).items
    assert listed == [entry.case.quarantine]
    assert listed[0].id == entry_id


def test_the_original_of_every_case_is_kept(records: Records, database: Engine) -> None:
    body = bytes(range(256)) * (4 * 1024 * 4)
    case = new_case(original=body)
    run(records.store_decision(case, new_decision(), ACTOR))
    (kept,) = rows(database, originals)
    assert len(body) == 4 * 1024 * 1024
    assert (kept["case_id"], kept["body"], kept["content_type"]) == (
        case.id,
        body,
        case.content_type,
    )
    assert kept["sha256"] == hashlib.sha256(body).hexdigest()


def test_a_moment_keeps_its_instant_in_utc(records: Records) -> None:
    case = new_case()
    moment = datetime(2031, 3, 30, 1, 59, 59, 123456, timezone(timedelta(hours=-7)))
    object.__setattr__(case, "received_at", moment)
    run(records.store_decision(case, new_decision(), ACTOR))
    stored = run(records.get_case(case.id))
    assert stored is not None
    assert stored.received_at == moment
    assert stored.received_at.tzinfo is UTC


@pytest.mark.parametrize("unknown", ["case_none", "", "\x00", "\ud800", "ä"])
def test_what_is_not_there_is_none(records: Records, unknown: str) -> None:
    assert run(records.get_case(unknown)) is None
    assert run(records.quarantined(unknown)) is None


@pytest.mark.parametrize("cursor", ["\x00", "\ud800", "ä"])
def test_a_cursor_that_cannot_be_one_is_refused(records: Records, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="start without one"):
        run(records.list_review(cursor, 10))
    with pytest.raises(InvalidInput, match="start without one"):
        run(records.list_quarantine(cursor, 10))


def test_counts_say_what_there_is_and_what_waits(records: Records) -> None:
    assert set(run(records.counts()).values()) == {0}
    for _ in range(3):
        run(records.store_decision(new_case(), new_decision(), ACTOR))
    for _ in range(2):
        run(records.store_decision(new_case(), new_decision(ReviewReason.REFUSED), ACTOR))
    run(records.store_quarantine(new_case(), "empty", "Nothing in it.", ACTOR))
    assert run(records.counts()) == {
        "cases": 6,
        "answered": 3,
        "in_review": 2,
        "quarantined": 1,
        "review_open": 2,
        "quarantine_held": 1,
    }


def test_ids_are_unique_and_sort_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    start = 1_800_000_000_000_000_000
    moments = [start, start + 300, start + 999_999, start + 1_000_000, start * 2]
    ids = []
    for moment in moments:
        monkeypatch.setattr("time.time_ns", lambda moment=moment: moment)
        ids.append(new_id("case"))
    assert ids == sorted(ids)
    assert len({new_id("case") for _ in range(1000)}) == 1000
    assert ids[0].startswith("case_")
