"""Each item that this release can answer turns away from a pass when one line is broken."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from poc.checklist.catalogue import Checklist
from poc.checklist.probes import PROBES
from poc.checklist.proof import RECORDS
from poc.engine import evidence, governance
from poc.engine.ledger import append
from poc.engine.situation import situation
from poc.engine.yamlfile import read
from poc.money.budget import AREAS
from tests.governance import items
from tests.governance.console import Console
from tests.governance.items import item
from tests.governance.sample import TEMPLATE, change, commit, git, project, today
from tests.governance.staging import look

Terminal = Callable[[Path], Console]
CHECKLIST = read(TEMPLATE / "governance" / "checklist.yaml", Checklist)
NOT_WAIVABLE = {"AUTH-1", "COMP-2", "DATA-3", "EVAL-2", "OWN-1", "SEC-1"}


def test_the_checklist_has_thirty_items_of_known_weight() -> None:
    assert len(CHECKLIST.items) == 30
    assert sum(one.weight for one in CHECKLIST.items) == 245
    assert {one.area for one in CHECKLIST.items} == set(AREAS)
    assert {one.id for one in CHECKLIST.items if not one.waivable} == NOT_WAIVABLE


def test_what_can_be_answered_is_what_is_tested_here() -> None:
    assert {one.id for one in CHECKLIST.items if one.in_release} == set(items.HERE)
    kinds = {one.id: one.probe.kind for one in CHECKLIST.items if one.probe}
    assert {name for name, kind in kinds.items() if kind == "governance"} == set(PROBES)
    assert set(kinds.values()) == {"governance", *RECORDS}
    assert {name for name, kind in kinds.items() if kind == "tests"} == set(items.TESTED)


@pytest.mark.parametrize("name", items.TESTED)
def test_the_modules_of_an_item_carry_its_mark(name: str) -> None:
    probe = next(one.probe for one in CHECKLIST.items if one.id == name)
    assert probe is not None
    for module in probe.modules:
        assert f'pytest.mark.item("{name}")' in (TEMPLATE / module).read_text("utf-8"), module


def test_no_test_is_marked_for_an_item_that_tests_do_not_answer() -> None:
    own = TEMPLATE / "tests" / "governance"
    for path in (TEMPLATE / "tests").rglob("test_*.py"):
        if own not in path.parents:
            found = set(re.findall(r'mark\.item\("(.*?)"\)', path.read_text("utf-8")))
            assert {one for one in found if not one.startswith("CUSTOM")} <= set(items.TESTED)


class Break(NamedTuple):
    """One line that is broken, and what the item then says."""

    item: str
    how: Callable[[Path], object]
    outcome: str
    said: str


def rewrite(name: str, old: str, new: str) -> Callable[[Path], object]:
    """Replace a text in a file once."""

    def edit(root: Path) -> None:
        text = (root / name).read_text("utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new, 1), "utf-8")

    return edit


def set_to(file: str, key: str, value: object) -> Callable[[Path], object]:
    """Give a key of a governance file another value."""
    return lambda root: change(root, file, {key: value})


def remove(name: str) -> Callable[[Path], object]:
    return lambda root: (root / name).unlink()


def unsay(name: str) -> Callable[[Path], object]:
    """Take the word on an item back."""

    def edit(root: Path) -> None:
        kept = [one for one in items.listed(root, "attestations") if one["item"] != name]
        change(root, "attestations", {"attestations": kept})

    return edit


def days(count: int) -> str:
    return str(today() + timedelta(days=count))


def look_first(root: Path) -> None:
    """A look that came before any contract."""
    (root / "governance" / "ledger.jsonl").unlink()
    append(root, "look", {"dataset": "d" * 64, "look": 1}, "Eva Noor", situation(root))


def look_then_accept(root: Path) -> None:
    """A look of today, and a budget that is accepted tomorrow; told the day after."""
    look(root)
    said = items.listed(root, "attestations")
    for one in said:
        if one["item"] == "COST-2":
            one["given"] = days(1)
    change(root, "attestations", {"attestations": said})


def forget_commits(root: Path) -> None:
    """One commit by somebody else is the whole history."""
    git(root, "checkout", "-q", "--orphan", "fresh")
    commit(root, "all at once")


def alone(root: Path) -> None:
    """Everything is by the production owner."""
    git(root, "checkout", "-q", "--orphan", "fresh")
    items.commit_as(root, "Ole Vang", "ole@example.test")


def shallow(root: Path) -> None:
    (root / ".git" / "shallow").write_text(git(root, "rev-parse", "HEAD"))


def no_git(root: Path) -> None:
    (root / ".git").rename(root / "no-git")


EDITED = Break("EVAL-2", set_to("criteria", "criteria.0.objective.value", 0.8), "pass", "")
BREAKS = [
    Break("EVAL-2", remove("governance/ledger.jsonl"), "unknown", "No contract is in force"),
    Break("EVAL-2", remove("governance/signoffs/risk.yaml"), "fail", "Not signed by risk"),
    Break("EVAL-2", look_first, "fail", "was scored on"),
    Break(
        "EVAL-2",
        set_to("owners", "roles.evaluation.person", "Ida Voss"),
        "fail",
        "Not signed by evaluation",
    ),
    Break(
        "EVAL-2",
        lambda root: rewrite(
            "governance/signoffs/risk.yaml",
            "contract: "
            + yaml.safe_load((root / "governance/signoffs/risk.yaml").read_text())["contract"],
            "contract: " + "f" * 64,
        )(root),
        "fail",
        "Not signed by risk",
    ),
    Break(
        "COST-2",
        set_to("budget", "production.lineItems.ERR.days", 0),
        "fail",
        "Without days or proof in governance/budget.yaml: ERR",
    ),
    Break("COST-2", set_to("budget", "production.dayRate", 0), "fail", "dayRate is 0"),
    Break("COST-2", set_to("budget", "poc.cost", 900_000), "fail", "under 2 times"),
    Break("COST-2", set_to("budget", "production.weeks", 1), "fail", "timeline does not hold"),
    Break("COST-2", set_to("budget", "poc.weeks", 3), "unknown", "budget.yaml has changed since"),
    Break("COST-2", unsay("COST-2"), "unknown", "Nobody has accepted the budget"),
    Break("OWN-1", set_to("owners", "roles.sponsor.person", "TBD"), "fail", "Sponsor is 'TBD'"),
    Break("OWN-1", set_to("owners", "roles.risk.person", ""), "fail", "Risk is vacant"),
    Break("OWN-1", set_to("owners", "roles.risk.accepted", None), "fail", "has not been accepted"),
    Break("OWN-1", set_to("owners", "roles.risk.accepted", days(-91)), "fail", "over 90 days ago"),
    Break("OWN-1", set_to("owners", "roles.risk.accepted", days(1)), "fail", "in the future"),
    Break("OWN-1", set_to("owners", "roles.production.deputy", ""), "fail", "has no deputy"),
    Break(
        "OWN-1", set_to("owners", "roles.production.deputy", "Ole Vang"), "fail", "has no deputy"
    ),
    Break("OWN-1", set_to("owners", "roles.risk.handle", "@else"), "fail", "CODEOWNERS:"),
    Break("OWN-1", remove("CODEOWNERS"), "fail", "There is no CODEOWNERS"),
    Break("OWN-1", rewrite("CODEOWNERS", "@eva-noor", "@mo-lund"), "fail", "differs from"),
    Break("OWN-2", forget_commits, "fail", "No commit by Ole Vang or Kim Roth"),
    Break("OWN-2", alone, "fail", "1 of at least 2 people have worked on app/"),
    Break("OWN-2", shallow, "unknown", "no whole history"),
    Break("OWN-2", no_git, "unknown", "no whole history"),
    Break("OWN-2", set_to("owners", "roles.production.person", ""), "fail", "no production owner"),
    Break("COMP-1", remove("docs/threat-model.md"), "unknown", "has changed since"),
    Break("COMP-1", unsay("COMP-1"), "unknown", "Nobody has confirmed it; security can"),
    Break("COMP-2", set_to("charter", "riskClass", ""), "fail", "riskClass"),
    Break("COMP-2", set_to("charter", "notice", " "), "fail", "notice"),
    Break(
        "COMP-2",
        set_to("charter", "dataPolicy.classes", {"public": {}, "internal": {}, "special": {}}),
        "fail",
        "no retentionDays for special",
    ),
    Break("COMP-2", set_to("charter", "dataPolicy.destinations", {}), "fail", "no destination"),
    Break("COMP-2", set_to("charter", "users", ["All"]), "unknown", "has changed since"),
    Break("COMP-2", unsay("COMP-2"), "unknown", "The privacy owner has not confirmed"),
]


@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: f"{one.item}: {one.said}")
def test_one_broken_line_turns_the_item(tmp_path: Path, console: Terminal, broken: Break) -> None:
    root = items.proven(tmp_path)
    poc = console(root)
    assert item(poc, broken.item)["outcome"] == "pass"
    broken.how(root)
    found = item(poc, broken.item)
    assert (found["outcome"], found["credit"]) == (broken.outcome, 0)
    assert broken.said in found["detail"]


@pytest.mark.parametrize("name", [*items.TESTED, "EVAL-1"])
def test_without_its_record_or_with_a_failure_it_does_not_pass(
    tmp_path: Path, console: Terminal, name: str
) -> None:
    root = items.proven(tmp_path)
    poc = console(root)
    assert item(poc, name)["outcome"] == "pass"
    for write in (items.tested, items.gated):
        write(root, "fail", "broken")
    assert item(poc, name)["outcome"] == "fail"
    for path in (root / evidence.FOLDER).glob("*.json"):
        path.unlink()
    assert item(poc, name)["outcome"] == "unknown"


def test_a_look_after_the_lock_is_as_agreed(tmp_path: Path, console: Terminal) -> None:
    root = items.proven(tmp_path)
    look(root)
    found = item(console(root), "EVAL-2")
    assert found["outcome"] == "pass" and "first scored on" in found["detail"]


def test_a_budget_accepted_after_the_first_result_is_late(
    tmp_path: Path, console: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = items.proven(tmp_path)
    look_then_accept(root)
    whole, where = governance.load(root), situation(root)
    from poc.checklist.scorecard import score

    later = situation(root, now=where.now + timedelta(days=2))
    found = score(whole, evidence.load(root), later).item("COST-2")
    assert found is not None and found.outcome == "fail"
    assert "after the first result" in found.detail


def test_an_area_may_be_covered_by_an_item_that_passes_and_by_no_other(
    tmp_path: Path, console: Terminal
) -> None:
    root = project(tmp_path)
    for name, said in (("AUTH-1", "Nobody has accepted"), ("AUTH-2", "Without days or proof")):
        change(root, "budget", {"production.lineItems.AUTH": {"days": 0, "coveredBy": [name]}})
        items.tested(root)
        assert said in item(console(root), "COST-2")["detail"]


def test_a_forge_that_reads_another_file_is_out_of_step(tmp_path: Path, console: Terminal) -> None:
    root = items.proven(tmp_path)
    (root / ".github").mkdir()
    (root / ".github" / "CODEOWNERS").write_text("* @somebody\n")
    assert ".github/CODEOWNERS exists" in item(console(root), "OWN-1")["detail"]


@pytest.mark.parametrize(
    ("name", "mail", "message", "outcome"),
    [
        ("O. Vang", "OLE@example.test", "work", "pass"),
        ("kim  roth", "kim@elsewhere.test", "work", "pass"),
        ("Lea Arp", "lea@example.test", "x\n\nCo-authored-by: Ole Vang <o@v.test>", "pass"),
        ("Somebody", "some@example.test", "by Ole Vang", "fail"),
    ],
)
def test_who_took_part_is_told_by_name_mail_or_co_author(
    tmp_path: Path, console: Terminal, name: str, mail: str, message: str, outcome: str
) -> None:
    root = items.proven(tmp_path)
    forget_commits(root)
    for number, (one, address) in enumerate([("A B", "a@b.test"), ("C D", "c@d.test")]):
        for room in ("app", "evals"):
            (root / room / f"n{number}.py").write_text("x = 1\n")
        items.commit_as(root, one, address)
    items.commit_as(root, name, mail, message)
    assert item(console(root), "OWN-2")["outcome"] == "fail"  # it changed nothing
    (root / "notes.md").write_text("Seen.\n")
    items.commit_as(root, name, mail, message)
    assert item(console(root), "OWN-2")["outcome"] == outcome


@pytest.mark.parametrize(
    ("name", "mail"),
    [
        ("Ole Vang", "ole@other.test"),
        ("Ole V.", "ole@example.test"),
        ("dependabot[bot]", "1+dependabot[bot]@users.test"),
    ],
)
def test_one_person_with_two_names_or_mails_and_a_machine_are_not_two(
    tmp_path: Path, console: Terminal, name: str, mail: str
) -> None:
    root = items.proven(tmp_path)
    alone(root)
    for room in ("app", "evals"):
        (root / room / "more.py").write_text("x = 1\n")
    items.commit_as(root, name, mail)
    assert "1 of at least 2 people" in item(console(root), "OWN-2")["detail"]


@pytest.mark.parametrize("when", ["2001-01-01T00:00:00", "2099-01-01T00:00:00"])
def test_work_of_long_ago_or_of_a_wrong_clock_is_no_part(
    tmp_path: Path, console: Terminal, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    root = items.proven(tmp_path)
    git(root, "checkout", "-q", "--orphan", "fresh")
    monkeypatch.setenv("GIT_COMMITTER_DATE", when)
    monkeypatch.setenv("GIT_AUTHOR_DATE", when)
    items.commit_as(root, "Ole Vang", "ole@example.test")
    assert "No commit by Ole Vang" in item(console(root), "OWN-2")["detail"]
