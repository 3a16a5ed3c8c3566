"""The service's own records, where people's labels lie, as `poc` reaches them."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from app.errors import ServiceError
from app.records import Records, open_records
from app.records.labels.models import RoundLabels
from app.settings import Settings, SettingsError, load
from poc.engine.problems import Refused

ResultT = TypeVar("ResultT")


def settings(root: Path) -> Settings:
    """The service's settings as in its own folder. Raises `Refused` with a line per mistake."""
    with contextlib.chdir(root):
        try:
            return load()
        except SettingsError as error:
            raise Refused(*str(error).splitlines()) from None


def with_records(root: Path, work: Callable[[Records], Coroutine[Any, Any, ResultT]]) -> ResultT:
    """Do something with the records of `APP_DATABASE_URL`.

    Raises `Refused` when they cannot be reached, or are not of this release's schema.
    """
    url = settings(root).database_url.get_secret_value()
    with contextlib.chdir(root):  # a SQLite file is named from the project's folder
        try:
            records = open_records(url)
        except SettingsError as error:
            raise Refused(*str(error).splitlines()) from None
        try:
            return asyncio.run(work(records))
        except ServiceError as error:
            raise Refused(error.detail or error.title) from None
        finally:
            records.close()


def read_round(root: Path, name: str) -> RoundLabels:
    """A round with every label that stands. Raises `Refused` when there is none of this name."""
    found = with_records(root, lambda records: records.round_labels(name))
    if found is None:
        raise Refused(
            f"Nobody was asked to label {name} yet; start it: poc label start {name}"
            " (a study: poc label start SET --study NAME)"
        )
    return found
