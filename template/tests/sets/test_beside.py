"""What a run on a labelled set says beside its shares: gains over people and baseline, EVAL-3."""

from pathlib import Path

import pytest

from evals.beside import standing
from evals.dataset import EvalCase
from evals.result import Result
from evals.sets import Gathered
from evals.summary import summarise
from poc.engine.contract import Contract
from poc.engine.evidence import Measurement
from poc.engine.judge import Sight, judge
from poc.engine.yamlfile import parse
from poc.sets.today import Reported, Study, Today, save
from tests.evals.eval_fakes import REGISTER, Scorers, Slices, case, row, subject
from tests.governance.sample import today

COLOURS = ("red", "blue")


@pytest.fixture(autouse=True)
def scorers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.beside.scorers", Scorers())


def cases() -> list[EvalCase]:
    added = [case(i, edge="messy").model_copy(update={"drawn": "edge"}) for i in range(40, 50)]
    return [*(case(i, expected={"colour": COLOURS[i % 2]}) for i in range(40)), *added]


def result(right: int, accepted: int = 50) -> Result:
    rows = [row(i, right=i < right, accepted=i < accepted) for i in range(50)]
    return summarise(subject(split="decision"), cases(), rows, 1, Slices(), REGISTER, True)


def gains(root: Path, now: Today | None, trained: Result | None) -> dict[str, Measurement]:
    if now is not None:
        save(root, now)
    found = Gathered("decision", cases(), 0.9)
    said = standing(found, 1, result(38), trained, root)
    assert (said.agreement, said.look) == (0.9, 1)
    assert [one.item for one in said.items] == ["EVAL-3"]
    return {str(one.indicator["against"]): one for one in said.gains}


def test_a_study_on_the_same_cases_is_paired(root: Path) -> None:
    right = {f"case-{i:03}": i % 2 == 0 for i in range(40)}
    study = Study(
        set="decision", digest="0" * 64, round="today", people=1, right=right, seconds=[60.0]
    )
    found = gains(root, Today(measured_on=today(), study=study), None)
    assert set(found) == {"people"}
    one = found["people"]
    assert one.indicator == {
        "metric": "accuracy_gain",
        "dataset": "decision",
        "against": "people",
    }
    assert (one.point, one.n) == (0.45, 40)  # 38 of 40 against 20 of 40
    assert one.lower is not None and 0.2 < one.lower < 0.45
    assert one.confidence is not None and round(one.confidence, 3) == 0.983


def test_a_study_of_another_set_and_a_report_are_compared_roughly(root: Path) -> None:
    report = Reported(accuracy=0.5, cases=100, minutes=3, source="Report of 2025, page 3")
    one = gains(root, Today(measured_on=today(), reported=report), None)["people"]
    assert one.point == pytest.approx(0.45)
    assert one.lower is not None and one.lower < 0.3


def test_the_trained_baseline_is_a_second_candidate(root: Path) -> None:
    found = gains(root, None, result(20))
    assert set(found) == {"trained"}
    assert found["trained"].point == 0.45


def test_shipped_cases_say_nothing_beside(root: Path) -> None:
    found = Gathered("evaluation", cases())
    said = standing(found, None, result(38), None, root)
    assert (said.agreement, said.look, list(said.gains), list(said.items)) == (None, None, [], [])


def test_a_contract_can_ask_for_a_gain(root: Path) -> None:
    data, _ = parse(root / "governance" / "criteria.yaml", "criteria.yaml")
    data["criteria"].append(
        {
            "id": "BASE-1",
            "type": "baseline",
            "priority": "must",
            "owner": "sponsor",
            "statement": "It is better than people are today.",
            "indicator": {
                "metric": "accuracy_gain",
                "dataset": "decision",
                "against": "people",
            },
            "objective": {"op": "gt", "value": 0, "bound": "lower", "minSamples": 30},
        }
    )
    contract = Contract.model_validate(data)
    one = contract.criterion("BASE-1")
    assert one is not None
    right = {f"case-{i:03}": i % 2 == 0 for i in range(40)}
    study = Study(
        set="decision", digest="0" * 64, round="today", people=1, right=right, seconds=[60.0]
    )
    gain = gains(root, Today(measured_on=today(), study=study), None)["people"]
    assert gain.indicator == one.indicator.conditions()
    assert judge(contract, one, {"all": Sight(gain, "e.json")}, "").state == "met"
