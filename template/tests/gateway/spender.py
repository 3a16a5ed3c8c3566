"""A process that waits for a line, has cases answered at once, and says who answered each.

`python -m tests.gateway.spender CASES`; the settings come from the environment.
"""

import asyncio
import sys
from contextlib import aclosing, closing

from app.gateway import start
from app.records import open_records
from app.settings import load
from app.telemetry import logs

from .usecase import CASE, YesNo


async def main(cases: int) -> None:
    settings = load()
    logs.configure("error")
    with closing(open_records(settings.database_url.get_secret_value())) as records:
        async with aclosing(await start(settings, YesNo(), records)) as gateway:
            print("ready", flush=True)  # noqa: T201
            sys.stdin.readline()
            found = await asyncio.gather(*(gateway.answer(CASE) for _ in range(cases)))
    for reply in found:
        print(reply.failure or reply.decided_by, flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
