"""A process that tries to spend the one unit that each of many days has, and prints which it got.

`python -m tests.records.spender DAYS`; it waits for a line before it begins.
"""

import asyncio
import os
import sys
from datetime import date, timedelta
from decimal import Decimal

from app.records import open_records

FIRST = date(2026, 1, 1)
UNIT = Decimal("0.01")


async def main(days: int) -> None:
    records = open_records(os.environ["APP_DATABASE_URL"])
    await records.ping()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for number in range(days):
        day = FIRST + timedelta(number)
        if await records.reserve_spend(day, "USD", UNIT, UNIT) is not None:
            sys.stdout.write(f"{day}\n")
    records.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
