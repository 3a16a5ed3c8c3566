"""R2 compares the ledger with the branch it goes into, as git holds it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from poc.engine.ledger import PATH, append
from poc.engine.problems import Exit
from poc.engine.situation import situation
from tests.governance.console import Console
from tests.governance.sample import commit, git, project
from tests.governance.test_gates import ruling

Terminal = Callable[[Path], Console]


def score(root: Path, value: float) -> None:
    """A line such as the weekly score adds."""
    append(root, "score", {"score": value}, "CI", situation(root))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two lines on main, and a branch of it."""
    root = project(tmp_path)
    for value in (1, 2):
        score(root, value)
    commit(root, "two lines")
    git(root, "checkout", "-q", "-b", "change")
    return root


def test_lines_added_on_a_branch_pass(root: Path, console: Terminal) -> None:
    score(root, 3)
    commit(root, "a third")
    state, said = ruling(console(root), "R2", "--base main")
    assert (state, said) == ("pass", "3 lines hold together and nothing of main is missing.")


def test_a_line_that_was_cut_off_and_committed_shows_against_the_base(
    root: Path, console: Terminal
) -> None:
    path = root / PATH
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    commit(root, "cut")
    poc = console(root)
    assert ruling(poc, "R2")[0] == "pass"  # HEAD itself no longer holds it
    state, said = ruling(poc, "R2", "--base main")
    assert state == "refused" and said.startswith("governance/ledger.jsonl:2: this line of main")
    git(root, "update-ref", "refs/remotes/origin/main", "main")
    assert ruling(poc, "R2")[0] == "refused"  # origin/main is the base where it exists


def test_a_branch_behind_its_base_may_merge_when_it_added_nothing(
    root: Path, console: Terminal
) -> None:
    git(root, "checkout", "-q", "main")
    score(root, 3)
    commit(root, "a week later")
    git(root, "checkout", "-q", "change")
    poc = console(root)
    state, said = ruling(poc, "R2", "--base main")
    assert state == "note" and "main has newer lines" in said
    score(root, 4)
    state, said = ruling(poc, "R2", "--base main")
    assert state == "refused" and "main and this branch both added lines" in said


def test_a_base_that_is_not_there_is_told(root: Path, console: Terminal) -> None:
    poc = console(root)
    assert poc.type("poc gate R2 --base origin/nothing") == Exit.REFUSED
    assert "There is no commit origin/nothing here; fetch it" in poc.err


def test_without_git_it_is_said_what_does_not_show(root: Path, console: Terminal) -> None:
    (root / ".git").rename(root / "no-git")
    poc = console(root)
    assert ruling(poc, "R2")[0] == ruling(poc, "R12")[0] == "note"


def test_a_project_in_a_folder_of_a_repository_is_compared_too(
    tmp_path: Path, console: Terminal
) -> None:
    root = project(tmp_path)
    score(root, 1)
    (root / ".git").rename(tmp_path / ".git")
    commit(tmp_path, "as one of many")
    poc = console(root)
    assert ruling(poc, "R2")[0] == "pass"
    (root / PATH).unlink()
    assert ruling(poc, "R2")[0] == "refused"
    (root / "build").mkdir()
    (root / "build" / "seen.json").write_text("{}")
    git(root, "add", "-f", "build/seen.json")
    assert ruling(poc, "R12")[0] == "refused"


def test_a_line_edited_by_hand_ends_with_its_own_code(root: Path, console: Terminal) -> None:
    path = root / PATH
    path.write_text(path.read_text("utf-8").replace('"score": 1', '"score": 9'), "utf-8")
    poc = console(root)
    assert poc.type("poc gate") == Exit.DAMAGED
    assert "governance/ledger.jsonl:1: this line was edited after it was written" in poc.err
