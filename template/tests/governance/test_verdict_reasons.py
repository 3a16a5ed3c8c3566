"""What the verdict says of itself: its reasons and their order, and what it is good for."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from poc.engine import evidence, ledger
from poc.engine.findings import Finding, State, Word
from poc.engine.problems import Exit
from poc.engine.verdict import weigh
from tests.governance import staging
from tests.governance.console import Console
from tests.governance.sample import accept_budget, change, git, project, today

Terminal = Callable[[Path], Console]
RECORDS = evidence.FOLDER


def verdict(poc: Console) -> dict[str, Any]:
    found: dict[str, Any] = poc.json("poc verdict")["verdict"]
    return found


def finding(state: State, priority: str = "must") -> Finding:
    return Finding.model_validate(
        {
            "id": "X-1",
            "type": "quality",
            "priority": priority,
            "owner": "risk",
            "statement": "x",
            "agreed": "x",
            "state": state,
        }
    )


@pytest.mark.parametrize(
    ("states", "blocked", "word"),
    [
        ([], False, "GO"),
        (["met"], False, "GO"),
        (["met"], True, "NOT YET MEASURED"),
        (["inconclusive"], False, "INCONCLUSIVE"),
        (["inconclusive"], True, "NOT YET MEASURED"),
        (["inconclusive", "not_measured", "met"], False, "NOT YET MEASURED"),
        (["inconclusive", "not_measured", "not_met"], False, "NO-GO"),
        (["not_met"], True, "NO-GO"),
    ],
)
def test_a_miss_decides_then_what_is_missing_then_doubt(
    states: list[State], blocked: bool, word: Word
) -> None:
    assert weigh([finding(one) for one in states], blocked) == word
    extra = [finding("not_met", "should"), finding("not_measured", "should")]
    assert weigh([*extra, *(finding(one) for one in states)], blocked) == word


def test_the_reason_of_a_slice_names_it(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    staging.scored(root, 1, german=230)
    assert verdict(poc)["reasons"] == [
        "QUAL-1 (lang=de): 76.67 % measured, at least 90 % agreed.",
    ]


def test_criteria_with_the_same_reason_share_a_sentence(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    assert verdict(poc)["reasons"] == ["Every criterion that must hold, holds."]
    for name in ("decision", "load", "attacks"):
        (root / RECORDS / f"{name}.json").unlink()
    assert verdict(poc)["reasons"] == [
        "SEC-1, PERF-1: nothing has measured it yet.",
        "HUM-1, QUAL-1: no run has scored the cases of decision yet.",
    ]


def test_findings_stand_in_the_order_of_what_they_cost(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    staging.operated(root, p95=2400, injected=30)
    (root / RECORDS / "faults.json").unlink()
    found = [(one["id"], one["state"]) for one in verdict(poc)["findings"]]
    assert found[:4] == [
        ("SEC-1", "not_met"),
        ("PERF-1", "inconclusive"),
        ("REL-1", "not_measured"),
        ("QUAL-1", "met"),
    ]


def test_what_holds_it_up_is_told_beside_what_was_missed(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    staging.operated(root, p95=2700)
    (root / "governance" / "signoffs" / "risk.yaml").unlink()
    (root / "governance" / "signoffs" / "sponsor.yaml").unlink()
    assert verdict(poc)["reasons"] == [
        "The contract in force is not signed by sponsor, risk: poc lock --renew.",
        "PERF-1: 2,700 ms measured, at most 2,500 ms agreed.",
    ]


def test_the_official_verdict_is_of_a_commit_and_nothing_else(
    measured: tuple[Path, Console], in_ci: Callable[[], None]
) -> None:
    root, poc = measured
    assert verdict(poc)["preview"] is True and verdict(poc)["run"] == ""
    in_ci()
    found = verdict(poc)  # the look's line in the ledger is not committed yet
    assert (found["preview"], found["run"]) == (False, "77")
    assert found["commit"] == git(root, "rev-parse", "HEAD").strip()
    (root / ".gitignore").write_text("/build/\n/data/\n")
    assert poc.type("poc verdict") == Exit.OK
    assert poc.out.splitlines()[1] == "Preview: files were changed and not committed."
    assert verdict(poc)["preview"] is True


def test_the_verdict_says_which_contract_it_is_about(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    found, entry = verdict(poc), ledger.load(root).in_force
    assert entry
    assert found["contract"] == entry.body["contract"]
    assert found["lockedOn"] == today().isoformat()
    assert (found["decideBy"], found["original"]) == ("2099-12-18", "GO")
    assert [one["role"] for one in found["signatures"]] == [
        "sponsor",
        "production",
        "evaluation",
        "risk",
    ]


def test_without_a_lock_nothing_is_original(tmp_path: Path, console: Terminal) -> None:
    found = verdict(console(project(tmp_path)))
    assert (found["original"], found["lockedOn"]) == (None, None)
    assert {one["state"] for one in found["signatures"]} == {"missing"}
    assert found["signatures"][0]["person"] == "Ana Brandt"


@pytest.mark.parametrize(
    ("roles", "asked"),
    [
        ({}, "Bea Katz (budget)"),
        ({"roles.budget.person": "TBD"}, "Ana Brandt (sponsor)"),
        (
            {"roles.budget.person": "", "roles.sponsor.person": ""},
            "the sponsor, who is not named",
        ),
    ],
)
def test_money_waits_for_the_one_who_accepts_it(
    tmp_path: Path, console: Terminal, roles: dict[str, Any], asked: str
) -> None:
    reasons = verdict(console(project(tmp_path, owners=roles)))["reasons"]
    assert f"VAL-1, COST-1: the budget has not been accepted by {asked}." in reasons


def test_an_acceptance_that_ran_out_is_none(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    accept_budget(root)
    given = (today() - timedelta(days=30)).isoformat()
    until = (today() - timedelta(days=1)).isoformat()
    change(root, "attestations", {"attestations.0.given": given, "attestations.0.expires": until})
    assert "the budget has not been accepted" in verdict(poc)["reasons"][0]


def test_a_figure_that_nothing_computes_is_told(tmp_path: Path, console: Terminal) -> None:
    root = project(tmp_path, criteria={"criteria.6.indicator.metric": "monthly_kosts"})
    accept_budget(root)
    reasons = verdict(console(root))["reasons"]
    assert "COST-1: nothing computes this figure; see the metrics in governance/budget.yaml." in (
        reasons
    )


def test_how_many_are_wrong_is_told_only_where_it_is_known(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    assert "About 28.8 wrong a week." in " ".join(console_lines(poc))
    change(root, "criteria", {"criteria.1.indicator.metric": "review_share"})
    line = "poc amend --why x --by Lea --approved-by sponsor --approved-by risk"
    assert poc.type(line) == Exit.OK
    assert {one["perWeek"] for one in verdict(poc)["findings"]} == {None}


def console_lines(poc: Console) -> list[str]:
    poc.type("poc verdict")
    return poc.out.split()


def test_what_does_not_count_stands_below_the_table(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    assert poc.type("poc verdict") == Exit.OK
    assert "Evidence that does not count" not in poc.out and "Goalposts" not in poc.out
    (root / RECORDS / "broken.json").write_text("{")
    assert poc.type("poc verdict") == Exit.OK
    assert "Evidence that does not count:\n  - build/evidence/broken.json: cannot be" in poc.out
    assert "Decision set scored 1 of 3 times." in poc.out
