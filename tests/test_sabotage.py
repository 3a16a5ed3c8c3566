"""One broken line in a generated project turns the checklist's item away from a pass."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from builds import Environment, environment, installed
from conftest import git, render


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default project after `make setup`, committed."""
    project = installed(render(tmp_path_factory.mktemp("sabotage") / "poc"))
    git(project, "add", "-A")
    git(project, "commit", "-q", "--no-verify", "-m", "start")
    return project


@pytest.fixture
def env(built: Path) -> Iterator[Environment]:
    """The project as it was committed; what a test breaks is mended after it."""
    found = environment(built)
    found.variables["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    yield found
    git(built, "checkout", "-q", "--", ".")
    git(built, "clean", "-q", "-d", "--force")
    shutil.rmtree(built / "build" / "evidence", ignore_errors=True)


def run(env: Environment, *arguments: str) -> tuple[int, str]:
    """Run the project's interpreter; its exit code, and what it printed."""
    done = subprocess.run(
        [env.project / ".venv" / "bin" / "python", *arguments],
        cwd=env.project,
        env=env.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def replace(env: Environment, name: str, old: str, new: str) -> None:
    path = env.project / name
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{name} no longer holds: {old}"
    path.write_text(text.replace(old, new), "utf-8")


def item(env: Environment, name: str) -> dict[str, Any]:
    """What `poc score` says about an item."""
    items = json.loads(env.python("-m", "poc.cli", "score", "--json"))["items"]
    [found] = [one for one in items if one["id"] == name]
    return dict(found)


def test_a_fresh_project_has_no_points_and_nothing_is_refused(env: Environment) -> None:
    card = json.loads(env.python("-m", "poc.cli", "score", "--json"))
    assert (card["score"], card["level"]) == (0, "none")
    code, said = run(env, "-m", "poc.cli", "gate", "--json")
    states = {one["gate"]: one["state"] for one in json.loads(said)["gates"]}
    assert code == 0, said
    assert set(states.values()) == {"pass", "note", "to come"}
    assert states["R9"] == "pass"


def test_an_edit_of_the_engine_is_refused(env: Environment) -> None:
    replace(env, "poc/engine/judge.py", '"""Judges one criterion', '"""Likes one criterion')
    code, said = run(env, "-m", "poc.cli", "gate", "R9")
    assert code == 4
    assert "poc/engine/judge.py was edited" in said


def test_a_capability_beside_the_charter_is_refused(env: Environment) -> None:
    replace(env, "app/usecase/__init__.py", '("sort_ticket",)', '("sort_ticket", "refund")')
    code, said = run(env, "-m", "poc.cli", "gate", "R5")
    assert code == 4
    assert "refund is not in capabilities" in said


def test_the_access_tests_give_and_take_the_item(env: Environment) -> None:
    data = yaml.safe_load((env.project / "governance" / "checklist.yaml").read_text("utf-8"))
    [modules] = [one["probe"]["modules"] for one in data["items"] if one["id"] == "AUTH-1"]
    # As if these were all the tests there are: a part of them would not be recorded.
    whole = ("-m", "pytest", "--tb=no", "-o")
    assert run(env, *whole, f"testpaths={' '.join(modules)}")[0] == 0
    assert item(env, "AUTH-1")["outcome"] == "pass"
    drop_policy(env)
    assert item(env, "AUTH-1")["outcome"] == "stale"
    assert run(env, *whole, "testpaths=tests/api/test_access.py")[0] == 1
    found = item(env, "AUTH-1")
    assert found["outcome"] == "fail"
    assert "tests/api/test_access.py::" in found["detail"]


def drop_policy(env: Environment) -> None:
    """Forget to say who may list the quarantine."""
    replace(
        env, "app/api/cases.py", "request: Request, caller: QuarantineReader,", "request: Request,"
    )


class Break(NamedTuple):
    """A text in a file, what stands there instead, and the module that notices."""

    item: str
    file: str
    old: str
    new: str
    module: str


BREAKS = [
    Break(
        "AUTH-1",
        "app/api/cases.py",
        "allow(Role.SUBMITTER, Role.ADMIN)",
        "allow(*Role)",
        "tests/api/test_access.py",
    ),
    Break(
        "AUTH-1",
        "app/identity/verifier.py",
        "or algorithm not in self._algorithms:",
        "or not algorithm:",
        "tests/identity/test_signatures.py",
    ),
    Break(
        "DATA-1",
        "app/intake/charset.py",
        "        return _cut(body, charset, error)\n",
        "        raise\n",
        "tests/intake/test_plain.py",
    ),
    Break(
        "COST-1",
        "app/gateway/metering.py",
        "        raise SpendCapReached(detail)\n",
        "        return None\n",
        "tests/gateway/test_spend_cap.py",
    ),
]


@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: f"{one.item} {one.file}")
def test_a_broken_line_fails_the_marked_tests(env: Environment, broken: Break) -> None:
    replace(env, broken.file, broken.old, broken.new)
    code, said = run(env, "-m", "pytest", "-x", "-m", "item", broken.module)
    assert code == 1, said
    assert f"FAILED {broken.module}" in said or f"ERROR {broken.module}" in said


def test_a_language_that_got_worse_fails_the_evals_item(env: Environment) -> None:
    assert run(env, "-m", "evals.run")[0] == run(env, "-m", "evals.gate")[0] == 0
    assert item(env, "EVAL-1")["outcome"] == "pass"
    replace(
        env,
        "app/usecase/triage.py",
        "    text = count(text_of(case))\n",
        '    text = count("" if case.language == "de" else text_of(case))\n',
    )
    assert item(env, "EVAL-1")["outcome"] == "stale"
    run(env, "-m", "evals.run")
    assert run(env, "-m", "evals.gate")[0] == 1
    found = item(env, "EVAL-1")
    assert (found["outcome"], found["detail"][:6]) == ("fail", "Worse:")
