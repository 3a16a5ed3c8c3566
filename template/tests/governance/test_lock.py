"""A contract comes into force when everything it needs is there, once, and signed."""

from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from poc.cli import main
from poc.commands.lock import author
from poc.engine import ledger
from poc.engine.problems import Exit
from tests.governance.console import Console
from tests.governance.sample import change, git, project, today

Terminal = Callable[[Path], Console]
SIGNERS = ("sponsor", "production", "evaluation", "risk")
SOLO = {f"roles.{role}.person": ("Ann Ox", " ann  OX")[i % 2] for i, role in enumerate(SIGNERS)}


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("charter", {"riskClass": ""}, "Decide the risk class"),
        ("charter", {"production.target": None}, "Write when it should be live"),
        ("charter", {"intent": "research"}, "set intent: production"),
        ("charter", {"blockers.0.due": None}, "Set a day for: Access to the archive."),
        ("charter", {"integrations.0.owner": ""}, "Agree with the owner of archive"),
        ("charter", {"integrations.0.agreed": None}, "Agree with the owner of archive"),
        ("charter", {"integrations": []}, "INT-1 asks for the system archive"),
        ("charter", {"blockers": []}, "0 of at least 5 blockers"),
        ("criteria", {"decisionDate": None}, "Set the day of the decision"),
        ("criteria", {"decisionDate": "2020-01-01"}, "2020-01-01 has passed"),
        ("criteria", {"plannedCases": {"decision": 20}}, "QUAL-1"),
        ("criteria", {"criteria.0.indicator.dataset": "dev"}, "QUAL-1 is decided on the cases dev"),
        (
            "criteria",
            {"criteria.5.indicator.system": ["archive"]},
            "asks for the system ['archive']",
        ),
        ("criteria", {"criteria.5.indicator.system": "crm"}, "INT-1 asks for the system crm"),
        ("owners", {"roles.sponsor.person": ""}, "nobody is named"),
        ("owners", SOLO, "One person cannot sign alone"),
        ("owners", {"roles.risk.person": "to be named"}, "'to be named' is no name"),
        ("owners", {"roles.production.accepted": None}, "Accept the role production"),
        ("owners", {"roles.production.accepted": "2199-01-01"}, "which is still to come"),
        (
            "owners",
            {"handover": {"buildTeam": "A", "runTeam": "B", "overlapWeeks": 3}},
            "plan at least 4 weeks together",
        ),
    ],
)
def test_each_open_point_keeps_it_out_of_force(
    tmp_path: Path, console: Terminal, name: str, changes: dict[str, Any], said: str
) -> None:
    root = project(tmp_path, **{name: changes})
    poc = console(root)
    assert poc.type("poc lock") == Exit.REFUSED
    assert said in poc.err
    assert f"governance/{name}.yaml" in poc.err
    assert not (root / ledger.PATH).exists()
    assert not (root / "governance" / "signoffs").exists()
    assert poc.type("poc lock --check") == Exit.REFUSED
    assert said in poc.err


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("criteria", {"decisionDate": today().isoformat()}),
        ("criteria", {"criteria.0.indicator.dataset": "decision"}),
        ("charter", {"blockers.0.status": "closed", "blockers.0.due": None}),
        ("owners", {"handover": {"buildTeam": "A", "runTeam": "B", "overlapWeeks": 4}}),
        ("owners", {"handover": {"buildTeam": "A", "runTeam": "A"}}),
        ("owners", {"roles.production.person": "Ana Brandt", "roles.risk.person": "Ana Brandt"}),
        ("owners", {"roles.oncall.due": "pilot", "roles.privacy.person": ""}),
    ],
)
def test_what_is_just_enough_is_no_open_point(
    tmp_path: Path, console: Terminal, name: str, changes: dict[str, Any]
) -> None:
    poc = console(project(tmp_path, **{name: changes}))
    assert poc.type("poc lock --check") == Exit.OK, poc.err
    assert poc.out == "Nothing is open; the contract can be put in force: poc lock\n"
    assert poc.json("poc lock --check") == {"open": []}


def test_several_open_points_name_who_has_to_act(tmp_path: Path, console: Terminal) -> None:
    root = project(tmp_path, charter={"riskClass": "", "production.target": None})
    poc = console(root)
    assert poc.type("poc lock") == Exit.REFUSED
    assert poc.err == (
        "Not in force yet: 2 points are open.\n"
        "  Decide the risk class (riskClass).  [Ravi Sen (risk); governance/charter.yaml]\n"
        "  Write when it should be live (production.target).  [Ole Vang (production);"
        " governance/charter.yaml]\n"
    )
    change(root, "owners", {"roles.risk.person": ""})
    assert poc.type("poc lock") == Exit.REFUSED
    assert "Decide the risk class (riskClass).  [risk, not named yet; governance/" in poc.err


def test_a_lock_says_who_signed_and_what_comes_next(tmp_path: Path, console: Terminal) -> None:
    root = project(tmp_path, criteria={"plannedCases": {"decision": 300}})
    poc = console(root)
    assert poc.type("poc lock --by Lea") == Exit.OK
    said = " ".join(poc.out.split())
    assert "signed by: - sponsor: Ana Brandt - production: Ole Vang - evaluation: Eva Noor" in said
    assert "ssh-keygen -Y sign -n poc-signoff -f KEY governance/signoffs/sponsor.yaml" in said
    (entry,) = ledger.load(root).entries
    assert (entry.event, entry.by, entry.run) == ("lock", "Lea", "")
    assert entry.body["scope"]["integrations"] == ["archive"]
    assert entry.body["terms"]["maxLooks"] == 3


def test_a_must_whose_owner_is_vacant_keeps_it_out_of_force(
    tmp_path: Path, console: Terminal
) -> None:
    root = project(tmp_path, criteria={"criteria.2.owner": "oncall"})
    poc = console(root)
    assert poc.type("poc lock") == Exit.REFUSED
    assert "Name the oncall owner, who answers the pager" in poc.err


def test_a_budget_that_hides_hardening_keeps_it_out_of_force(
    tmp_path: Path, console: Terminal
) -> None:
    cut = {f"production.lineItems.{area}.days": 0 for area in ("MON", "OPS", "INFRA", "INT")}
    root = project(tmp_path, budget=cut)
    poc = console(root)
    assert poc.type("poc lock") == Exit.REFUSED
    assert "MON" in poc.err and "governance/budget.yaml" in poc.err


def test_a_second_lock_is_refused_and_changes_nothing(tmp_path: Path, console: Terminal) -> None:
    root = project(tmp_path)
    poc = console(root)
    assert poc.type("poc lock --by Lea") == Exit.OK
    before = (root / ledger.PATH).read_bytes()
    for line in ("poc lock --by Bo", "poc lock --check"):
        assert poc.type(line) == Exit.REFUSED
        assert f"Lea locked it on {today()}." in poc.err
    change(root, "criteria", {"hypothesis": "Other."})
    for line in ("poc lock --by Bo", "poc lock --check"):
        assert poc.type(line) == Exit.REFUSED
        assert "in force already; change it with: poc amend" in poc.err
    assert (root / ledger.PATH).read_bytes() == before
    assert poc.type("poc amend --why so --by Bo") == Exit.OK
    assert poc.type("poc lock") == Exit.REFUSED
    assert f"Bo amended it on {today()}." in poc.err


def _lock(root: str) -> int:
    return main(["lock", "--root", root])


def test_of_two_people_locking_at_once_one_locks(tmp_path: Path) -> None:
    root = project(tmp_path)
    with get_context("spawn").Pool(2) as pool:
        codes = pool.map(_lock, [str(root)] * 2, chunksize=1)
    assert sorted(codes) == [Exit.OK, Exit.REFUSED]
    assert len(ledger.load(root).of("lock")) == 1


def test_a_file_that_is_wrong_is_named_before_anything_else(
    tmp_path: Path, console: Terminal
) -> None:
    root = project(tmp_path)
    for name, old, new in (
        ("criteria", "maxLooks", "maxLoks"),
        ("charter", "riskClass", "riskclass"),
        ("budget", "currency", "curency"),
    ):
        path = root / "governance" / f"{name}.yaml"
        path.write_text(path.read_text().replace(old, new))
    poc = console(root)
    assert poc.type("poc lock") == Exit.INVALID
    for said in (
        "criteria.yaml:7: maxLoks",
        "charter.yaml:",
        "riskclass",
        "budget.yaml:3: curency",
    ):
        assert said in poc.err


@pytest.mark.parametrize("command", ["next", "lock", "amend --why x", "verdict", "contract"])
def test_outside_of_a_project_it_says_where_to_go(
    tmp_path: Path, console: Terminal, command: str
) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        poc = console(folder)
        assert poc.type(f"poc {command}") == Exit.INVALID
        assert "no folder governance/ here" in poc.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "configured", "name"),
    [("Lea", "Ana", "Lea"), ("", "Ana Brandt", "Ana Brandt"), ("", "", "somebody")],
)
def test_who_did_it_is_as_given_or_as_git_knows(
    tmp_path: Path, given: str, configured: str, name: str
) -> None:
    root = project(tmp_path)
    if configured:
        git(root, "config", "user.name", configured)
    assert author(root, given or None) == name
    assert author(root, "\udcff") == "?"  # bytes that are no text
