"""Fixtures of the tests of the whole service."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.records.migrate import migrate
from tests.api.process import Running, running
from tests.api.world import World

Build = Callable[..., World]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project's kickoff answers reach no test."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the newest schema and nothing in it."""
    path = tmp_path_factory.mktemp("migrated") / "app.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def url(migrated: Path, tmp_path: Path) -> str:
    """The URL of an empty database of the test's own."""
    shutil.copy(migrated, tmp_path / "app.db")
    return f"sqlite:///{tmp_path}/app.db"


@pytest.fixture
def build(url: str, tmp_path: Path) -> Iterator[Build]:
    """Make a world; keywords go to `World`."""
    made: list[World] = []

    def world(**options: object) -> World:
        made.append(World(url, tmp_path, **options))  # type: ignore[arg-type]
        return made[-1]

    yield world
    for one in made:
        one.close()


@pytest.fixture
def world(build: Build) -> World:
    return build()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The real service with the tests' use case, as processes; shared, so look for differences."""
    with running(tmp_path_factory.mktemp("served")) as site:
        yield site
