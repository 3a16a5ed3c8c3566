"""A project with a drawn set, a database, and a use case in which there is something to label."""

from pathlib import Path

import pytest

from tests.api.conftest import Build, build, migrated, own_folder, url
from tests.api.world import World
from tests.collecting.drawn import draw
from tests.governance.console import Console
from tests.labels.desk import Letters

__all__ = ["build", "migrated", "own_folder", "url"]


@pytest.fixture
def world(build: Build) -> World:  # noqa: F811 - the fixture of that name
    return build(usecase=Letters())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project's folder with nothing in it but the database."""
    return tmp_path


@pytest.fixture
def root(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """A project with a drawn set of eight letters, and a database of its own."""
    monkeypatch.setenv("APP_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("app.usecase.USE_CASE", Letters())
    monkeypatch.setattr("evals.scorers.label", lambda value: str(value["tone"]))
    monkeypatch.setattr("evals.slices.slices", lambda case: {"language": case.tags["language"]})
    draw(folder)
    return folder


@pytest.fixture
def console(root: Path, capsys: pytest.CaptureFixture[str]) -> Console:
    """A terminal in that project."""
    return Console(root, capsys)
