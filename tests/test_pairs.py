"""Every pair of answers is rendered and linted; awkward texts come out as they went in."""

import itertools
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import render

BIN = Path(sys.executable).parent

# For each question the values that take different ways through the template.
VALUES: dict[str, list[Any]] = {
    "project_name": ["Ticket triage", 'Größe "A" & <b> \\ 50 % 🙂', "{{ 7 * 7 }} {% raw %}"],
    "problem": ["One sentence.", 'It\'s "quoted" | $HOME `id` #1 ${x} {{ no }}'],
    "provider": ["offline", "openai", "anthropic"],
    "sponsor": ["", "Ana O'Neil <ana>"],
    "production_owner": ["", "Team \\ Ops: 24/7"],
    "decision_date": ["", "2027-02-28"],
    "requests_per_month": [1, 1_000_000_000],
    "data_class": ["public", "internal", "customer_pii", "special"],
}

Pair = frozenset[tuple[str, Any]]


def pairs_of(answers: dict[str, Any]) -> set[Pair]:
    return {frozenset(pair) for pair in itertools.combinations(answers.items(), 2)}


def covering_sets() -> list[dict[str, Any]]:
    """Answer sets in which every pair of values stands at least once (greedy)."""
    missing: set[Pair] = set()
    for one, two in itertools.combinations(VALUES, 2):
        missing |= {frozenset({(one, a), (two, b)}) for a in VALUES[one] for b in VALUES[two]}
    everything = [
        dict(zip(VALUES, row, strict=True)) for row in itertools.product(*VALUES.values())
    ]
    chosen = []
    while missing:
        best = max(everything, key=lambda answers: len(pairs_of(answers) & missing))
        chosen.append(best)
        missing -= pairs_of(best)
    return chosen


SETS = covering_sets()


def test_the_sets_hold_every_pair() -> None:
    seen = set().union(*map(pairs_of, SETS))
    for one, two in itertools.combinations(VALUES, 2):
        for a, b in itertools.product(VALUES[one], VALUES[two]):
            assert frozenset({(one, a), (two, b)}) in seen


def agreed(project: Path, name: str) -> dict[str, Any]:
    """What a governance file of a project says."""
    data: dict[str, Any] = yaml.safe_load(
        (project / "governance" / f"{name}.yaml").read_text("utf-8")
    )
    return data


@pytest.mark.parametrize("number", range(len(SETS)))
def test_a_set_renders_and_lints(number: int, tmp_path: Path) -> None:
    answers = SETS[number]
    project = render(tmp_path / "poc", **answers)
    settled = tomllib.loads((project / "project.toml").read_text("utf-8"))
    assert settled["project"]["name"] == answers["project_name"]
    assert settled["project"]["problem"] == answers["problem"]
    assert settled["model"]["provider"] == answers["provider"]
    owners, contract, charter = (
        agreed(project, name) for name in ("owners", "criteria", "charter")
    )
    assert owners["roles"]["sponsor"]["person"] == answers["sponsor"]
    assert owners["roles"]["production"]["person"] == answers["production_owner"]
    assert str(contract["decisionDate"] or "") == answers["decision_date"]
    assert contract["volume"]["requestsPerMonth"] == answers["requests_per_month"]
    assert charter["component"] == answers["problem"]
    asked = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    assert {name: asked[name] for name in answers} == answers
    assert f"# {answers['project_name']}" in (project / "README.md").read_text("utf-8")
    assert re.fullmatch(r"[a-z][a-z0-9-]{0,39}", settled["project"]["slug"])
    lint = subprocess.run(
        [BIN / "ruff", "check", "-q", "."], cwd=project, capture_output=True, text=True
    )
    assert lint.returncode == 0, lint.stdout
