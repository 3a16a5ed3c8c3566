"""A change is blind only while nobody could know its result, and the original stays beside it."""

from pathlib import Path

from poc.engine import evidence, governance, ledger, signing
from poc.engine.problems import Exit
from poc.engine.situation import situation
from tests.governance import staging
from tests.governance.console import Console
from tests.governance.sample import change, record, signed
from tests.governance.test_amend import BOTH, LINE, moves


def test_evidence_that_does_not_count_is_known_all_the_same(agreed: tuple[Path, Console]) -> None:
    root, poc = agreed
    change(root, "criteria", {"criteria.2.objective.value": 3000, "criteria.4.owner": "sponsor"})
    blind = {"PERF-1 threshold": ("loosened", True), "SEC-1 owner": ("changed", True)}
    assert moves(poc) == blind
    idle = {"metric": "latency_p95_ms", "load": "idle"}
    path = record(root, "load", {"indicator": idle, "point": 2900.0})
    signed(path, lambda made: made["environment"].update(name="local"))
    assert "made in the environment local" in poc.json("poc verdict")["verdict"]["inadmissible"][0]
    assert moves(poc) == blind | {"PERF-1 threshold": ("loosened", False)}


def test_results_on_other_cases_are_not_those_of_the_decision_set(
    agreed: tuple[Path, Console],
) -> None:
    root, poc = agreed
    share = {"indicator": {"metric": "auto_precision", "dataset": "dev"}, "hits": 5, "n": 6}
    record(root, "evals", share, dataset=evidence.Dataset(name="dev", digest="x", cases=6))
    change(root, "criteria", {"criteria.0.objective.value": 0.8})
    assert moves(poc) == {"QUAL-1 threshold": ("loosened", True)}
    change(root, "criteria", {"criteria.0.objective.value": 0.9})
    staging.look(root)
    change(root, "criteria", {"criteria.0.objective.value": 0.8, "criteria.2.owner": "risk"})
    assert moves(poc) == {
        "QUAL-1 threshold": ("loosened", False),
        "PERF-1 owner": ("changed", True),
    }


def test_what_a_weekly_score_had_is_known(agreed: tuple[Path, Console]) -> None:
    root, poc = agreed
    states = {"PERF-1": "inconclusive", "SEC-1": "not_measured"}
    ledger.append(root, "score", {"criteria": states}, "CI", situation(root))
    change(root, "criteria", {"criteria.2.objective.value": 3000, "criteria.4.owner": "sponsor"})
    assert moves(poc) == {"PERF-1 threshold": ("loosened", False), "SEC-1 owner": ("changed", True)}


def test_what_it_costs_and_brings_is_known_at_any_time(agreed: tuple[Path, Console]) -> None:
    root, poc = agreed
    change(root, "attestations", {"attestations": []})
    change(root, "criteria", {"criteria.7.objective.value": -9000, "volume.growthPerMonth": 0.5})
    change(root, "criteria", {"maxLooks": 4})
    assert moves(poc) == {
        "VAL-1 threshold": ("loosened", False),
        "volume.growthPerMonth": ("changed", False),
        "maxLooks": ("loosened", True),
    }


def test_the_original_is_judged_beside_the_amended(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    staging.scored(root, 1, right=510)
    change(root, "criteria", {"criteria.0.objective.value": 0.8})
    assert poc.type(f"{LINE} {BOTH}") == Exit.OK
    change(root, "criteria", {"criteria.0.objective.value": 0.81})
    assert poc.type(f"{LINE} {BOTH}") == Exit.OK
    verdict = poc.json("poc verdict")["verdict"]
    assert (verdict["word"], verdict["original"]) == ("GO", "NO-GO")
    assert [one["kind"] for one in verdict["moves"]] == ["loosened", "tightened"]
    whole = governance.load(root)
    first, now = signing.original(whole), signing.in_force(whole)
    assert first and now
    assert (first.criteria[0].objective.value, now.criteria[0].objective.value) == (0.9, 0.81)
