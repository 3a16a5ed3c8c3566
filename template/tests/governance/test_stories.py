"""Three stories through the commands a person types. Their evidence is a fixture, not a run."""

from collections.abc import Callable
from pathlib import Path

from poc.engine.problems import Exit
from tests.governance import staging
from tests.governance.console import Console
from tests.governance.sample import accept_budget, change, commit, project, today

Terminal = Callable[[Path], Console]


def test_from_kickoff_to_go(tmp_path: Path, console: Terminal, in_ci: Callable[[], None]) -> None:
    root = project(
        tmp_path,
        owners={"roles.risk.person": "TBD", "roles.sponsor.accepted": None},
        charter={"riskClass": ""},
        criteria={"decisionDate": None},
    )
    poc = console(root)
    assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED
    assert "No contract is in force" in poc.out
    assert poc.type("poc next") == Exit.OK
    assert "Name the risk owner" in poc.out and "'TBD' is no name" in poc.out
    assert poc.type("poc lock") == Exit.REFUSED
    assert "4 points are open" in poc.err

    change(root, "owners", {"roles.risk.person": "Ravi Sen"})
    change(root, "owners", {"roles.sponsor.accepted": today().isoformat()})
    change(root, "charter", {"riskClass": "limited"})
    change(root, "criteria", {"decisionDate": "2099-12-18"})
    assert poc.type("poc contract") == Exit.OK
    assert (root / "build" / "contract" / "contract.html").is_file()
    assert poc.type("poc lock --by 'Lea Arp'") == Exit.OK
    assert "Ravi Sen" in poc.out
    commit(root, "kickoff")

    assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED
    assert "VAL-1, COST-1: the budget has not been accepted by Bea Katz (budget)." in poc.out
    accept_budget(root)
    commit(root, "budget")
    staging.scored(root, staging.look(root))
    staging.operated(root)
    in_ci()
    assert poc.type("poc verdict --write") == Exit.OK
    assert poc.out.startswith("GO - 8 of 8 criteria that must hold are met")
    assert "Preview" not in poc.out
    assert "Cleared for users: no - the checklist's level is none; users need pilot." in poc.out
    page = (root / "build" / "verdict" / "verdict.html").read_text("utf-8")
    assert "GO" in page
    assert poc.json("poc verdict")["verificationResult"] == "PASSED"


def test_it_works_and_does_not_pay(agreed: tuple[Path, Console], in_ci: Callable[[], None]) -> None:
    root, poc = agreed
    staging.scored(root, staging.look(root))
    staging.operated(root)
    in_ci()
    assert poc.type("poc verdict") == Exit.OK
    change(root, "budget", {"benefit.minutesSaved": 0.1})
    assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED
    assert "the budget has not been accepted" in poc.out
    accept_budget(root)
    assert poc.type("poc verdict --comment") == Exit.NO_GO
    assert "VAL-1" in poc.out
    verdict = poc.json("poc verdict")["verdict"]
    states = {one["id"]: one["state"] for one in verdict["findings"]}
    assert [name for name, state in states.items() if state != "met"] == ["VAL-1"]
    assert states["QUAL-1"] == "met"
    assert poc.type("poc cost") == Exit.OK
    assert poc.type("poc verdict --decide go --by 'Ana Brandt'") == Exit.REFUSED
    text = f"We go, although the verdict is NO-GO. Contract {verdict['contract'][:12]}."
    (root / "decisions").mkdir()
    (root / "decisions" / "0001-go.md").write_text(text)
    line = "poc verdict --decide go --by 'Ana Brandt' --record decisions/0001-go.md"
    assert poc.type(line) == Exit.OK
    assert "against the verdict, and shows" in poc.out


def test_a_goalpost_moved_after_results(
    agreed: tuple[Path, Console], in_ci: Callable[[], None]
) -> None:
    root, poc = agreed
    staging.scored(root, staging.look(root), right=510)
    staging.operated(root)
    assert poc.type("poc verdict") == Exit.NO_GO
    assert "QUAL-1: 85 % measured, at least 90 % agreed." in poc.out

    change(root, "criteria", {"criteria.0.objective.value": 0.8})
    assert poc.type("poc verdict") == Exit.NO_GO
    assert "governance/criteria.yaml differs from what is in force" in poc.out
    assert poc.type("poc lock") == Exit.REFUSED
    assert poc.type("poc amend") == Exit.REFUSED
    assert poc.type("poc amend --why 'It is good enough.' --by 'Lea Arp'") == Exit.REFUSED
    assert "Results were known before this change: QUAL-1 threshold" in poc.err
    line = "poc amend --why 'It is good enough.' --by 'Lea Arp' --approved-by sponsor"
    assert poc.type(line) == Exit.REFUSED
    assert "needs the agreement of risk" in poc.err
    assert poc.type(f"{line} --approved-by risk") == Exit.OK
    assert "after results" in poc.out and "loosened" in poc.out
    commit(root, "amended")

    in_ci()
    assert poc.type("poc verdict") == Exit.OK
    assert "Goalposts: 1 move, 1 after results. Under the original contract: NO-GO." in " ".join(
        poc.out.split()
    )
    move = poc.json("poc verdict")["verdict"]["moves"][0]
    assert (move["kind"], move["blind"], move["before"]) == ("loosened", False, "at least 90 %")
    assert poc.type("poc verdict --comment") == Exit.OK
    assert "NO-GO" in poc.out
