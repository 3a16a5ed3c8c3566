"""Another use case takes the place of ticket triage by its own folder and its eval cases alone."""

import shutil
import sys
from pathlib import Path

import pytest
from builds import environment, installed
from conftest import YOURS, git, render

SECOND = Path(__file__).parent / "second_use_case"
sys.path.insert(0, str(SECOND))

from make_cases import write  # noqa: E402 - lies beside the use case it belongs to


@pytest.fixture(scope="module")
def swapped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A default project in which triage was replaced by the second use case."""
    project = render(tmp_path_factory.mktemp("swapped") / "poc")
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "start")
    shutil.rmtree(project / "app" / "usecase")
    shutil.rmtree(project / "evals" / "cases")
    for name in ("baseline.json", "learning_curve.json"):
        (project / "evals" / name).unlink()
    shutil.copytree(SECOND / "app", project / "app", dirs_exist_ok=True)
    shutil.copytree(SECOND / "evals", project / "evals", dirs_exist_ok=True)
    (project / "evals" / "cases").mkdir()
    write(project / "evals" / "cases")
    return installed(project)


def test_it_trains_is_measured_and_passes_its_own_gate(swapped: Path) -> None:
    for command in ("train", "evals-accept", "evals"):
        if command == "evals-accept":
            environment(swapped).python("-m", "evals.run")
        environment(swapped).make(command)
    report = environment(swapped).python("-m", "evals.run")
    assert "accuracy" in report


def test_the_demo_takes_its_samples(swapped: Path) -> None:
    said = environment(swapped).make("demo")
    assert "total: 129.90" in said
    assert "Held in quarantine" in said


def test_the_project_still_passes_its_checks_and_tests(swapped: Path) -> None:
    env = environment(swapped)
    env.make("check")
    # No test of these rooms asks for the project's use case; the default project runs them.
    same = [f"--ignore=tests/{room}" for room in ("gateway", "identity", "intake", "records")]
    chosen = "not postgres and not browser"
    env.variables["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    env.python("-m", "pytest", "-n", "2", "-m", chosen, *same)


def test_nothing_but_the_use_case_and_its_cases_changed(swapped: Path) -> None:
    git(swapped, "add", "-A")
    changed = git(swapped, "diff", "--cached", "--name-only", "HEAD").splitlines()
    outside = [path for path in changed if not path.startswith(YOURS) and path != "uv.lock"]
    assert changed
    assert outside == []
