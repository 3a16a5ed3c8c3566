"""What a day of model calls has cost or may still cost, in one row that all processes share.

Amounts are whole numbers of 10^-12 of the currency, rounded up: sums are exact, and never short.
"""

from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update

from app.records.schema import model_spend

_PLACES = 12

_OF_DAY = (
    model_spend.c.day == bindparam("of_day"),
    model_spend.c.currency == bindparam("of_currency"),
)
_ADD = update(model_spend).where(*_OF_DAY).values(amount=model_spend.c.amount + bindparam("change"))
# Check and addition are one statement: a second process waits for the row, and is then held
# against what the first one left.
_ADD_IF_IT_FITS = _ADD.where(model_spend.c.amount <= bindparam("room"))
_OPEN_DAY = text(
    "INSERT INTO model_spend (day, currency, amount) VALUES (:of_day, :of_currency, 0)"
    " ON CONFLICT DO NOTHING"
).bindparams(bindparam("of_day", type_=model_spend.c.day.type))
_AMOUNT = select(model_spend.c.amount).where(*_OF_DAY)


def reserve(
    connection: Connection, day: date, currency: str, amount: Decimal, cap: Decimal
) -> Decimal | None:
    """Add an amount to a day unless the sum would exceed the cap; the new sum, None if it would."""
    change = _units(amount)
    row = _row(day, currency)
    fitting = {**row, "change": change, "room": _units(cap) - change}
    if connection.execute(_ADD_IF_IT_FITS, fitting).rowcount != 1:
        connection.execute(_OPEN_DAY, row)
        if connection.execute(_ADD_IF_IT_FITS, fitting).rowcount != 1:
            return None
    return spent(connection, day, currency)


def settle(
    connection: Connection, day: date, currency: str, reserved: Decimal, cost: Decimal
) -> Decimal:
    """Replace what was reserved on a day by what it cost; return the new sum."""
    change = _units(cost) - _units(reserved)
    connection.execute(_ADD, {**_row(day, currency), "change": change})
    return spent(connection, day, currency)


def spent(connection: Connection, day: date, currency: str) -> Decimal:
    """The sum of a day; zero for one without calls."""
    units = connection.execute(_AMOUNT, _row(day, currency)).scalar_one_or_none()
    return Decimal(units or 0).scaleb(-_PLACES)


def _row(day: date, currency: str) -> dict[str, Any]:
    return {"of_day": day, "of_currency": currency}


def _units(amount: Decimal) -> int:
    return int(amount.scaleb(_PLACES).to_integral_value(ROUND_CEILING))
