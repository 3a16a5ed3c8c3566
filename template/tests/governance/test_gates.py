"""Each gate refuses what it is for, says where, and lets the rest through."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from poc.checklist.attestations import BUDGET_ITEM
from poc.engine import evidence
from poc.engine.ledger import append
from poc.engine.problems import Exit
from poc.engine.situation import situation
from poc.gates import COMING, GATES
from poc.gates.judge import CHECKS
from poc.gates.shipped import LIST, digests
from tests.governance import items
from tests.governance.console import Console
from tests.governance.sample import TEMPLATE, change, commit, git, project, today

Terminal = Callable[[Path], Console]


def ship(root: Path) -> None:
    """Give a project the part of the template, as a release lists it."""
    (root / "poc" / "engine").mkdir(parents=True)
    (root / "poc" / "engine" / "verdict.py").write_text("word = 'GO'\n")
    (root / "governance" / "schemas").mkdir()
    (root / "governance" / "schemas" / "charter.json").write_text("{}\n")
    listed = {"version": "9.9.9", "files": digests(root)}
    (root / LIST).write_text(json.dumps(listed))


@pytest.fixture
def agreed(tmp_path: Path) -> Path:
    """Everything in order, a contract in force, everything committed."""
    root = items.proven(tmp_path)
    ship(root)
    commit(root, "shipped")
    return root


def ruling(poc: Console, gate: str, more: str = "") -> tuple[str, str]:
    """What one gate says: its state, and all sentences."""
    [one] = poc.json(f"poc gate {gate} {more}")["gates"]
    return one["state"], "\n".join(one["said"])


def test_with_everything_in_order_nothing_is_refused(agreed: Path, console: Terminal) -> None:
    poc = console(agreed)
    assert poc.type("poc gate") == Exit.OK
    assert "Nothing is refused." in poc.out
    found = poc.json("poc gate")
    assert found["refused"] == []
    assert {one["gate"]: one["state"] for one in found["gates"]} == {
        gate: "to come" if gate in COMING else "pass" for gate in GATES
    }


def test_a_draft_is_held_up_by_nothing_but_what_is_edited(
    tmp_path: Path, console: Terminal
) -> None:
    root = project(
        tmp_path,
        owners={"roles.sponsor.person": "", "roles.risk.person": "TBD"},
        criteria={"decisionDate": None},
    )
    ship(root)
    commit(root, "start")
    poc = console(root)
    assert poc.type("poc gate") == Exit.OK
    states = {one["gate"]: one["state"] for one in poc.json("poc gate")["gates"]}
    notes = {gate for gate, state in states.items() if state == "note"}
    assert notes == {"R1", "R7", "R10", "R13"}
    assert "sponsor is vacant" in poc.out and "risk is 'TBD', which is no name" in poc.out


def test_every_gate_is_built_or_said_to_come() -> None:
    assert set(CHECKS) | set(COMING) == set(GATES)
    assert not set(CHECKS) & set(COMING)
    assert list(GATES) == [f"R{number}" for number in range(1, 14)]


class Break(NamedTuple):
    """One thing that is broken, and the place and words of the refusal."""

    gate: str
    how: Callable[[Path], object]
    said: str


def set_to(file: str, key: str, value: object) -> Callable[[Path], object]:
    return lambda root: change(root, file, {key: value})


def write(name: str, text: str) -> Callable[[Path], object]:
    def edit(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")

    return edit


def remove(name: str) -> Callable[[Path], object]:
    return lambda root: (root / name).unlink()


def track(name: str, text: str = "{}") -> Callable[[Path], object]:
    """Commit a file although .gitignore says no."""

    def edit(root: Path) -> None:
        write(name, text)(root)
        git(root, "add", "-f", name)

    return edit


def cut(root: Path) -> None:
    """Take the last line off the ledger."""
    path = root / "governance" / "ledger.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))


def rewritten(root: Path) -> None:
    """A ledger that holds together and is another one."""
    (root / "governance" / "ledger.jsonl").unlink()
    append(root, "look", {"dataset": "d" * 64, "look": 1}, "Eva Noor", situation(root))


def unsay(root: Path) -> None:
    kept = [one for one in items.listed(root, "attestations") if one["item"] != BUDGET_ITEM]
    change(root, "attestations", {"attestations": kept})


def thrice(root: Path) -> None:
    for _ in range(3):
        items.waive(root, "ERR-1")


def waived(name: str, **how: str) -> Callable[[Path], object]:
    return lambda root: items.waive(root, name, **how)


def spared(name: str, by: str) -> Callable[[Path], object]:
    entry = {"item": name, "why": "None.", "by": by, "given": str(today())}
    return set_to("attestations", "notApplicable", [entry])


def moved_in_place(root: Path) -> None:
    """Waived since long ago by the ledger, though the only entry is of today."""
    items.waive(root, "ERR-1")
    (root / "governance" / "ledger.jsonl").unlink()
    for weeks in (10, 5, 1):
        then = situation(root, now=situation(root).now - timedelta(weeks=weeks))
        append(root, "score", {"items": {"ERR-1": "waived"}}, "CI", then)


def cheap(root: Path) -> None:
    change(root, "budget", {"poc.cost": 900_000, "production.lineItems.ERR.days": 0})


def day(days: int) -> str:
    return str(today() + timedelta(days=days))


USECASE = "app/usecase/__init__.py"
RECORD = f'{{"predicateType": "{evidence.PREDICATE}"}}'
BREAKS = [
    Break("R1", set_to("criteria", "criteria.0.objective.value", 0.8), "QUAL-1 threshold differs"),
    Break("R1", set_to("criteria", "maxLooks", 9), "maxLooks differs from the contract"),
    Break("R1", set_to("charter", "outOfScope", []), "governance/charter.yaml:1: the scope"),
    Break("R1", remove("governance/signoffs/sponsor.yaml"), "signoffs/sponsor.yaml is missing"),
    Break(
        "R1", set_to("owners", "roles.production.person", "Ida Voss"), "production.yaml is outdated"
    ),
    Break("R2", cut, "governance/ledger.jsonl:1: this line of HEAD was removed or edited"),
    Break("R2", rewritten, "governance/ledger.jsonl:1: this line of HEAD was removed or edited"),
    Break("R5", write(USECASE, "X = 1\n"), 'add: CAPABILITIES = ("sort_letter",)'),
    Break("R5", remove(USECASE), f"{USECASE} is missing"),
    Break("R5", write(USECASE, "CAPABILITIES = (\n"), f"{USECASE}:1: this is not valid Python"),
    Break(
        "R5",
        write(USECASE, '\nCAPABILITIES = ("sort_letter", "send_reply")\n'),
        f"{USECASE}:2: send_reply is not in capabilities",
    ),
    Break("R5", write(USECASE, "CAPABILITIES = tuple(find())\n"), ":1: write plain words"),
    Break("R5", write(USECASE, "CAPABILITIES = 'sort_letter'\n"), ":1: write plain words"),
    Break("R7", set_to("owners", "roles.sponsor.person", ""), "sponsor is vacant"),
    Break("R7", set_to("owners", "roles.risk.person", "N/A"), "'N/A', which is no name"),
    Break("R7", remove("CODEOWNERS"), "There is no CODEOWNERS"),
    Break("R7", set_to("owners", "roles.risk.handle", "@else"), "CODEOWNERS:"),
    Break(
        "R9", write("poc/engine/verdict.py", "word = 'NO'\n"), "poc/engine/verdict.py was edited"
    ),
    Break("R9", write("poc/engine/more.py", ""), "poc/engine/more.py was added"),
    Break("R9", remove("poc/engine/verdict.py"), "poc/engine/verdict.py was removed"),
    Break("R9", write("governance/schemas/charter.json", "[]"), "schemas/charter.json was edited"),
    Break("R9", lambda root: items.short(root, *items.HERE), "checklist.yaml was edited"),
    Break("R9", remove(LIST), "poc/release.json is missing or damaged"),
    Break("R9", write(LIST, "{"), "poc/release.json is missing or damaged"),
    Break("R10", cheap, "ERR has neither days nor proof"),
    Break("R10", unsay, "Nobody has accepted governance/budget.yaml"),
    Break("R10", set_to("budget", "poc.weeks", 5), "Nobody has accepted"),
    Break("R11", waived("ERR-1", given=day(-9), until=day(-1)), "ERR-1: the entry ended on"),
    Break("R11", waived("ERR-1", by="Ana Brandt"), "who is not the risk owner"),
    Break("R11", waived("ERR-1", given=day(1), until=day(2)), "which is in the future"),
    Break("R11", waived("SEC-1"), "SEC-1 can be neither waived nor left out"),
    Break("R11", spared("OWN-1", "Ravi Sen"), "OWN-1 can be neither waived nor left out"),
    Break("R11", spared("INT-2", "Ole Vang"), "who is not the risk owner"),
    Break("R11", thrice, "ERR-1 was renewed once already"),
    Break("R11", moved_in_place, "ERR-1 has been waived for over"),
    Break("R12", track("build/evidence/tests.json"), "build/evidence/tests.json is in the repo"),
    Break("R12", track("verdict.json"), "verdict.json is in the repository"),
    Break("R12", track("docs/old/verdict.json"), "docs/old/verdict.json is in the repository"),
    Break("R12", track("docs/seen.json", RECORD), "docs/seen.json is in the repository"),
]


@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: f"{one.gate}: {one.said}")
def test_one_broken_thing_is_refused(agreed: Path, console: Terminal, broken: Break) -> None:
    poc = console(agreed)
    assert ruling(poc, broken.gate)[0] == "pass"
    broken.how(agreed)
    state, said = ruling(poc, broken.gate)
    assert (state, broken.said in said) == ("refused", True), said
    assert poc.type(f"poc gate {broken.gate}") == Exit.REFUSED
    assert f"Refused by {broken.gate}." in poc.out


def test_a_refusal_names_the_line(agreed: Path, console: Terminal) -> None:
    change(agreed, "criteria", {"criteria.2.objective.value": 9000})
    path = agreed / "governance" / "criteria.yaml"
    lines = path.read_text("utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "PERF-1" in text)
    said = ruling(console(agreed), "R1")[1]
    assert said.startswith(f"governance/criteria.yaml:{line}: PERF-1 threshold differs")


def test_the_amended_contract_passes(agreed: Path, console: Terminal) -> None:
    poc = console(agreed)
    change(agreed, "criteria", {"criteria.0.objective.value": 0.93})
    assert ruling(poc, "R1")[0] == "refused"
    assert poc.type("poc amend --why 'We can do better.' --by Ana") == Exit.OK
    assert ruling(poc, "R1")[0] == "pass"


def test_research_signs_and_decides_nothing(agreed: Path, console: Terminal) -> None:
    change(agreed, "charter", {"intent": "research"})
    poc = console(agreed)
    assert ruling(poc, "R1")[0] == ruling(poc, "R13")[0] == "pass"


def test_a_capability_that_nobody_built_is_a_note(agreed: Path, console: Terminal) -> None:
    write(USECASE, "CAPABILITIES: tuple[str, ...] = ()\n")(agreed)
    state, said = ruling(console(agreed), "R5")
    assert state == "note" and "sort_letter, which the code does not do" in said


def test_the_use_case_is_read_and_not_run(agreed: Path, console: Terminal) -> None:
    write(USECASE, 'CAPABILITIES = ("sort_letter",)\nraise SystemExit(9)\n')(agreed)
    assert ruling(console(agreed), "R5")[0] == "pass"


def override(root: Path, **how: str) -> None:
    entry = {"path": "poc/engine/verdict.py", "why": "Ours.", "by": "Ravi Sen", "until": day(9)}
    change(root, "attestations", {"overrides": [entry | how]})


@pytest.mark.parametrize(
    ("how", "state", "said"),
    [
        ({}, "note", "is modified until"),
        ({"until": day(-1)}, "refused", "its override in governance/attestations.yaml ended on"),
        ({"by": "Somebody Else"}, "refused", "who holds no role"),
        ({"path": "poc/engine/other.py"}, "refused", "verdict.py was edited"),
    ],
)
def test_a_listed_change_of_the_template_is_shown_and_ends(
    agreed: Path, console: Terminal, how: dict[str, str], state: str, said: str
) -> None:
    write("poc/engine/verdict.py", "word = 'NO'\n")(agreed)
    override(agreed, **how)
    found = ruling(console(agreed), "R9")
    assert found[0] == state and said in found[1]


def test_what_python_leaves_behind_is_no_edit(agreed: Path, console: Terminal) -> None:
    write("poc/engine/__pycache__/verdict.cpython-311.pyc", "x")(agreed)
    assert ruling(console(agreed), "R9")[0] == "pass"


def test_a_waiver_that_ended_and_was_renewed_passes(agreed: Path, console: Terminal) -> None:
    items.waive(agreed, "ERR-1", given=day(-31), until=day(-1))
    items.waive(agreed, "ERR-1")
    assert ruling(console(agreed), "R11")[0] == "pass"


LATE = [
    (day(-15), "", "refused", "15 days later there is none"),
    (day(-15), "--label fix", "note", "may pass"),
    (day(-15), "--label ui --label decision", "note", "may pass"),
    (day(-15), "--label feature", "refused", "only changes labelled fix or decision merge"),
    (day(-14), "", "pass", "The decision is due on"),
    (day(1), "", "pass", "The decision is due on"),
]


@pytest.mark.parametrize(("due", "label", "state", "said"), LATE)
def test_a_decision_that_is_overdue_holds_up_all_but_fixes(
    tmp_path: Path, console: Terminal, due: str, label: str, state: str, said: str
) -> None:
    root = project(tmp_path, criteria={"decisionDate": due})
    found = ruling(console(root), "R13", label)
    assert found[0] == state and said in found[1]


@pytest.mark.parametrize(("decision", "state"), [("no-go", "pass"), ("extend", "note")])
def test_a_decision_in_the_ledger_opens_the_gate(
    tmp_path: Path, console: Terminal, decision: str, state: str
) -> None:
    root = project(tmp_path, criteria={"decisionDate": day(-20)})
    append(root, "decision", {"decision": decision}, "Ana Brandt", situation(root))
    assert ruling(console(root), "R13")[0] == state


def test_a_gate_that_is_not_there_is_told(agreed: Path, console: Terminal) -> None:
    poc = console(agreed)
    assert poc.type("poc gate R14") == Exit.USAGE
    assert "there is no gate R14" in poc.err
    assert poc.type("poc gate r5 R12") == Exit.OK
    assert [one["gate"] for one in poc.json("poc gate r5 R12")["gates"]] == ["R5", "R12"]


@pytest.mark.parametrize("gate", COMING)
def test_what_is_to_come_says_so_and_refuses_nothing(
    agreed: Path, console: Terminal, gate: str
) -> None:
    poc = console(agreed)
    assert poc.type(f"poc gate {gate}") == Exit.OK
    assert ruling(poc, gate)[0] == "to come"


def test_a_mistake_in_a_file_is_told_before_any_gate(agreed: Path, console: Terminal) -> None:
    change(agreed, "owners", {"roles.sponsor": {"persn": "Ana"}})
    poc = console(agreed)
    assert poc.type("poc gate") == Exit.INVALID
    assert "governance/owners.yaml:" in poc.err and "persn" in poc.err


def test_a_waiver_of_an_item_that_is_not_there_is_a_mistake(
    agreed: Path, console: Terminal
) -> None:
    items.waive(agreed, "ERR-9")
    poc = console(agreed)
    assert poc.type("poc gate") == Exit.INVALID
    assert "there is no item ERR-9" in poc.err


def test_the_list_of_what_is_shipped_names_this_release() -> None:
    listed = json.loads((TEMPLATE / LIST).read_text("utf-8"))["files"]
    assert "governance/checklist.yaml" in listed and "poc/gates/judge.py" in listed
