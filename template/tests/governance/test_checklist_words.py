"""A person's word: pasted as it is printed, worth half where a run could answer, and soon void."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from poc.engine.problems import Exit
from tests.governance import items
from tests.governance.console import Console
from tests.governance.items import item
from tests.governance.sample import TEMPLATE, change, git, project, today

Terminal = Callable[[Path], Console]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Nothing ran; `attestations.yaml` is as a new project has it."""
    root = project(tmp_path, owners={"roles.security": items.role("Sia Berg")})
    text = (TEMPLATE / "governance" / "attestations.yaml").read_text("utf-8")
    (root / "governance" / "attestations.yaml").write_text(text, "utf-8")
    (root / "docs").mkdir()
    return root


def paste(root: Path, text: str, below: str = "attestations:") -> None:
    """What a person does with the lines that were printed."""
    path = root / "governance" / "attestations.yaml"
    lines = path.read_text("utf-8").splitlines()
    lines.insert(lines.index(below) + 1, text)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def printed(poc: Console, name: str, first: str = "  - item: ") -> str:
    """The lines of an entry, as `poc score ITEM` prints them."""
    assert poc.type(f"poc score {name}") == Exit.OK
    lines = poc.out.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(first))
    end = next(
        (n for n, line in enumerate(lines) if n > start and not line.startswith("    ")), len(lines)
    )
    return "\n".join(lines[start:end])


@pytest.mark.parametrize("name", ["AUTH-1", "DATA-1", "COST-1", "EVAL-1"])
def test_a_word_is_worth_half_where_nothing_ran(root: Path, console: Terminal, name: str) -> None:
    poc = console(root)
    paste(root, printed(poc, name))
    found = item(poc, name)
    assert (found["outcome"], found["credit"]) == ("unknown", 0.5)
    assert found["detail"].startswith("Half the points on the word of ")
    assert found["expires"] is not None
    assert name in poc.json("poc score")["nextLevelMissing"]


def test_a_word_does_not_speak_against_a_run_that_failed(root: Path, console: Terminal) -> None:
    poc = console(root)
    paste(root, printed(poc, "AUTH-1"))
    items.tested(root, "fail", "1 of 9 tests failed.")
    assert (item(poc, "AUTH-1")["outcome"], item(poc, "AUTH-1")["credit"]) == ("fail", 0)


def test_a_word_gives_way_to_a_run_that_passed(root: Path, console: Terminal) -> None:
    poc = console(root)
    paste(root, printed(poc, "AUTH-1"))
    items.tested(root)
    assert (item(poc, "AUTH-1")["outcome"], item(poc, "AUTH-1")["credit"]) == ("pass", 1)


def test_what_only_a_person_can_say_counts_whole(root: Path, console: Terminal) -> None:
    poc = console(root)
    assert poc.type("poc score COMP-1") == Exit.OK
    assert "first write docs/threat-model.md" in poc.out
    (root / "docs" / "threat-model.md").write_text("Threats.\n")
    paste(root, printed(poc, "COMP-1"))
    assert (item(poc, "COMP-1")["outcome"], item(poc, "COMP-1")["credit"]) == ("pass", 1)
    (root / "docs" / "threat-model.md").write_text("Other threats.\n")
    found = item(poc, "COMP-1")
    assert (found["outcome"], found["credit"]) == ("unknown", 0)
    assert "is void, because docs/threat-model.md has changed since" in found["detail"]


def test_the_budget_and_the_charter_are_confirmed_by_what_is_printed(
    root: Path, console: Terminal
) -> None:
    poc = console(root)
    for name in ("COST-2", "COMP-2"):
        paste(root, printed(poc, name))
        assert item(poc, name)["outcome"] == "pass"
    change(root, "budget", {"production.team": 5})
    change(root, "charter", {"notice": "Another notice."})
    for name, what in (("COST-2", "budget"), ("COMP-2", "charter")):
        found = item(poc, name)
        assert found["outcome"] == "unknown"
        assert f"is void, because governance/{what}.yaml has changed since" in found["detail"]


def test_a_comment_voids_no_word(root: Path, console: Terminal) -> None:
    poc = console(root)
    paste(root, printed(poc, "COST-2"))
    path = root / "governance" / "budget.yaml"
    path.write_text(path.read_text("utf-8") + "# Seen by all.\n", "utf-8")
    assert item(poc, "COST-2")["outcome"] == "pass"


def test_the_sponsor_accepts_the_budget_while_nobody_else_can(
    root: Path, console: Terminal
) -> None:
    poc = console(root)
    change(root, "owners", {"roles.budget": {"person": ""}})
    block = printed(poc, "COST-2")
    assert "Ana Brandt" in block
    paste(root, block)
    assert item(poc, "COST-2")["outcome"] == "pass"
    change(root, "owners", {"roles.budget": items.role("Bea Katz")})
    assert item(poc, "COST-2")["outcome"] == "unknown"


def day(days: int) -> str:
    return str(today() + timedelta(days=days))


VOID: list[tuple[dict[str, Any], str]] = [
    ({"given": day(1), "expires": day(9)}, "which is in the future"),
    ({"given": day(-9), "expires": day(-1)}, "ended on"),
    ({"expires": day(31)}, "is for more than 30 days"),
    ({"person": "Mo Lund"}, "who is not security"),
    ({"role": "evaluation", "person": "Eva Noor"}, "security or production has to give it"),
    ({"role": "model", "person": "Mo Lund"}, "security or production has to give it"),
    ({"about": {"README.md": "0" * 64}}, "does not say which behaviour it is about"),
    ({"about": {"behaviour": "0" * 64}}, "behaviour has changed since"),
]


@pytest.mark.parametrize(("how", "why"), VOID)
def test_a_word_that_does_not_hold_gives_nothing_and_says_why(
    root: Path, console: Terminal, how: dict[str, Any], why: str
) -> None:
    poc = console(root)
    behaviour = printed(poc, "AUTH-1").rpartition("behaviour: ")[2]
    entry = items.confirm(root, "AUTH-1", "security", "Sia Berg", behaviour=behaviour)
    assert item(poc, "AUTH-1")["credit"] == 0.5
    change(root, "attestations", {"attestations": [entry | how]})
    found = item(poc, "AUTH-1")
    assert (found["outcome"], found["credit"]) == ("unknown", 0)
    assert why in found["detail"]


def test_a_word_of_somebody_who_left_the_role_is_void(root: Path, console: Terminal) -> None:
    poc = console(root)
    paste(root, printed(poc, "AUTH-1"))
    change(root, "owners", {"roles.security": items.role("Ida Voss")})
    assert item(poc, "AUTH-1")["credit"] == 0


def test_a_block_nobody_signed_is_worth_nothing(root: Path, console: Terminal) -> None:
    change(root, "owners", {"roles.security": {"person": ""}, "roles.production.person": ""})
    poc = console(root)
    paste(root, printed(poc, "AUTH-1"))
    assert item(poc, "AUTH-1")["credit"] == 0


def test_code_that_changed_voids_the_words_on_it(root: Path, console: Terminal) -> None:
    poc = console(root)
    paste(root, printed(poc, "DATA-1"))
    (root / "app" / "usecase" / "new.py").write_text("x = 1\n")
    assert "behaviour has changed since" in item(poc, "DATA-1")["detail"]


def test_a_waiver_is_pasted_as_it_is_printed(root: Path, console: Terminal) -> None:
    poc = console(root)
    paste(root, printed(poc, "ERR-1"), "waivers:")
    found = item(poc, "ERR-1")
    assert (found["outcome"], found["credit"]) == ("waived", 0)
    assert found["expires"] == day(30)
    assert poc.type("poc score SEC-1") == Exit.OK and "It cannot be waived." in poc.out


def test_an_item_explains_itself(root: Path, console: Terminal) -> None:
    poc = console(root)
    assert poc.type("poc score auth-1") == Exit.OK
    for told in ("AUTH-1 - unknown, level poc, weight 10", "Why: ", "make test", "Sia Berg"):
        assert told in poc.out
    assert poc.type("poc score MON-2") == Exit.OK
    assert "What proves it: nothing in this release." in poc.out
    assert poc.type("poc score AUTH-9") == Exit.USAGE
    assert "There is no item AUTH-9" in poc.err
    assert git(root, "status", "--porcelain", "--", "app") == ""
