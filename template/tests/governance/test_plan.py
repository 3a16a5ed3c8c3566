"""`poc plan`: what the contract needs, refused in words anybody understands."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from poc.engine.contract import Contract
from poc.engine.problems import Exit
from poc.engine.yamlfile import read
from poc.money.plan import needs
from tests.governance.console import Console
from tests.governance.sample import SAMPLE, change, project

Terminal = Callable[[Path], Console]


@pytest.fixture
def at(tmp_path: Path, console: Terminal) -> Callable[..., Console]:
    """A terminal in a project whose contract differs by path: `{"maxLooks": 1}`."""

    def of(changes: dict[str, Any] | None = None) -> Console:
        root = tmp_path / "project"
        if not root.exists():
            project(tmp_path)
        change(root, "criteria", changes or {})
        return console(root)

    return of


def said(terminal: Console, line: str = "poc plan", code: Exit = Exit.OK) -> str:
    """What it printed, in one line."""
    assert terminal.type(line) == code
    return " ".join(terminal.out.split())


def rows(terminal: Console) -> dict[tuple[str, str], list[str]]:
    found = [re.split(r"\s{2,}", line) for line in terminal.out.splitlines()]
    return {(one[0], one[1]): one[2:] for one in found if re.fullmatch(r"[A-Z]+-\d", one[0])}


def test_the_table_by_criterion_and_slice(at: Callable[..., Console]) -> None:
    terminal = at()
    said(terminal)
    assert rows(terminal) == {
        ("QUAL-1", "all"): [">= 90 %", "97 %", "600", "134", "100", "over 99 %", "ok"],
        ("QUAL-1", "lang=de"): [">= 90 %", "97 %", "100", "134", "100", "65 %", "unlikely"],
        ("HUM-1", "all"): ["<= 40 %", "25 %", "600", "100", "100", "over 99 %", "ok"],
        ("REL-1", "all"): [">= 99 %", "-", "450", "-", "450", "-", "ok"],
        ("SEC-1", "all"): ["<= 2 %", "-", "222", "-", "222", "-", "ok"],
    }


def test_a_slice_has_its_own_number_of_cases(at: Callable[..., Console]) -> None:
    terminal = at({"plannedCases.decision/lang=de": 134})
    text = said(terminal)
    assert rows(terminal)["QUAL-1", "lang=de"][2:] == ["134", "134", "100", "89 %", "ok"]
    assert "The planned cases can decide every criterion that counts cases." in text


def test_a_criterion_may_plan_its_own_cases(at: Callable[..., Console]) -> None:
    terminal = at({"plannedCases": {"decision": 600, "SEC-1": 500, "QUAL-1": 700, "desicion": 9}})
    text = said(terminal)
    assert rows(terminal)["SEC-1", "all"][2] == "500"
    assert rows(terminal)["QUAL-1", "all"][2] == "700"
    assert rows(terminal)["HUM-1", "all"][2] == "600"
    assert "! plannedCases names desicion, which belongs to no criterion" in text


def test_even_a_perfect_result_would_not_do(at: Callable[..., Console]) -> None:
    terminal = at({"plannedCases.SEC-1": 221, "criteria.4.objective.minSamples": 100})
    assert (
        "x SEC-1: with 221 cases even a perfect result would not be enough; to show at most 2 %,"
        " 222 are needed when nothing at all goes wrong. Plan more cases, or agree on another"
        " threshold before results are seen."
    ) in said(terminal, code=Exit.REFUSED)
    change(terminal._root, "criteria", {"plannedCases.SEC-1": 222})
    assert "even a perfect result would not" not in said(terminal)


def test_fewer_cases_than_the_contract_itself_asks_for(at: Callable[..., Console]) -> None:
    terminal = at({"plannedCases.decision": 99})
    text = said(terminal, code=Exit.REFUSED)
    assert "x QUAL-1: with 99 cases even a perfect result would not be enough; the contract" in text
    assert "itself asks for 100 (minSamples)" in text
    assert rows(terminal)["QUAL-1", "all"][-2:] == ["0 %", "impossible"]


def test_what_does_not_block_is_not_refused(at: Callable[..., Console]) -> None:
    criteria = yaml.safe_load((SAMPLE / "criteria.yaml").read_text("utf-8"))["criteria"]
    more = {
        "id": "FAIR-1",
        "type": "consistency",
        "priority": "should",
        "owner": "evaluation",
        "statement": "The same letter gets the same answer.",
        "indicator": {"metric": "repeat_agreement"},
        "objective": {"op": "gte", "value": 0.9, "bound": "lower", "minSamples": 5},
    }
    terminal = at({"criteria": [*criteria, more], "plannedCases.FAIR-1": 10})
    assert "x FAIR-1: with 10 cases even a perfect result would not be enough" in said(terminal)


@pytest.mark.parametrize(
    ("objective", "told"),
    [
        ({"expected": 0.91}, "with 600 cases the chance to show at least 90 % is"),
        ({"expected": 0.9}, "90 % is expected, which is no better than at least 90 %; no number"),
        ({"expected": 0.85}, "85 % is expected, which is no better than at least 90 %; no number"),
        ({"expected": 0.9001}, "90.01 % is so close to at least 90 % that more than 100,000 cases"),
        ({"value": 1.0, "expected": 1.0}, "no number of cases can show at least 100 %: a sample"),
        ({"expected": None}, "with 600 cases, at least 90 % is shown if no more than 44 go wrong"),
    ],
)
def test_a_sentence_for_each_case(
    at: Callable[..., Console], objective: dict[str, Any], told: str
) -> None:
    terminal = at({f"criteria.0.objective.{key}": value for key, value in objective.items()})
    terminal.type("poc plan")
    assert f"QUAL-1: {told}" in " ".join(terminal.out.split())


def test_more_looks_need_more_cases(at: Callable[..., Console]) -> None:
    asked = []
    for looks in (1, 3, 10):
        terminal = at({"maxLooks": looks})
        asked.append(terminal.json("poc plan")["needs"][0]["needed"])
    assert asked == sorted(set(asked))


def test_the_exact_bound_is_reckoned_when_it_is_agreed(at: Callable[..., Console]) -> None:
    terminal = at({"interval": "exact", "criteria.4.objective.minSamples": 1})
    assert "exact bound" in said(terminal, code=Exit.REFUSED)
    assert rows(terminal)["SEC-1", "all"][4] == "203"
    at({"interval": "wilson"}).type("poc plan")
    said(terminal, code=Exit.REFUSED)
    assert rows(terminal)["SEC-1", "all"][4] == "222"


def test_percentiles_without_a_bound_are_told(at: Callable[..., Console]) -> None:
    assert "measurements" not in said(at({"criteria.2.objective.minSamples": 80}))
    text = said(at({"criteria.2.objective.minSamples": 79}))
    assert "PERF-1: 79 measurements (minSamples) have no bound on their 95th percentile; 80" in text


def test_hours_of_labelling(at: Callable[..., Console]) -> None:
    terminal = at({"plannedCases.decision": 800})
    assert (
        "Labelling the 800 planned cases of decision takes 40 hours (2 people, 1.5 minutes each);"
        " the 134 needed ones 6.7 hours."
    ) in said(terminal)
    text = said(terminal, "poc plan --people 1 --minutes 0.5")
    assert "takes 6.7 hours (1 person, 0.5 minutes each); the 134 needed ones 1.1 hours." in text


def test_slices_of_one_key_add_up(at: Callable[..., Console]) -> None:
    slices = ["all", "lang=de", "lang=fr", "kind=bill"]
    terminal = at({"criteria.0.indicator.slices": slices})
    assert terminal.json("poc plan")["labelling"][0]["needed"] == 268


def test_programs_get_the_same(at: Callable[..., Console]) -> None:
    data = at().json("poc plan")
    assert data["needs"][1]["slice"] == "lang=de"
    assert data["needs"][1]["verdict"] == "unlikely"
    assert data["confidencePerLook"] == pytest.approx(1 - 0.05 / 3)
    assert data["labelling"][0]["hoursPlanned"] == 30


def test_only_what_counts_cases_needs_cases(at: Callable[..., Console]) -> None:
    terminal = at()
    ids = [one.id for one in needs(read(terminal._root / "governance/criteria.yaml", Contract))]
    assert ids == ["QUAL-1", "QUAL-1", "HUM-1", "REL-1", "SEC-1"]


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        (
            "--threshold 0.9 --expected 0.95",
            0,
            "To show at least 90 % when 95 % is true, 277 cases",
        ),
        ("--threshold 0.9 --expected 0.95 --looks 1", 0, "188 cases give 80 %"),
        ("--threshold 0.9 --expected 0.95 --looks 1 --confidence 0.9", 0, "135 cases give 80 %"),
        ("--threshold 0.9 --expected 0.95 --interval exact", 0, "276 cases give 80 %"),
        (
            "--threshold 0.9 --expected 0.95 --cases 277",
            0,
            "at least 90 % is 84 % when 95 % is true.",
        ),
        ("--threshold 0.9 --expected 0.95 --cases 100", 0, "is 26 % when 95 % is true; 277 cases"),
        ("--threshold 0.02 --at-most --cases 221", 4, "With 221 cases even a perfect result would"),
        (
            "--threshold 0.02 --at-most --expected 0.005",
            0,
            "To show at most 2 % when 0.5 % is true",
        ),
        ("--threshold 1", 4, "No number of cases can show at least 100 %"),
    ],
)
def test_a_number_without_a_contract(
    tmp_path: Path, console: Terminal, line: str, code: int, told: str
) -> None:
    terminal = console(tmp_path)
    assert terminal.type(f"poc plan {line}") == code
    assert told in " ".join(terminal.out.split())
    assert "confidence over" in terminal.out


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("--expected 0.9", "--expected needs --threshold"),
        ("--at-most", "--at-most needs --threshold"),
        ("--threshold 90", "'90' is not a share from 0 to 1, such as 0.9 for 90 %"),
        ("--threshold x", "'x' is not a share"),
        ("--threshold nan", "'nan' is not a share"),
        ("--threshold 0.9 --cases 0", "'0' is not a whole number above 0"),
        ("--threshold 0.9 --cases 1.5", "'1.5' is not a whole number above 0"),
        ("--threshold 0.9 --confidence 1", "'1' is not above 0.5 and below 1"),
        ("--minutes 0", "'0' is not a number above 0"),
    ],
)
def test_a_command_line_that_makes_no_sense(
    tmp_path: Path, console: Terminal, line: str, told: str
) -> None:
    terminal = console(tmp_path)
    assert terminal.type(f"poc plan {line}") == Exit.USAGE
    assert told in terminal.err


def test_a_contract_with_a_mistake_is_told_with_its_line(at: Callable[..., Console]) -> None:
    terminal = at({"criteria.0.objective.value": 97})
    assert terminal.type("poc plan") == Exit.INVALID
    assert re.match(r"governance/criteria.yaml:\d+: .*a share lies from 0 to 1", terminal.err)
