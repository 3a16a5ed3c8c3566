"""The spend of a day: added up exactly, and never above its cap, whoever adds."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from app.errors import Unavailable
from app.records import Records, engine, open_records
from app.records.schema import model_spend

from .spender import FIRST, UNIT
from .support import python, rows, run
from .test_atomicity import another_writer

DAY = date(2026, 3, 1)
SPENDER = f"{__package__}.spender"


def reserve(records: Records, amount: str, cap: str, day: date = DAY) -> Decimal | None:
    return run(records.reserve_spend(day, "USD", Decimal(amount), Decimal(cap)))


def settle(records: Records, reserved: str, cost: str) -> Decimal:
    return run(records.settle_spend(DAY, "USD", Decimal(reserved), Decimal(cost)))


def test_an_amount_is_set_aside_while_the_day_stays_within_its_cap(records: Records) -> None:
    assert run(records.spent(DAY, "USD")) == 0
    assert reserve(records, "0.4", "1") == Decimal("0.4")
    assert reserve(records, "0.6", "1") == 1
    assert reserve(records, "0.000000000001", "1") is None
    assert run(records.spent(DAY, "USD")) == 1


def test_the_first_amount_of_a_day_may_already_be_too_much(records: Records) -> None:
    assert reserve(records, "1.1", "1") is None
    assert run(records.spent(DAY, "USD")) == 0
    assert reserve(records, "1", "1") == 1


def test_the_real_cost_takes_the_place_of_what_was_set_aside(records: Records) -> None:
    reserve(records, "0.9", "1")
    assert reserve(records, "0.2", "1") is None
    assert settle(records, "0.9", "0.000078") == Decimal("0.000078")
    assert reserve(records, "0.2", "1") == Decimal("0.200078")
    assert settle(records, "0.2", "1.5") == Decimal("1.500078")
    assert reserve(records, "0.000000000001", "1") is None


def test_days_and_currencies_are_counted_apart(records: Records) -> None:
    reserve(records, "1", "1")
    assert reserve(records, "1", "1", DAY + timedelta(1)) == 1
    assert run(records.reserve_spend(DAY, "EUR", Decimal(1), Decimal(1))) == 1
    settle(records, "1", "0.25")
    assert run(records.spent(DAY, "USD")) == Decimal("0.25")
    assert run(records.spent(DAY + timedelta(1), "USD")) == run(records.spent(DAY, "EUR")) == 1


def test_sums_are_exact_and_parts_of_a_unit_count_whole(records: Records) -> None:
    for _ in range(10):
        reserve(records, "0.1", "1000000")
    assert run(records.spent(DAY, "USD")) == 1
    reserve(records, "0.0000000000001", "1000000")
    assert run(records.spent(DAY, "USD")) == Decimal("1.000000000001")
    assert reserve(records, "999998", "1000000") == Decimal("999999.000000000001")


def test_writers_at_once_in_one_process_share_the_cap(records: Records) -> None:
    async def race() -> list[Decimal | None]:
        return await asyncio.gather(
            *(records.reserve_spend(DAY, "USD", UNIT, 5 * UNIT) for _ in range(40))
        )

    granted = [one for one in run(race()) if one is not None]
    assert len(granted) == 5
    assert run(records.spent(DAY, "USD")) == 5 * UNIT


def test_processes_racing_for_the_last_unit_of_each_day_never_both_get_it(
    url: str, database: Engine
) -> None:
    days = 150
    racing = [python("-m", SPENDER, str(days), url=url) for _ in range(2)]
    for one in racing:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in racing:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    finished = [one.communicate() for one in racing]
    assert [error for _, error in finished] == ["", ""]
    got = [line for out, _ in finished for line in out.split()]
    assert sorted(got) == [str(FIRST + timedelta(number)) for number in range(days)]
    assert {row["amount"] for row in rows(database, model_spend)} == {UNIT * 10**12}


def test_a_budget_that_is_held_up_grants_nothing(
    url: str, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE_MILLISECONDS", 20)
    records = open_records(url)
    reserve(records, "0.5", "1")
    with another_writer(database, "model_spend"):
        with pytest.raises(Unavailable):
            reserve(records, "0.1", "1")
        with pytest.raises(Unavailable):
            settle(records, "0.5", "0.1")
    assert run(records.spent(DAY, "USD")) == Decimal("0.5")
    records.close()
