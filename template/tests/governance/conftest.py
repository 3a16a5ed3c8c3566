"""No test of the governance knows whether it runs in CI, or who this machine's git says it is."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from poc.cli import main
from poc.engine.problems import Exit
from tests.governance import staging
from tests.governance.console import Console
from tests.governance.sample import accept_budget, commit, project

RUNS = ("CI", "GITHUB_RUN_ID", "CI_PIPELINE_ID", "BUILD_BUILDID", "BUILD_TAG", "CI_RUN_ID")


def laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in RUNS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture(autouse=True)
def on_a_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test starts on a laptop, without a name."""
    laptop(monkeypatch)


@pytest.fixture
def in_ci(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it, and what follows runs in the CI run 77."""

    def enter() -> None:
        monkeypatch.setenv("CI", "true")
        monkeypatch.setenv("GITHUB_RUN_ID", "77")

    return enter


@pytest.fixture
def console(capsys: pytest.CaptureFixture[str]) -> Callable[[Path], Console]:
    """A terminal in a project."""
    return lambda root: Console(root, capsys)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two projects to copy: one whose contract is in force, and the same with all measured."""
    with pytest.MonkeyPatch.context() as patch:
        laptop(patch)
        agreed = project(tmp_path_factory.mktemp("agreed"))
        assert main(["lock", "--by", "Lea", "--root", str(agreed)]) == Exit.OK
        accept_budget(agreed)
        commit(agreed, "kickoff")
        measured = tmp_path_factory.mktemp("measured") / "project"
        shutil.copytree(agreed, measured)
        staging.scored(measured, staging.look(measured))
        staging.operated(measured)
    return {"agreed": agreed, "measured": measured}


@pytest.fixture
def agreed(
    tmp_path: Path, made_once: dict[str, Path], console: Callable[[Path], Console]
) -> tuple[Path, Console]:
    """A project whose contract is in force and whose budget is accepted."""
    shutil.copytree(made_once["agreed"], tmp_path / "project")
    return tmp_path / "project", console(tmp_path / "project")


@pytest.fixture
def measured(
    tmp_path: Path, made_once: dict[str, Path], console: Callable[[Path], Console]
) -> tuple[Path, Console]:
    """A project with everything measured and met: GO in CI, a preview of it here."""
    shutil.copytree(made_once["measured"], tmp_path / "project")
    return tmp_path / "project", console(tmp_path / "project")
