"""A bound decides: what is met, what is not, and when nothing can be said."""

from typing import Any

import pytest
from scipy.stats import beta, norm

from evals.statistics import wilson
from poc.engine.contract import Contract, Criterion
from poc.engine.evidence import Measurement
from poc.engine.findings import Finding
from poc.engine.judge import Sight, judge, share_bounds
from poc.engine.yamlfile import parse
from tests.governance.sample import SAMPLE


def contract(**changes: object) -> Contract:
    data, _ = parse(SAMPLE / "criteria.yaml", "criteria.yaml")
    return Contract.model_validate(data | changes)


def seen(hits: int, n: int, **other: Any) -> Measurement:  # noqa: ANN401
    return Measurement(indicator={}, hits=hits, n=n, **other)


def judged(name: str, agreed: Contract | None = None, **slices: Measurement) -> Finding:
    agreed = agreed or contract()
    one = criterion(name, agreed)
    sights = {key.replace("_", "="): Sight(value, "e.json") for key, value in slices.items()}
    return judge(agreed, one, sights, "nothing has measured it yet.")


def criterion(name: str, agreed: Contract) -> Criterion:
    one = agreed.criterion(name)
    assert one is not None
    return one


GOOD = seen(590, 600)
LEVEL = 2 * (1 - 0.05 / 3) - 1  # two-sided, of which one side is one look of three


@pytest.mark.parametrize(("hits", "n"), [(0, 40), (1, 40), (37, 40), (40, 40), (450, 460)])
@pytest.mark.parametrize("looks", [1, 3])
def test_bounds_are_those_of_scipy(hits: int, n: int, looks: int) -> None:
    confidence = 1 - 0.05 / looks
    lower, upper = share_bounds(contract(maxLooks=looks), hits, n)
    # The score bound solves (p - x)^2 = z^2 x (1 - x) / n.
    z = norm.ppf(confidence)
    for x in {lower, upper} - {0.0, 1.0}:
        assert (hits / n - x) ** 2 == pytest.approx(z * z * x * (1 - x) / n, abs=1e-12)
    low, high = share_bounds(contract(maxLooks=looks, interval="exact"), hits, n)
    wanted_low = 0.0 if hits == 0 else beta.ppf(1 - confidence, hits, n - hits + 1)
    wanted_high = 1.0 if hits == n else beta.ppf(confidence, hits + 1, n - hits)
    assert (low, high) == pytest.approx((wanted_low, wanted_high), abs=1e-9)


def test_met_needs_the_bound_not_the_average() -> None:
    right = judged("QUAL-1", all=GOOD, lang_de=GOOD)
    assert (right.state, right.measured, right.n) == ("met", "98.33 %", 600)
    lucky = judged("QUAL-1", all=seen(92, 100), lang_de=GOOD)
    assert (lucky.state, lucky.measured) == ("inconclusive", "92 %")
    assert lucky.cases_missing and lucky.cases_missing > 500
    assert (lucky.bound, lucky.evidence) == ("84.25 %", "e.json")
    assert "more cases, or a wider margin" in lucky.reason
    assert right.reason == "" and right.cases_missing is None


def test_the_cases_it_says_are_missing_would_decide_it() -> None:
    missing = judged("QUAL-1", all=seen(92, 100), lang_de=GOOD).cases_missing
    assert missing
    n = 100 + missing
    lower = share_bounds(contract(), 92, 100)[0]
    assert lower < 0.9 <= wilson(0.92 * n, n, LEVEL)[0]
    assert wilson(0.92 * (n - 1), n - 1, LEVEL)[0] < 0.9
    alike = judged("QUAL-1", all=seen(92, 100, effective=50.0), lang_de=GOOD).cases_missing
    assert alike == pytest.approx(2 * n - 100, abs=2)
    assert judged("QUAL-1", all=seen(90, 100), lang_de=GOOD).cases_missing is None  # never
    # One that fails by more cases is as decided as one that holds.
    miss = judged("QUAL-1", all=seen(87, 100), lang_de=GOOD).cases_missing
    assert miss and wilson(0.87 * (100 + miss), 100 + miss, LEVEL)[1] < 0.9
    rate = judged("SEC-1", all=seen(1, 230)).cases_missing
    assert rate and wilson((230 + rate) / 230, 230 + rate, LEVEL)[1] <= 0.02
    assert wilson((229 + rate) / 230, 229 + rate, LEVEL)[1] > 0.02


def test_not_met_needs_the_other_bound() -> None:
    assert judged("QUAL-1", all=seen(500, 600), lang_de=GOOD).state == "not_met"
    assert judged("QUAL-1", all=seen(87, 100), lang_de=GOOD).state == "inconclusive"


def test_the_worst_slice_decides() -> None:
    found = judged("QUAL-1", all=GOOD, lang_de=seen(80, 100))
    assert (found.state, found.slice, found.measured) == ("not_met", "lang=de", "80 %")
    found = judged("QUAL-1", all=GOOD)
    assert (found.state, found.slice) == ("not_measured", "lang=de")
    found = judged("QUAL-1", all=seen(600, 600), lang_de=seen(570, 600))
    assert (found.state, found.slice, found.measured) == ("met", "lang=de", "95 %")
    found = judged("QUAL-1", all=seen(92, 100), lang_de=seen(95, 100))
    assert (found.state, found.slice) == ("inconclusive", "all")
    found = judged("QUAL-1", all=seen(9, 100), lang_de=seen(80, 100))
    assert (found.state, found.slice, found.measured) == ("not_met", "all", "9 %")
    # More cases are needed for the slice that needs most, whichever decides.
    found = judged("QUAL-1", all=seen(50, 50), lang_de=seen(20, 20))
    assert found.cases_missing == 80


def test_a_miss_beats_what_is_unmeasured_and_that_beats_doubt() -> None:
    assert judged("QUAL-1", lang_de=seen(10, 100)).state == "not_met"
    assert judged("QUAL-1", lang_de=seen(92, 100)).state == "not_measured"
    assert judged("QUAL-1", lang_de=GOOD).slice == "all"


def test_of_rates_the_highest_is_the_worst() -> None:
    data, _ = parse(SAMPLE / "criteria.yaml", "criteria.yaml")
    data["criteria"][1]["indicator"]["slices"] = ["all", "lang=de"]
    found = judged(
        "HUM-1", Contract.model_validate(data), all=seen(60, 600), lang_de=seen(120, 600)
    )
    assert (found.state, found.slice, found.measured) == ("met", "lang=de", "20 %")


def test_too_few_cases_never_meet_and_say_how_many_are_missing() -> None:
    found = judged("QUAL-1", all=seen(99, 99), lang_de=GOOD)
    assert (found.state, found.cases_missing) == ("inconclusive", 1)
    assert "99 cases, 100 are needed: 1 more" in found.reason


def test_as_many_cases_as_agreed_are_enough() -> None:
    assert judged("QUAL-1", all=seen(100, 100), lang_de=GOOD).state == "met"
    assert judged("QUAL-1", all=seen(0, 0), lang_de=GOOD).state == "not_measured"


def test_few_cases_may_show_a_miss() -> None:
    assert judged("QUAL-1", all=seen(10, 60), lang_de=GOOD).state == "not_met"


def test_cases_that_are_alike_count_less() -> None:
    alone = judged("QUAL-1", all=seen(285, 300), lang_de=GOOD)
    alike = judged("QUAL-1", all=seen(285, 300, effective=60.0), lang_de=GOOD)
    assert (alone.state, alike.state) == ("met", "inconclusive")
    exact = contract(interval="exact")
    assert judged("QUAL-1", exact, all=seen(285, 300, effective=60.0), lang_de=GOOD).state == (
        "inconclusive"
    )
    # A run that reckons more cases than there are is not believed.
    assert share_bounds(contract(), 285, 300, 9000.0) == share_bounds(contract(), 285, 300)
    assert share_bounds(exact, 285, 300, 300.0) == share_bounds(exact, 285, 300)
    missing = judged("QUAL-1", all=seen(92, 100, effective=9000.0), lang_de=GOOD).cases_missing
    assert missing == judged("QUAL-1", all=seen(92, 100), lang_de=GOOD).cases_missing


def test_an_upper_bound_decides_a_rate() -> None:
    assert judged("SEC-1", all=seen(0, 222)).state == "met"
    assert judged("SEC-1", all=seen(0, 221)).state == "inconclusive"
    assert judged("SEC-1", all=seen(1, 230)).state == "inconclusive"
    assert judged("SEC-1", all=seen(20, 230)).state == "not_met"


@pytest.mark.parametrize("bad", [seen(7, 5), seen(0, 0), Measurement(indicator={}, n=5)])
def test_counts_that_cannot_be_are_not_measured(bad: Measurement) -> None:
    found = judged("SEC-1", all=bad)
    assert found.state == "not_measured"
    assert ("no case counted for it" in found.reason) == (bad.n == 0)
