"""Places, turns and times in the records, whoever comes at once; on both databases."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from app.errors import NotFound
from app.records import Records, open_records, verify_chain
from app.records.labels.models import NewLabel, Purpose
from app.records.migrate import migrate
from app.records.schema import audit, label_turns, labels
from tests.labels.desk import a_round, letters, opened
from tests.records.conftest import database, empty_url, postgres, records, url
from tests.records.support import new_case, new_decision, rows, run

__all__ = ["database", "empty_url", "postgres", "records", "url"]

CASE = "case-0000"


def label(tone: str = "quiet", case_id: str = CASE, **more: Any) -> NewLabel:  # noqa: ANN401
    return NewLabel(case_id, **{"said": "answer", "value": {"tone": tone}, **more})


def shift(database: Engine, **back: float) -> None:
    """Move what is on somebody's screen into the past, by seconds."""
    with database.begin() as connection:
        for person, seconds in back.items():
            shown = datetime.now(UTC) - timedelta(seconds=seconds)
            mine = label_turns.c.person == person
            connection.execute(update(label_turns).where(mine).values(shown_at=shown))


@pytest.mark.parametrize(("purpose", "places"), [("labels", 2), ("study", 1)])
def test_of_many_at_once_as_many_are_kept_as_there_are_places(
    url: str, database: Engine, purpose: Purpose, places: int
) -> None:
    services = [open_records(url) for _ in range(2)]
    run(opened(services[0], 1, a_round(purpose=purpose)))

    def save(number: int) -> str:
        one = services[number % 2]
        return asyncio.run(one.save_label("development", label(), f"person-{number}"))

    with ThreadPoolExecutor(8) as threads:
        kept = Counter(threads.map(save, range(8)))
    assert kept == {"kept": places, "taken": 8 - places}
    assert [row["place"] for row in rows(database, labels)] in ([1], [1, 2], [2, 1])
    with database.connect() as connection:
        assert verify_chain(connection) is None
    for one in services:
        one.close()


def test_one_person_in_two_windows_labels_once(url: str, database: Engine) -> None:
    services = [open_records(url) for _ in range(2)]
    run(opened(services[0], 1))

    def save(number: int) -> str:
        return asyncio.run(services[number % 2].save_label("development", label(), "ada"))

    with ThreadPoolExecutor(4) as threads:
        assert Counter(threads.map(save, range(4))) == {"kept": 1, "before": 3}
    assert len(rows(database, labels)) == 1
    for one in services:
        one.close()


def test_two_windows_of_one_person_show_the_same_case(records: Records) -> None:
    run(opened(records, 9))

    async def both() -> list[str]:
        turns = await asyncio.gather(*(records.label_turn("development", "ada") for _ in range(4)))
        return [turn.case.case_id for turn in turns if turn.case]

    assert len(set(run(both()))) == 1


@pytest.mark.parametrize(("waited", "known"), [(42.0, True), (599.0, True), (601.0, False)])
def test_the_time_from_shown_to_saved_counts_unless_it_was_idle(
    records: Records, database: Engine, waited: float, known: bool
) -> None:
    run(opened(records, 1))
    run(records.label_turn("development", "ada"))
    shift(database, ada=waited)
    run(records.save_label("development", label(), "ada"))
    seconds = rows(database, labels)[0]["seconds"]
    assert (seconds is not None) is known
    if known:
        assert waited <= seconds < waited + 60
        assert run(records.label_rounds("ada"))[0].seconds == seconds


def test_the_time_of_a_case_that_was_taken_back_goes_on(records: Records, database: Engine) -> None:
    run(opened(records, 1))
    run(records.label_turn("development", "ada"))
    shift(database, ada=100)
    run(records.save_label("development", label(), "ada"))
    assert run(records.take_label_back("development", CASE, "ada"))
    run(records.label_turn("development", "ada"))
    run(records.save_label("development", label("loud"), "ada"))
    assert 100 <= rows(database, labels)[0]["seconds"] < 160


def test_a_label_of_a_case_that_was_not_on_the_screen_has_no_time(
    records: Records, database: Engine
) -> None:
    run(opened(records, 2))
    turn = run(records.label_turn("development", "ada"))
    assert turn.case is not None
    other = {"case-0000": "case-0001"}.get(turn.case.case_id, "case-0000")
    run(records.save_label("development", label(case_id=other), "ada"))
    assert rows(database, labels)[0]["seconds"] is None
    again = run(records.label_turn("development", "ada"))
    assert again.case == turn.case


def test_what_is_on_somebodys_screen_is_left_to_them_for_a_while(
    records: Records, database: Engine
) -> None:
    run(opened(records, 2, a_round(purpose="study")))
    first = run(records.label_turn("development", "ada")).case
    for n in range(8):
        assert run(records.label_turn("development", f"person-{n}")).case != first
        shift(database, **{f"person-{n}": 601})
    assert run(records.label_turn("development", "ben")).case != first
    assert run(records.label_turn("development", "cleo")).case is not None


def test_loading_the_page_again_does_not_start_the_clock_anew(
    records: Records, database: Engine
) -> None:
    run(opened(records, 1))
    for _ in range(2):
        run(records.label_turn("development", "ada"))
        shift(database, ada=100)
    run(records.label_turn("development", "ada"))
    run(records.save_label("development", label(), "ada"))
    assert 100 <= rows(database, labels)[0]["seconds"] < 160


def test_a_screen_that_was_left_alone_holds_no_case_back(
    records: Records, database: Engine
) -> None:
    run(opened(records, 1, a_round(purpose="study")))
    run(records.label_turn("development", "ada"))
    shift(database, ada=601)
    shown = run(records.label_turn("development", "ben")).case
    assert shown is not None
    assert run(records.save_label("development", label(), "ben")) == "kept"
    assert run(records.save_label("development", label(), "ada")) == "taken"


def test_third_opinions_come_first_then_halves_then_fresh_cases(records: Records) -> None:
    run(opened(records, 3))
    for person, tone in (("ada", "loud"), ("ben", "quiet")):
        run(records.save_label("development", label(tone, "case-0001"), person))
    run(records.save_label("development", label(case_id="case-0002"), "ada"))
    seen = []
    while (case := run(records.label_turn("development", "cleo")).case) is not None:
        seen.append(case.case_id)
        run(records.save_label("development", label(case_id=case.case_id), "cleo"))
    assert seen == ["case-0001", "case-0002", "case-0000"]


def test_each_person_has_an_order_of_their_own(records: Records, database: Engine) -> None:
    run(opened(records, 40))
    firsts = set()
    for n in range(12):
        firsts.add(run(records.label_turn("development", f"person-{n}")).case)
        shift(database, **{f"person-{n}": 601})
    assert len(firsts) > 6


def test_a_round_is_started_once(records: Records, database: Engine) -> None:
    first = run(opened(records, 2))
    assert run(records.start_labels(a_round(), letters(5), "test")) == first
    assert run(records.label_rounds("ada"))[0].cases == 2
    assert [row["action"] for row in rows(database, audit)] == ["label.round_started"]


@pytest.mark.parametrize("case_id", ["nothing", "\0", "case-0000\n", "\udcff"])
def test_a_case_that_is_not_there_is_refused(records: Records, case_id: str) -> None:
    run(opened(records, 1))
    with pytest.raises(NotFound, match="no case with this id"):
        run(records.save_label("development", label(case_id=case_id), "ada"))


def test_an_older_database_takes_a_round_after_its_migration(
    empty_url: str, database: Engine
) -> None:
    migrate(empty_url, "0001")
    migrate(empty_url, "0002")
    assert migrate(empty_url) == "0002"
    service = open_records(empty_url)
    run(service.store_decision(new_case(), new_decision(), "test"))
    run(opened(service, 2))
    run(service.save_label("development", label(), "ada"))
    assert migrate(empty_url, "0002") == "0003"
    with database.connect() as connection:
        assert verify_chain(connection) is None
    service.close()
