"""A project with a mailbox beside it, and the command line on it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.governance.conftest import agreed, laptop, made_once
from tests.governance.console import Console
from tests.governance.sample import project
from tests.sets.mails import mailbox

__all__ = ["agreed", "made_once"]  # fixtures


@pytest.fixture(autouse=True)
def without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key of this machine, no CI and no name decide about a test."""
    laptop(monkeypatch)
    monkeypatch.delenv("POC_SET_KEY", raising=False)


@pytest.fixture
def console(capsys: pytest.CaptureFixture[str]) -> Callable[[Path], Console]:
    return lambda root: Console(root, capsys)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project(tmp_path)


@pytest.fixture
def poc(root: Path, console: Callable[[Path], Console]) -> Console:
    return console(root)


@pytest.fixture(scope="session")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 mails of 35 days, in two languages."""
    return mailbox(tmp_path_factory.mktemp("mail") / "inbox", 120)
