"""Quantiles and counts are judged by their bound or figure, and of several the worst counts."""

from typing import Any

import pytest

from poc.engine.contract import Contract
from poc.engine.evidence import Measurement
from poc.engine.goalposts import agreed, figure
from poc.engine.judge import Sight, of_point, point, worst
from poc.engine.yamlfile import parse
from tests.governance.sample import SAMPLE
from tests.governance.test_judge import GOOD, contract, criterion, judged, seen


def quantile(**other: Any) -> Measurement:  # noqa: ANN401
    values = {"point": 1800.0, "lower": 1700.0, "upper": 2100.0, "n": 200, "confidence": 0.99}
    return Measurement(indicator={}, **(values | other))


def test_a_quantile_is_decided_by_its_bound() -> None:
    assert judged("PERF-1", all=quantile()).state == "met"
    assert judged("PERF-1", all=quantile(upper=2600.0)).state == "inconclusive"
    missed = quantile(point=2700.0, lower=2600.0, upper=2800.0)
    assert judged("PERF-1", all=missed).reason == "2,700 ms measured, at most 2,500 ms agreed."
    assert judged("PERF-1", all=quantile(upper=2500.0)).state == "met"
    assert judged("PERF-1", all=quantile(lower=None)).state == "met"
    unbounded = judged("PERF-1", all=quantile(upper=None))
    assert (unbounded.state, unbounded.bound) == ("inconclusive", "no bound")
    assert "too few cases for a bound" in unbounded.reason
    few = judged("PERF-1", all=quantile(n=119))
    assert (few.state, few.cases_missing, few.n) == ("inconclusive", 1, 119)
    assert judged("PERF-1", all=quantile(upper=2600.0)).cases_missing is None


@pytest.mark.parametrize(
    "other", [{"point": 9000.0}, {"upper": 1.0}, {"lower": 1900.0}, {"lower": 2000.0, "point": 1.0}]
)
def test_bounds_that_do_not_enclose_their_figure_are_no_measurement(other: dict[str, Any]) -> None:
    found = judged("PERF-1", all=quantile(**other))
    assert found.state == "not_measured"
    assert found.reason == "its bounds do not enclose its figure."


def test_a_quantile_without_a_figure_is_not_measured() -> None:
    assert judged("PERF-1", all=quantile(point=None)).reason == "the record holds no figure for it."
    found = of_point(criterion("INT-1", contract()), None, "nothing has measured it yet.")
    assert (found.state, found.reason) == ("not_measured", "nothing has measured it yet.")
    found = of_point(criterion("INT-1", contract()), Sight(seen(20, 20), ""), "")
    assert (found.state, found.reason) == ("not_measured", "the record holds no figure for it.")


def test_a_bound_of_less_confidence_than_agreed_does_not_count() -> None:
    found = judged("PERF-1", all=quantile(confidence=0.95))
    assert found.state == "not_measured"
    assert "95.0%" in found.reason and "98.3%" in found.reason
    assert "hold at 0.0%" in judged("PERF-1", all=quantile(confidence=None)).reason
    agreed = contract(maxLooks=1)  # 0.95 in floating point, from a run that was asked for 0.95
    assert judged("PERF-1", agreed, all=quantile(confidence=0.95)).state == "met"


@pytest.mark.parametrize(
    ("value", "state"), [(20.0, "met"), (19.0, "not_met"), (None, "not_measured")]
)
def test_a_figure_without_a_sample_is_compared(value: float | None, state: str) -> None:
    one = criterion("INT-1", contract())
    assert point(one, value, "nothing has measured it yet.", "e.json").state == state


def test_a_figure_says_what_was_measured_and_where() -> None:
    found = point(criterion("INT-1", contract()), 19.0, "", "e.json")
    assert (found.measured, found.bound, found.evidence) == ("19", "19", "e.json")
    assert found.reason == "19, but at least 20 was agreed."
    found = point(criterion("COST-1", contract()), 20000.4, "", "")
    assert found.reason == "20,000.4, but at most 20,000 was agreed."
    assert point(criterion("COST-1", contract()), 20000.0, "", "").state == "met"
    found = judged("SEC-1", all=seen(20011, 1_000_000))
    assert found.measured == "2.0011 %"


def test_more_than_nothing_is_not_nothing() -> None:
    one = criterion("VAL-1", contract())
    assert point(one, 0.0, "", "").state == "not_met"
    assert point(one, 0.01, "", "").state == "met"


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_measurements_of_one_thing_the_worse_counts(turned: bool) -> None:
    def chosen(name: str, *every: Measurement) -> Measurement:
        sights = [Sight(one, "") for one in (reversed(every) if turned else every)]
        return worst(contract(), criterion(name, contract()), sights).measurement

    assert chosen("QUAL-1", GOOD, seen(500, 600)) == seen(500, 600)
    assert chosen("QUAL-1", seen(600, 600), seen(570, 600)) == seen(570, 600)
    assert chosen("QUAL-1", GOOD, seen(7, 5)) == seen(7, 5)
    assert chosen("SEC-1", seen(0, 500), seen(1, 500)) == seen(1, 500)
    assert chosen("PERF-1", quantile(), quantile(point=2000.0)) == quantile(point=2000.0)
    counts = [Measurement(indicator={}, point=value) for value in (20.0, 19.0, 25.0)]
    assert chosen("INT-1", *counts).point == 19.0
    lost = Measurement(indicator={}, point=30.0, lost=1)
    assert chosen("INT-1", counts[0], lost) == lost


def test_one_lost_case_is_a_miss_however_many_were_handled() -> None:
    assert judged("REL-1", all=seen(4500, 4500)).state == "met"
    found = judged("REL-1", all=seen(4500, 4500, lost=1))
    assert found.state == "not_met"
    assert found.reason == "1 case was lost; none may be."
    assert judged("REL-1", all=seen(4500, 4500, lost=2)).reason.startswith("2 cases were lost")
    calls = Measurement(indicator={}, point=25.0, lost=1)
    found = of_point(criterion("INT-1", contract()), Sight(calls, "e.json"), "")
    assert (found.state, found.measured, found.evidence) == ("not_met", "25", "e.json")
    assert found.reason == "1 case was lost; none may be."


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("QUAL-1", 0.97, "97 %"),
        ("QUAL-1", 1.0, "100 %"),
        ("QUAL-1", 0.0, "0 %"),
        ("QUAL-1", 0.98333, "98.33 %"),
        ("PERF-1", 2500.0, "2,500 ms"),
        ("PERF-1", 99.5, "99.5 ms"),
        ("COST-1", 20000.0, "20,000"),
        ("COST-1", 100.4, "100"),
        ("VAL-1", -0.001, "-0.001"),
        ("COST-1", -0.001, "0"),
        ("VAL-1", -2109.4, "-2,109"),
        ("VAL-1", 12.0, "12"),
    ],
)
def test_a_figure_is_written_as_people_write_it(name: str, value: float, text: str) -> None:
    assert figure(criterion(name, contract()), value) == text


def test_waiting_is_told_in_minutes() -> None:
    data, _ = parse(SAMPLE / "criteria.yaml", "criteria.yaml")
    data["criteria"][1].update(type="review_sla", indicator={"metric": "review_wait_p90_min"})
    data["criteria"][1]["objective"].update(op="lt", value=60)
    assert agreed(criterion("HUM-1", Contract.model_validate(data))) == "less than 60 min"
