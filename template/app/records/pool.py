"""Threads and connections: one transaction in one hop, and its failures in the service's terms."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)

from app.errors import Internal, Unavailable
from app.records.schema import SCHEMA_VERSION

ResultT = TypeVar("ResultT")
Params = ParamSpec("Params")

_VERSION = text("SELECT version_num FROM alembic_version")
_OURS = (DataError, IntegrityError, NotSupportedError, ProgrammingError)


def check_schema(connection: Connection) -> None:
    """Raise `Unavailable` unless the database has the schema this code is written for."""
    version = None
    if inspect(connection).has_table("alembic_version"):
        version = connection.execute(_VERSION).scalar_one_or_none()
    if version != SCHEMA_VERSION:
        raise Unavailable(
            f"The database has schema {version or 'none'}, this release needs {SCHEMA_VERSION}:"
            " run `make migrate` (python -m app.records.migrate)."
        )


class Pool:
    """As many threads as connections; a transaction never waits for either half-way."""

    def __init__(self, engine: Engine, size: int) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="records")
        self._checked = False

    async def run(
        self,
        work: Callable[Concatenate[Connection, Params], ResultT],
        *arguments: Params.args,
        **named: Params.kwargs,
    ) -> ResultT:
        """Run `work` on a connection, commit when it returns, roll back when it raises.

        Raises what `work` raises, `Unavailable` when the database fails or has another schema,
        `Internal` when it refuses a statement.
        """
        call = partial(self._transaction, lambda one: work(one, *arguments, **named))
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def close(self) -> None:
        """Finish what was begun and disconnect."""
        self._threads.shutdown()
        self._engine.dispose()

    def _transaction(self, work: Callable[[Connection], ResultT]) -> ResultT:
        try:
            with self._engine.begin() as connection:
                if not self._checked:
                    check_schema(connection)
                    self._checked = True
                return work(connection)
        except _OURS as error:
            # Without the driver's text: it may hold the values of a row.
            name = type(error.orig).__name__
            raise Internal(f"The database refused a statement ({name}).") from None
        except SQLAlchemyError as error:
            raise Unavailable(
                "The records cannot be reached right now and nothing was stored; try again."
            ) from error
