"""Has cases answered as the service does, with the spend counted in a real database."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing, closing
from decimal import Decimal

from sqlalchemy import NullPool, create_engine, select

from app.case import Ask
from app.gateway import Completion, Reply, start
from app.records import open_records
from app.records.schema import model_spend
from app.settings import Settings

from .usecase import CASE, Note, Verdict, YesNo

UNIT = Decimal("1e-12")


def replies(settings: Settings, url: str, cases: Sequence[Note] = (CASE,)) -> list[Reply[Verdict]]:
    """Ask about one case after the other, as a process that starts and ends."""

    async def run() -> list[Reply[Verdict]]:
        with closing(open_records(url)) as records:
            async with aclosing(await start(settings, YesNo(), records)) as gateway:
                return [await gateway.answer(case) for case in cases]

    return asyncio.run(run())


def counted(url: str) -> Decimal:
    """What the database says was spent or is set aside, on all days together."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        amounts = connection.execute(select(model_spend.c.amount)).scalars().all()
    engine.dispose()
    return Decimal(sum(amounts)) * UNIT


class Scripted:
    """A model that does what it is told, without a server; `asked` counts the questions."""

    name, model = "openai", "m"

    def __init__(self, *does: Completion | BaseException) -> None:
        self._does = list(does)
        self.asked = 0

    async def ask(self, ask: Ask, answer_type: object, deadline_seconds: float) -> Completion:
        self.asked += 1
        done = self._does.pop(0)
        if isinstance(done, BaseException):
            raise done
        return done

    async def aclose(self) -> None:
        """Nothing is open."""
