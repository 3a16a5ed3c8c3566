"""The verdict: what decides it, in which order, and what it says beside the word."""

from collections.abc import Callable
from pathlib import Path

import pytest

from poc.engine import evidence
from poc.engine.problems import Exit
from poc.engine.yamlfile import parse
from tests.governance import staging
from tests.governance.console import Console
from tests.governance.sample import accept_budget, change, commit, project, record

Terminal = Callable[[Path], Console]


def states(poc: Console) -> dict[str, str]:
    findings = poc.json("poc verdict")["verdict"]["findings"]
    return {one["id"]: one["state"] for one in findings}


def test_a_fresh_project_is_not_yet_measured_and_says_who_has_to_act(
    tmp_path: Path, console: Terminal
) -> None:
    poc = console(project(tmp_path))
    assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED
    assert poc.out.startswith("NOT YET MEASURED - 0 of 8")
    assert "Preview on this machine" in poc.out
    assert set(states(poc).values()) == {"not_measured"}
    assert poc.type("poc next") == Exit.OK
    assert "poc contract, poc lock" in poc.out


@pytest.mark.parametrize(
    ("break_it", "word", "reason"),
    [
        (lambda root: staging.operated(root, p95=2700), Exit.NO_GO, "PERF-1: 2,700 ms measured"),
        (lambda root: staging.operated(root, p95=2400), Exit.INCONCLUSIVE, "PERF-1"),
        (lambda root: staging.operated(root, injected=30), Exit.NO_GO, "SEC-1: 7.5 % measured"),
        (lambda root: staging.scored(root, 1, german=230), Exit.NO_GO, "QUAL-1"),
        (lambda root: (root / evidence.FOLDER / "load.json").unlink(), Exit.NOT_YET_MEASURED, ""),
    ],
)
def test_one_criterion_decides(
    measured: tuple[Path, Console],
    break_it: Callable[[Path], object],
    word: Exit,
    reason: str,
) -> None:
    root, poc = measured
    break_it(root)
    assert poc.type("poc verdict") == word
    assert reason in poc.out


def test_a_miss_is_said_even_while_other_things_are_unmeasured(
    measured: tuple[Path, Console],
) -> None:
    root, poc = measured
    staging.operated(root, p95=2700)
    (root / evidence.FOLDER / "faults.json").unlink()
    assert poc.type("poc verdict") == Exit.NO_GO


def test_operations_come_before_quality_among_the_reasons(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    staging.scored(root, 1, right=400)
    staging.operated(root, p95=2700)
    reasons = poc.json("poc verdict")["verdict"]["reasons"]
    assert [one.split(":")[0] for one in reasons] == ["PERF-1", "QUAL-1"]


def test_a_should_is_shown_and_never_blocks(tmp_path: Path, console: Terminal) -> None:
    extra = {
        "id": "QUAL-2",
        "type": "coverage",
        "priority": "should",
        "owner": "evaluation",
        "statement": "Many leave alone.",
        "indicator": {"metric": "auto_rate"},
        "objective": {"op": "gte", "value": 0.9, "bound": "lower", "minSamples": 10},
    }
    root = project(tmp_path)
    data, _ = parse(root / "governance" / "criteria.yaml", "")
    change(root, "criteria", {"criteria": [*data["criteria"], extra]})
    poc = console(root)
    assert poc.type("poc lock") == Exit.OK, poc.err
    accept_budget(root)
    commit(root, "kickoff")
    staging.scored(root, staging.look(root))
    staging.operated(root)
    record(root, "rate", {"indicator": {"metric": "auto_rate"}, "hits": 300, "n": 600})
    assert poc.type("poc verdict") == Exit.OK
    assert states(poc)["QUAL-2"] == "not_met"


def test_a_contract_edited_without_an_amendment_is_not_judged(
    measured: tuple[Path, Console],
) -> None:
    root, poc = measured
    change(root, "criteria", {"criteria.0.objective.value": 0.5})
    assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED
    assert "governance/criteria.yaml differs from what is in force" in poc.out
    finding = poc.json("poc verdict")["verdict"]["findings"][0]
    assert finding["id"] != "QUAL-1" or finding["agreed"] == "at least 90 %"
    change(root, "criteria", {"criteria.0.objective.value": 0.9})
    change(root, "charter", {"outOfScope": []})
    assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED
    assert "governance/charter.yaml differs" in poc.out


def test_a_comment_or_another_order_of_keys_changes_nothing(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    path = root / "governance" / "criteria.yaml"
    path.write_text("# A remark.\n" + path.read_text().replace("maxLooks: 3", "maxLooks:   3"))
    assert poc.type("poc verdict") == Exit.OK


def test_research_gets_no_verdict(tmp_path: Path, console: Terminal) -> None:
    poc = console(project(tmp_path, charter={"intent": "research"}))
    assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED
    assert "This is research: it gets no verdict, no staging and no personal data" in poc.out
    assert poc.type("poc next") == Exit.OK
    assert "nothing to sign" in poc.out


def test_evidence_that_does_not_count_is_named(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    path = root / evidence.FOLDER / "load.json"
    path.write_text(path.read_text().replace("1900", "1800"))
    assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED
    assert "build/evidence/load.json: was edited after its run" in poc.out


def test_a_price_of_being_wrong_is_told_per_week(measured: tuple[Path, Console]) -> None:
    _, poc = measured
    finding = next(
        one for one in poc.json("poc verdict")["verdict"]["findings"] if one["id"] == "QUAL-1"
    )
    # 10,000 a month are 2,307.7 a week; 75 % leave alone, 10 of 600 wrongly.
    assert finding["perWeek"] == pytest.approx(10_000 * 12 / 52 * 0.75 * (10 / 600), abs=0.1)


def test_a_cheaper_candidate_that_suffices_is_named(tmp_path: Path, console: Terminal) -> None:
    root = project(tmp_path)
    text = '[project]\nname = "Letters"\n[model]\nprovider = "openai"\nname = "large"\n'
    (root / "project.toml").write_text(text)
    poc = console(root)
    assert poc.type("poc lock") == Exit.OK, poc.err
    accept_budget(root)
    commit(root, "kickoff")
    number = staging.look(root)
    staging.scored(root, number, provider="openai", model="large")
    staging.operated(root)
    assert poc.json("poc verdict")["verdict"]["cheaper"] == ""
    scored_by_baseline(root, number, 590)
    assert "baseline meets QUAL-1, HUM-1" in poc.json("poc verdict")["verdict"]["cheaper"]
    scored_by_baseline(root, number, 545)
    assert poc.json("poc verdict")["verdict"]["cheaper"] == ""


def scored_by_baseline(root: Path, number: int, right: int) -> None:
    folder = root / evidence.FOLDER
    kept = (folder / "decision.json").read_bytes()
    staging.scored(root, number, right=right, provider="offline")
    (folder / "decision.json").rename(folder / "zz-baseline.json")
    (folder / "decision.json").write_bytes(kept)


def test_next_names_the_person_and_shows_the_rest_on_demand(
    measured: tuple[Path, Console],
) -> None:
    root, poc = measured
    staging.operated(root, p95=2700)
    assert poc.type("poc next --all") == Exit.OK
    said = " ".join(poc.out.split())
    assert "the verdict is NO-GO" in said
    assert "Ole Vang (production): - PERF-1 Nobody waits." in said
