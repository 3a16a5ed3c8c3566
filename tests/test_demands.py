"""Each demand of docs/demands.yaml names answers that exist, and says honestly how far they go."""

import json
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import TEMPLATE
from test_docs import targets

from tools.demands import Demand, load, main

FOUND = load()


def names(kind: str, among: tuple[Demand, ...] = FOUND.demands) -> dict[str, list[str]]:
    """What is named by references of a kind, each with the demands that name it."""
    found: dict[str, list[str]] = {}
    for one in among:
        for answer in one.answers:
            if answer.kind == kind:
                found.setdefault(answer.name, []).append(one.id)
    return found


def items() -> dict[str, Any]:
    data = yaml.safe_load((TEMPLATE / "governance" / "checklist.yaml").read_text("utf-8"))
    return {item["id"]: item for item in data["items"]}


def criterion_types() -> set[str]:
    schema = json.loads((TEMPLATE / "governance" / "schemas" / "criteria.json").read_text("utf-8"))
    return set(schema["$defs"]["Criterion"]["properties"]["type"]["enum"])


def gates(register: str = "GATES") -> set[str]:
    """The gates there are, or with `COMING` those that refuse nothing in this release."""
    return set(runpy.run_path(str(TEMPLATE / "poc" / "gates" / "__init__.py"))[register])


def commands(project: Path) -> set[str]:
    """What `poc --help` and the project's Makefile list."""
    told = subprocess.run(
        [sys.executable, "-B", "-m", "poc.cli", "--help"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = {f"poc {name}" for name in re.findall(r"^    ([a-z-]+)  ", told, re.MULTILINE)}
    return found | {f"make {target}" for target in targets(project)}


def value(path: Path, key: str) -> object:
    """What stands under a dotted key. Raises `KeyError`."""
    text = path.read_text("utf-8")
    data: object = tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
    for name in key.split("."):
        if not isinstance(data, dict):
            raise KeyError(key)
        data = data[name]
    return data


def test_there_are_as_many_demands_as_were_collected() -> None:
    assert len(FOUND.demands) >= 110
    assert len({one.demand for one in FOUND.demands}) == len(FOUND.demands)


def test_the_items_are_those_of_the_checklist() -> None:
    assert set(names("item")) == set(items())


def test_the_criteria_are_the_types_a_contract_knows() -> None:
    assert set(names("criterion")) == criterion_types()


def test_the_gates_are_those_that_refuse() -> None:
    assert set(names("gate")) == gates()


def test_the_commands_exist(project: Path) -> None:
    assert set(names("command")) <= commands(project)


@pytest.mark.parametrize("name", names("file"))
def test_a_file_and_its_key_exist(name: str, project: Path) -> None:
    path, _, key = name.partition("#")
    assert (project / path).is_file()
    if key:
        value(project / path, key)


@pytest.mark.parametrize("name", names("room"))
def test_a_room_holds_code(name: str, project: Path) -> None:
    assert list((project / name).glob("*.py"))


def test_an_item_that_nothing_probes_is_never_the_only_answer() -> None:
    probed = {name for name, item in items().items() if item.get("probe")}
    for one in FOUND.demands:
        if one.today == "yes":
            assert any(a.kind != "item" or a.name in probed for a in one.answers), one.id


def test_a_gate_to_come_answers_nothing_today() -> None:
    for one in FOUND.demands:
        if one.today == "yes":
            named = {answer.name for answer in one.answers if answer.kind == "gate"}
            assert not named & gates("COMING"), one.id


def test_the_page_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


# The tool itself, on a small file of its own.

SMALL = """\
themes: [Sign-in, Cost]
demands:
- id: D1
  theme: Sign-in
  demand: People sign in.
  answers: [item: AUTH-1, room: app/identity]
  today: yes
- id: D2
  theme: Cost
  demand: It is affordable.
  answers: [criterion: unit_cost]
  today: partly
  missing: Nobody pays.
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "demands.yaml").write_text(SMALL)
    return tmp_path


def test_the_page_counts_and_lists_by_theme(docs: Path) -> None:
    assert main([], docs) == 0
    page = (docs / "demands.md").read_text()
    assert "| Sign-in | 1 | 0 | 0 |\n| Cost | 0 | 1 | 0 |\n| **all 2** | 1 | 1 | 0 |" in page
    assert "| D1. People sign in. | AUTH-1, `app/identity` | answered |" in page
    row = "| D2. It is affordable. | criterion `unit_cost` | partly: Nobody pays. |"
    assert page.index("## Sign-in") < page.index("## Cost") < page.index(row)


def test_a_page_out_of_date_is_told_and_left_alone(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"], docs) == 1
    assert "out of date" in capsys.readouterr().err
    assert not (docs / "demands.md").exists()
    main([], docs)
    assert main(["--check"], docs) == 0
    (docs / "demands.yaml").write_text(SMALL.replace("affordable", "cheap"))
    assert main(["--check"], docs) == 1
    assert "affordable" in (docs / "demands.md").read_text()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("id: D2", "id: D1", "D1: the id is given 2 times"),
        ("id: D2", "id: S2", "S2: the id is a D and a number"),
        ("theme: Cost", "theme: Costs", "D2: theme has to be one of the list at the top"),
        ("[Sign-in, Cost]", "[Sign-in, Cost, Load]", "Load: no demand has this theme"),
        ("[criterion: unit_cost]", "[]", "D2: answers has to name at least one reference"),
        ("[criterion: unit_cost]", "[page: x]", "D2: {'page': 'x'} is no reference"),
        ("room: app/identity", "item: AUTH-1", "D1: AUTH-1 is named twice"),
        ("today: partly", "today: soon", "D2: today is one of yes, partly, no"),
        ("  missing: Nobody pays.\n", "", "D2: missing has to say in one sentence what is missing"),
        ("Nobody pays.", "Money. Time.", "D2: missing has to say in one sentence"),
        ("today: partly", "today: yes", "D2: nothing is missing where today is yes"),
        ("It is affordable.", "affordable", "D2: demand has to be one sentence with a full stop"),
        ("  today: yes", "  today: yes\n  tomorrow: yes", "D1: tomorrow is not known here"),
        ("  today: yes", "  today: yes\n  today: no", "the key today is given twice"),
        ("demands:", "demand:", "write the two lists themes and demands"),
        ("themes: [", "themes: [[", "demands.yaml cannot be read"),
        ("today: partly", "today: [partly]", "D2: today has to be text"),
        ("- id: D1", "- signing in\n- id: D1", "'signing in' is no demand"),
        ("[Sign-in, Cost]", "[[Sign-in], Cost]", "D1: theme has to be one of the list"),
    ],
)
def test_a_mistake_is_named_where_it_is(
    docs: Path, old: str, new: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert old in SMALL
    (docs / "demands.yaml").write_text(SMALL.replace(old, new))
    assert main([], docs) == 1
    assert told in capsys.readouterr().err
    assert not (docs / "demands.md").exists()
