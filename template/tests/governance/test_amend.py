"""Goalposts move in daylight: with a reason, a direction, and whether results could be known."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from poc.engine import amending, governance, ledger
from poc.engine.problems import Exit, Refused
from poc.engine.situation import Situation
from poc.engine.yamlfile import parse
from tests.governance.console import Console
from tests.governance.sample import change, project

Terminal = Callable[[Path], Console]
LINE = "poc amend --why 'The region moved.' --by Lea"
BOTH = "--approved-by sponsor --approved-by risk"


def moves(poc: Console, line: str = "poc amend --dry-run") -> dict[str, tuple[str, bool]]:
    """Each move with its direction, and whether it is blind."""
    return {one["what"]: (one["kind"], one["blind"]) for one in poc.json(line)["changes"]}


def test_before_results_a_change_needs_a_reason_and_nobody_else(
    agreed: tuple[Path, Console],
) -> None:
    root, poc = agreed
    change(root, "criteria", {"criteria.2.objective.value": 3000})
    assert poc.type("poc amend --by Lea") == Exit.REFUSED
    assert 'Say why, in a sentence: poc amend --why "..."' in poc.err
    assert poc.type("poc amend --why '  ' --by Lea") == Exit.REFUSED
    assert poc.type(LINE) == Exit.OK
    assert "PERF-1 threshold  loosened  blind  at most 2,500 ms -> at most 3,000 ms" in poc.out
    assert "sponsor, production, evaluation, risk are written anew" in " ".join(poc.out.split())
    entry = ledger.load(root).in_force
    lock = ledger.load(root).original
    assert entry and lock
    assert (entry.event, entry.by, entry.body["why"]) == ("amend", "Lea", "The region moved.")
    assert (entry.body["before"], entry.body["approvedBy"]) == (lock.body["contract"], [])
    verdict = poc.json("poc verdict")["verdict"]
    assert {one["state"] for one in verdict["signatures"]} == {"declared"}
    assert verdict["contract"] == entry.body["contract"] != lock.body["contract"]
    assert (verdict["moves"][0]["what"], verdict["moves"][0]["why"]) == (
        "PERF-1 threshold",
        "The region moved.",
    )


def test_what_did_not_change_is_not_amended(agreed: tuple[Path, Console]) -> None:
    root, poc = agreed
    path = root / "governance" / "criteria.yaml"
    path.write_text(path.read_text("utf-8") + "interval: wilson\n# A remark.\n")
    assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED
    assert "differs from what is in force" not in poc.out
    assert poc.type(LINE) == Exit.REFUSED
    assert "Nothing changed against the contract in force." in poc.err
    assert poc.type("poc amend --dry-run") == Exit.OK
    assert poc.out == "Nothing changed.\n"
    assert poc.type("poc gate R1") == Exit.OK


def test_a_dry_run_writes_nothing_and_needs_no_reason(agreed: tuple[Path, Console]) -> None:
    root, poc = agreed
    before = (root / ledger.PATH).read_bytes()
    change(root, "criteria", {"maxLooks": 5, "criteria.0.priority": "must"})
    assert poc.type("poc amend --dry-run") == Exit.OK
    assert "maxLooks  loosened  blind  3 -> 5" in poc.out
    assert (root / ledger.PATH).read_bytes() == before


@pytest.mark.parametrize("line", [LINE, "poc amend", "poc amend --dry-run", "poc lock --renew"])
def test_without_a_contract_in_force_there_is_nothing_to_amend(
    tmp_path: Path, console: Terminal, line: str
) -> None:
    poc = console(project(tmp_path))
    assert poc.type(line) == Exit.REFUSED
    assert poc.err == "No contract is in force; say: poc lock\n"


@pytest.mark.parametrize(
    ("name", "new", "late"),
    [
        ("criteria", {"criteria.0.objective.value": 0.8}, "QUAL-1 threshold"),
        ("criteria", {"criteria.0.objective.minSamples": 50}, "QUAL-1 minSamples"),
        ("criteria", {"criteria.0.indicator.slices": ["all"]}, "QUAL-1 slices"),
        ("criteria", {"criteria.2.indicator.load": "idle"}, "PERF-1 indicator"),
        ("criteria", {"criteria.6.objective.value": 30000}, "COST-1 threshold"),
        ("criteria", {"maxLooks": 1}, "maxLooks"),
        ("criteria", {"confidence": 0.8}, "confidence"),
        ("criteria", {"decisionDate": "2100-01-01"}, "decisionDate"),
        ("criteria", {"volume.requestsPerMonth": 90000}, "volume.requestsPerMonth"),
        ("criteria", {"admissibility": {"maxAgeDays": 365}}, "admissibility.maxAgeDays"),
        ("charter", {"outOfScope": []}, "charter outOfScope"),
        ("charter", {"capabilities": ["a", "b"]}, "charter capabilities"),
    ],
)
def test_less_after_results_needs_both_who_answer_for_it(
    measured: tuple[Path, Console], name: str, new: dict[str, Any], late: str
) -> None:
    root, poc = measured
    change(root, name, new)
    before = (root / ledger.PATH).read_bytes()
    assert poc.type(LINE) == Exit.REFUSED
    said = " ".join(poc.err.split())
    assert f"Results were known before this change: {late}." in said
    assert "agreement of sponsor and risk" in said
    assert said.endswith(f"add: {BOTH}")
    assert poc.type(f"{LINE} --approved-by sponsor --approved-by budget") == Exit.REFUSED
    assert "agreement of risk," in " ".join(poc.err.split())
    assert (root / ledger.PATH).read_bytes() == before
    assert poc.type(f"{LINE} {BOTH}") == Exit.OK
    entry = ledger.load(root).in_force
    assert entry and entry.body["approvedBy"] == ["sponsor", "risk"]
    assert [(one["what"], one["blind"]) for one in entry.body["changes"]] == [(late, False)]


EXTRA = {
    "id": "QUAL-2",
    "type": "coverage",
    "priority": "should",
    "owner": "evaluation",
    "statement": "Many leave alone.",
    "indicator": {"metric": "auto_rate"},
    "objective": {"op": "gte", "value": 0.6, "bound": "lower", "minSamples": 100},
}


@pytest.mark.parametrize(
    "new",
    [
        {"criteria.0.objective.value": 0.95},
        {"criteria.0.statement": "Other words."},
        {"criteria.0.rationale": "Other words."},
        {"criteria.0.owner": "risk"},
        {"criteria.0.objective.expected": 0.98},
        {"decision": "Other words."},
        {"hypothesis": "Other words."},
        {"plannedCases.decision": 900},
        {"plannedCases.auto_rate": 100},
    ],
)
def test_more_after_results_and_other_words_need_nobody(
    measured: tuple[Path, Console], new: dict[str, Any]
) -> None:
    root, poc = measured
    change(root, "criteria", new)
    assert poc.type(LINE) == Exit.OK, poc.err


def test_a_further_criterion_after_results_needs_nobody(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    criteria = parse(root / "governance" / "criteria.yaml", "")[0]["criteria"]
    change(root, "criteria", {"criteria": [*criteria, EXTRA]})
    assert poc.type(LINE) == Exit.OK, poc.err


def test_a_criterion_taken_out_or_renamed_after_results_is_not_forgotten(
    measured: tuple[Path, Console],
) -> None:
    root, poc = measured
    change(root, "criteria", {"criteria.0.id": "QUAL-9", "criteria.0.objective.value": 0.5})
    assert moves(poc) == {"QUAL-1 removed": ("loosened", False), "QUAL-9 added": ("added", False)}
    assert poc.type(LINE) == Exit.REFUSED
    assert "before this change: QUAL-1 removed." in poc.err


def test_what_holds_up_a_lock_holds_up_an_amendment_but_for_the_day(
    agreed: tuple[Path, Console],
) -> None:
    root, poc = agreed
    change(root, "criteria", {"decisionDate": "2020-01-01"})
    assert poc.type(LINE) == Exit.OK  # the day has passed, and the contract may still move
    late = "The decision date of the archive has passed"
    change(root, "charter", {"blockers.0.what": late, "blockers.0.due": None})
    change(root, "criteria", {"hypothesis": "Other."})
    assert poc.type(LINE) == Exit.REFUSED
    assert f"Not in force yet: 1 point is open.\n  Set a day for: {late}." in poc.err


@pytest.mark.parametrize("event", ["lock", "amend"])
def test_a_line_that_is_refused_leaves_the_sign_offs(
    tmp_path: Path, agreed: tuple[Path, Console], event: str
) -> None:
    root = agreed[0] if event == "amend" else project(tmp_path / "new")
    folder = root / governance.SIGNOFFS
    before = {path.name: path.read_bytes() for path in folder.glob("*")}
    change(root, "criteria", {"hypothesis": "Other."})
    now = datetime.now(UTC)
    for minutes in (0, -30):
        ahead = Situation(now + timedelta(minutes=minutes), "", "", False)
        if minutes:
            with pytest.raises(Refused, match="set the clock"):
                act(root, event, ahead)
        else:
            ledger.append(root, "score", {}, "CI", ahead)
    assert {path.name: path.read_bytes() for path in folder.glob("*")} == before


def act(root: Path, event: str, where: Situation) -> None:
    whole = governance.load(root)
    with ledger.writing(root):
        if event == "lock":
            amending.lock(whole, "Lea", where)
        else:
            amending.amend(whole, [], "So.", "Lea", [], where)
