"""Which measurement of a criterion counts, and what is told where there is none."""

from pathlib import Path

import pytest

from poc.engine import evidence
from poc.engine.contract import Contract
from poc.engine.yamlfile import read
from tests.governance.sample import record
from tests.governance.test_admissible import LOCAL, SET, SHARE, court, root, write

__all__ = ["root"]  # the fixture


def test_another_indicator_than_the_agreed_one_is_no_measurement(root: Path) -> None:
    slow = {"indicator": {"metric": "latency_p95_ms", "load": "one request"}, "point": 1.0}
    record(root, "load", slow)
    contract = read(root / "governance" / "criteria.yaml", Contract)
    sights, why_not = court(root).sights(contract.criteria[2])
    assert sights == {}
    assert why_not == "it was measured with load one request, the contract says twice the peak."


def test_a_slice_that_is_missing_is_told_beside_those_that_are_not(root: Path) -> None:
    write(root)
    contract = read(root / "governance" / "criteria.yaml", Contract)
    sights, why_not = court(root).sights(contract.criteria[0])
    assert (list(sights), why_not) == (["all"], "only all of it was measured.")


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_of_two_records_of_one_thing_the_worse_counts(root: Path, names: str) -> None:
    for name, hits in zip(names, (600, 480), strict=True):
        cases = evidence.Dataset(**SET)
        record(root, name, SHARE | {"hits": hits}, dataset=cases)
    record(root, "c", SHARE | {"hits": 599}, SHARE | {"hits": 590}, dataset=cases)
    contract = read(root / "governance" / "criteria.yaml", Contract)
    sight = court(root).sights(contract.criteria[0])[0]["all"]
    assert (sight.measurement.hits, sight.source) == (480, f"build/evidence/{names[1]}.json")


def test_why_a_measurement_is_missing_names_the_refused_record(root: Path) -> None:
    write(root, environment=LOCAL)
    contract = read(root / "governance" / "criteria.yaml", Contract)
    assert court(root).sights(contract.criteria[0])[1] == (
        "build/evidence/evals.json does not count: it was made in the environment local."
    )
    assert court(root).sights(contract.criteria[2])[1] == "nothing has measured it yet."
