"""Where a command runs: in CI or on a laptop, at which commit, with what uncommitted."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from poc.engine import ledger
from poc.engine.situation import Situation, ci_run, git, situation
from tests.governance.sample import commit, head, project


@pytest.mark.parametrize(
    ("environ", "run"),
    [
        ({}, ""),
        ({"GITHUB_RUN_ID": "7"}, ""),
        ({"CI": "false", "GITHUB_RUN_ID": "7"}, ""),
        ({"CI": "", "GITHUB_RUN_ID": "7"}, ""),
        ({"CI": "true"}, ""),
        ({"CI": "true", "GITHUB_RUN_ID": ""}, ""),
        ({"CI": "true", "GITHUB_RUN_ID": "7"}, "7"),
        ({"CI": "True", "CI_PIPELINE_ID": "8"}, "8"),
        ({"CI": "1", "BUILD_BUILDID": "9"}, "9"),
        ({"CI": "yes", "BUILD_TAG": "jenkins-1"}, "jenkins-1"),
        ({"CI": "true", "CI_RUN_ID": "x"}, "x"),
        ({"CI": "true", "CI_RUN_ID": "own", "GITHUB_RUN_ID": "7"}, "7"),
    ],
)
def test_a_ci_run_is_one_that_says_so_and_has_an_id(environ: dict[str, str], run: str) -> None:
    assert ci_run(environ) == run
    assert Situation(datetime.now(UTC), run, "", False).official is bool(run)


def test_the_day_is_that_of_utc() -> None:
    late = datetime(2026, 11, 1, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    assert Situation(late, "", "", False).today == date(2026, 11, 2)


def test_the_commit_and_what_differs_from_it(tmp_path: Path) -> None:
    root = project(tmp_path)
    now = datetime(2026, 11, 1, tzinfo=UTC)
    where = situation(root, {}, now)
    assert (where.now, where.run, where.commit, where.dirty) == (now, "", head(root), False)
    (root / "new.txt").write_text("never added")
    assert not situation(root, {}).dirty
    (root / "project.toml").write_text("")
    assert situation(root, {}).dirty
    commit(root, "changed")
    where = situation(root, {})
    assert (where.commit, where.dirty) == (head(root), False)
    assert where.now - datetime.now(UTC) < timedelta(minutes=1)


def test_the_ledgers_own_line_is_no_change_of_what_was_measured(tmp_path: Path) -> None:
    root = project(tmp_path)
    ledger.append(root, "score", {}, "CI", situation(root, {}))
    commit(root, "a line")
    ledger.append(root, "look", {}, "CI", situation(root, {}))
    assert not situation(root, {}).dirty
    (root / "governance" / "criteria.yaml").unlink()
    assert situation(root, {}).dirty


def test_in_a_larger_repository_only_the_project_counts(tmp_path: Path) -> None:
    root = project(tmp_path)
    (root / "poc").mkdir()
    (root / "poc" / "a.txt").write_text("a")
    commit(root, "two projects in one")
    (root / "project.toml").write_text("")
    assert not situation(root / "poc", {}).dirty
    (root / "poc" / "a.txt").write_text("b")
    assert situation(root / "poc", {}).dirty


def test_a_folder_without_git_counts_as_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    where = situation(tmp_path, {})
    assert (where.commit, where.dirty) == ("", True)
    monkeypatch.setenv("PATH", "")
    assert git(tmp_path, "status") is None
    assert situation(tmp_path, {}).dirty
