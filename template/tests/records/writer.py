"""A process that stores cases, four at a time, and prints the id of each once it is stored."""

import asyncio
import os
import sys
from itertools import count, islice

from app.case import ReviewReason
from app.records import Records, open_records

from .support import ACTOR, new_case, new_decision


async def store(records: Records, number: int) -> None:
    case = new_case(original=b"x" * 5000, input={"number": number})
    if number % 3 == 0:
        await records.store_quarantine(case, "unreadable", "Nothing to read.", ACTOR)
    else:
        reason = ReviewReason.OBJECTION if number % 3 == 1 else None
        await records.store_decision(case, new_decision(reason), ACTOR)
    sys.stdout.write(f"{case.id}\n")
    sys.stdout.flush()


async def main(limit: int | None) -> None:
    records = open_records(os.environ["APP_DATABASE_URL"])
    numbers = islice(count(), limit)

    async def work() -> None:
        for number in numbers:
            await store(records, number)

    await asyncio.gather(*(work() for _ in range(4)))
    records.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else None))
