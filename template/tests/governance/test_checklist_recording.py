"""What a run of marked tests records, by real runs of pytest on small projects."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.governance.sample import TEMPLATE, commit, git

GOOD = """
import pytest

@pytest.mark.item("CUSTOM-1")
@pytest.mark.parametrize("number", range(3))
def test_one(number): assert number < 3

def test_unmarked(): pass
"""
OTHER = """
import pytest

pytestmark = pytest.mark.item("CUSTOM-1")

def test_two(): pass
"""
CUSTOM = """
version: 1
custom:
  - id: CUSTOM-1
    level: poc
    weight: 5
    statement: Two modules agree.
    owner: evaluation
    evidence: [probe]
    why: It is a test.
    probe: {kind: tests, modules: [tests/test_one.py, tests/test_two.py]}
"""
PYTEST = """
[tool.pytest.ini_options]
testpaths = ["tests"]
addopts = "-q -p xdist -p poc.checklist.recording --strict-markers --strict-config"
"""


class Room:
    """A small project whose tests run in a process of their own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "tests").mkdir(parents=True)
        (root / "governance").mkdir()
        shutil.copy(TEMPLATE / "governance" / "checklist.yaml", root / "governance")
        (root / "governance" / "attestations.yaml").write_text(CUSTOM)
        (root / "pyproject.toml").write_text(PYTEST)
        (root / ".gitignore").write_text("/build/\n__pycache__/\n")
        self.tests(one=GOOD, two=OTHER)
        git(root, "init", "-q", "-b", "main")
        commit(root, "start")

    def tests(self, **modules: str) -> None:
        for name, text in modules.items():
            (self.root / "tests" / f"test_{name}.py").write_text(text)

    def run(self, *arguments: str, cwd: str = ".") -> str:
        """Run pytest; what it printed."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=self.root / cwd,
            env=kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(TEMPLATE)},
            capture_output=True,
            text=True,
        )
        return done.stdout + done.stderr

    @property
    def path(self) -> Path:
        return self.root / "build" / "evidence" / "tests.json"

    def predicate(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.path.read_text())["predicate"]
        return found

    def outcome(self, item: str = "CUSTOM-1") -> tuple[str, str]:
        """What was recorded about an item: outcome and detail."""
        [one] = [one for one in self.predicate()["items"] if one["item"] == item]
        return one["outcome"], one["detail"]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "room")


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_a_whole_run_records_a_pass(room: Room, workers: str) -> None:
    said = room.run(workers)
    assert "5 passed" in said
    assert "1 of 4 tested items pass; recorded in build/evidence/tests.json" in said
    assert room.outcome() == ("pass", "4 tests in 2 modules passed.")
    made = room.predicate()
    assert made["startedOn"] <= made["finishedOn"]
    assert (made["run"], made["dirty"], made["environment"]["name"]) == ("", False, "local")


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_a_failing_test_is_named(room: Room, workers: str) -> None:
    room.tests(two=OTHER.replace("pass", "assert False"))
    room.run(workers)
    assert room.outcome() == ("fail", "1 of 4 tests failed: tests/test_two.py::test_two.")


@pytest.mark.parametrize("when", ["setup", "teardown"])
def test_a_test_whose_fixture_fails_did_not_pass(room: Room, when: str) -> None:
    steps = {"setup": "assert False\n    yield", "teardown": "yield\n    assert False"}
    fixture = f"@pytest.fixture(autouse=True)\ndef broken():\n    {steps[when]}\n"
    room.tests(two=OTHER + fixture)
    room.run()
    assert room.outcome()[0] == "fail"


def test_a_module_that_lost_its_marks_is_named(room: Room) -> None:
    room.tests(two="def test_two(): pass\n")
    room.run()
    assert room.outcome() == ("unknown", "No test marked for it ran in tests/test_two.py.")


def test_a_process_that_dies_is_a_failure(room: Room) -> None:
    room.tests(two=OTHER.replace("pass", "__import__('os')._exit(3)"))
    room.run("-n2")
    assert room.outcome() == ("fail", "1 of 4 tests failed: tests/test_two.py::test_two.")


NARROWED = [
    (["tests/test_one.py::test_one"], "only a part of the tests was asked for"),
    (["-k", "one"], "-k was given"),
    (["--lf"], "--lf was given"),
    (["--deselect", "tests/test_two.py"], "--deselect was given"),
    (["--ignore", "tests/test_two.py"], "--ignore was given"),
    (["--collect-only"], "--collect-only was given"),
    (["--setup-plan"], "was given"),
    (["-m", "not item"], "was left out"),
    (["-n2", "-m", "not item"], "was left out"),
]


@pytest.mark.parametrize(("arguments", "why"), NARROWED, ids=str)
def test_a_narrowed_run_leaves_the_record_alone(room: Room, arguments: list[str], why: str) -> None:
    room.path.parent.mkdir(parents=True)
    room.path.write_text("as it was")
    said = room.run(*arguments)
    assert room.path.read_text() == "as it was"
    assert "nothing was recorded" in said and why in said


def test_tests_that_are_not_marked_may_be_left_out(room: Room) -> None:
    room.run("-m", "item")
    assert room.outcome()[0] == "pass"


def test_the_tests_folder_by_name_is_the_whole(room: Room) -> None:
    room.run("tests")
    assert room.outcome()[0] == "pass"
    room.path.unlink()
    room.run("../tests", cwd="governance")
    assert room.outcome()[0] == "pass"


@pytest.mark.parametrize(
    ("workers", "body", "why"),
    [
        ("-n0", "pytest.skip('later')", "tests/test_two.py::test_two was skipped"),
        ("-n2", "pytest.skip('later')", "tests/test_two.py::test_two was skipped"),
        ("-n0", "pytest.xfail('known')", "tests/test_two.py::test_two was skipped"),
        ("-n0", "raise KeyboardInterrupt", "did not come to its end"),
    ],
)
def test_a_marked_test_that_did_not_run_leaves_the_record_alone(
    room: Room, workers: str, body: str, why: str
) -> None:
    room.tests(two=OTHER.replace("pass", body))
    said = room.run(workers)
    assert not room.path.exists()
    assert why in said


@pytest.mark.parametrize("arguments", [[], ["--continue-on-collection-errors"], ["-n2"]], ids=str)
def test_a_module_that_cannot_be_read_leaves_the_record_alone(
    room: Room, arguments: list[str]
) -> None:
    room.tests(three="import nothing_of_this_name\n")
    room.run(*arguments)
    assert not room.path.exists()


def test_a_run_that_stops_at_the_first_failure_is_none(room: Room) -> None:
    room.tests(one=GOOD.replace("number < 3", "False"))
    assert "the run was stopped early" in room.run("-x")
    assert not room.path.exists()


@pytest.mark.parametrize("mark", ['"AUTH"', "", '"AUTH-1", "AUTH-2"'])
def test_a_mark_that_names_no_item_fails_its_test(room: Room, mark: str) -> None:
    room.tests(two=OTHER.replace('"CUSTOM-1"', mark))
    said = room.run()
    assert 'write the mark as pytest.mark.item("AUTH-1")' in said
    assert room.outcome()[0] == "unknown"


def test_a_mark_for_an_item_that_is_not_there_is_told(room: Room) -> None:
    room.tests(three=GOOD.replace("CUSTOM-1", "CUSTOM-7"))
    assert "Marked in vain: CUSTOM-7" in room.run()


def test_a_checklist_that_cannot_be_read_is_told_and_breaks_no_test(room: Room) -> None:
    path = room.root / "governance" / "checklist.yaml"
    path.write_text(path.read_text().replace("statement:", "statment:", 1))
    said = room.run()
    assert "5 passed" in said
    assert "nothing was recorded, because governance/checklist.yaml:" in said
    assert "Traceback" not in said


def test_a_folder_that_cannot_be_written_is_told(room: Room) -> None:
    (room.root / "build").write_text("a file")
    said = room.run()
    assert "5 passed" in said and "cannot be written" in said


def test_the_plugin_costs_no_start() -> None:
    code = "import sys, poc.checklist.recording; print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=TEMPLATE, capture_output=True, text=True, check=True
    )
    assert "pydantic" not in done.stdout and "yaml" not in done.stdout
