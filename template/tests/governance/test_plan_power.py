"""The cases needed, against a search through every number with another library's binomial."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import beta, binom

from evals.statistics import quantile_interval
from poc.engine.contract import Contract, Criterion
from poc.engine.evidence import Measurement
from poc.engine.judge import Sight, judge
from poc.money.plan import least_for_quantile
from poc.money.power import CHANCE, MOST, Rule, allowed, at_most, chance, fewest, needed
from tests.governance.money import contract

ONE_LOOK, THREE_LOOKS = 0.95, 1 - 0.05 / 3

steady = settings(deadline=None, derandomize=True, max_examples=100)


def oracle(rule: Rule, n: np.ndarray) -> np.ndarray:
    """The most failures allowed among each n: by the score test, or the quantile of a beta."""
    if rule.interval == "wilson":
        z = NormalDist().inv_cdf(rule.confidence)
        return np.floor(n * rule.slack - z * np.sqrt(n * rule.slack * (1 - rule.slack)) + 1e-9)
    found = []
    for one in n:
        failures = np.arange(one)
        bounds = beta.ppf(rule.confidence, failures + 1, one - failures)
        found.append(np.searchsorted(bounds, rule.slack, side="right") - 1)
    return np.array(found)


def searched(rule: Rule, expected: float, most: int) -> int:
    """The number after the last one whose chance is too low."""
    n = np.arange(1, most + 1)
    true = 1 - expected if rule.higher else expected
    chances = binom.cdf(oracle(rule, n), n, true)
    assert chances[-1] >= CHANCE
    low = np.flatnonzero(chances < CHANCE)
    return int(low[-1]) + 2 if low.size else 1


@pytest.mark.parametrize(
    ("threshold", "expected", "one_look", "three_looks"),
    [
        (0.80, 0.85, 380, 545),
        (0.80, 0.90, 86, 129),
        (0.90, 0.92, 1341, 1909),
        (0.90, 0.95, 188, 277),
        (0.95, 0.97, 665, 946),
        (0.95, 0.98, 255, 382),
        (0.97, 0.99, 339, 506),
    ],
)
def test_cases_for_a_good_chance(
    threshold: float, expected: float, one_look: int, three_looks: int
) -> None:
    for confidence, cases in ((ONE_LOOK, one_look), (THREE_LOOKS, three_looks)):
        rule = Rule(threshold, "gte", confidence)
        assert needed(rule, expected) == cases == searched(rule, expected, 3 * cases)
        assert chance(rule, cases, expected) >= CHANCE > chance(rule, cases - 1, expected)


@pytest.mark.parametrize(
    ("interval", "confidence", "two", "one"),
    [
        ("wilson", ONE_LOOK, 133, 268),
        ("wilson", THREE_LOOKS, 222, 449),
        ("exact", ONE_LOOK, 149, 299),
        ("exact", THREE_LOOKS, 203, 408),
    ],
)
def test_cases_without_any_event(interval: str, confidence: float, two: int, one: int) -> None:
    for rate, cases in ((0.02, two), (0.01, one)):
        rule = Rule(rate, "lte", confidence, "exact" if interval == "exact" else "wilson")
        assert fewest(rule, 0) == cases
        assert list(oracle(rule, np.array([cases - 1, cases]))) == [-1, 0]
    assert math.ceil(math.log(0.05) / math.log(0.98)) == 149


@pytest.mark.parametrize(
    ("confidence", "cases"), [(ONE_LOOK, (29, 59, 299)), (THREE_LOOKS, (39, 80, 408))]
)
def test_measurements_that_bound_a_percentile(confidence: float, cases: tuple[int, ...]) -> None:
    for share, n in zip((0.9, 0.95, 0.99), cases, strict=True):
        assert least_for_quantile(share, confidence) == n
        bounds = [quantile_interval(range(m), share, 2 * confidence - 1)[1] for m in (n - 1, n)]
        assert bounds[0] is None
        assert bounds[1] is not None


@steady
@given(
    st.sampled_from(["wilson", "exact"]), st.booleans(), st.floats(0.02, 0.98),
    st.floats(0.06, 0.95), st.sampled_from([0.8, 0.95, THREE_LOOKS, 0.999]),
)  # fmt: skip
def test_the_search_agrees_with_trying_every_number(
    interval: str, higher: bool, threshold: float, way: float, confidence: float
) -> None:
    """`way` is how far the expected share is from the threshold to perfection."""
    end = 1.0 if higher else 0.0
    expected = threshold + way * (end - threshold)
    rule = Rule(
        threshold,
        "gte" if higher else "lte",
        confidence,
        "exact" if interval == "exact" else "wilson",
    )
    found = needed(rule, expected)
    assume(found is not None and found < (400 if interval == "exact" else 20_000))
    assert found == searched(rule, expected, 3 * (found or 0) + 100)


@steady
@given(st.integers(1, 200_000), st.floats(1e-6, 1 - 1e-6), st.floats(-8, 8))
def test_binomial_probabilities_agree(n: int, share: float, z: float) -> None:
    count = round(n * share + z * math.sqrt(n * share * (1 - share)))
    assert at_most(count, n, share) == pytest.approx(binom.cdf(count, n, share), abs=1e-9)


@pytest.mark.parametrize(
    ("count", "n", "share", "expected"),
    [(-1, 5, 0.5, 0), (5, 5, 0.5, 1), (0, 5, 0, 1), (-1, 5, 0, 0), (4, 5, 1, 0), (5, 5, 1, 1)],
)
def test_binomial_probabilities_at_the_ends(
    count: int, n: int, share: float, expected: float
) -> None:
    assert at_most(count, n, share) == expected


@pytest.mark.parametrize("interval", ["wilson", "exact"])
@pytest.mark.parametrize("name", ["QUAL-1", "HUM-1", "SEC-1", "REL-1"])
@pytest.mark.parametrize("n", [450, 600, 1234])
def test_the_judge_draws_the_line_where_the_plan_does(interval: str, name: str, n: int) -> None:
    agreed = contract({}).model_copy(update={"interval": interval})
    one = agreed.criterion(name)
    assert one is not None
    goal = one.objective
    rule = Rule(goal.value, goal.op, agreed.look_confidence, agreed.interval)
    most = allowed(rule, n)
    assert most >= 0
    assert judged(agreed, one, n, most) == "met"
    assert judged(agreed, one, n, most + 1) != "met"


def judged(agreed: Contract, one: Criterion, n: int, failures: int) -> str:
    hits = n - failures if one.objective.bound == "lower" else failures
    seen = Measurement(indicator={}, hits=hits, n=n)
    sights = {part: Sight(seen, "") for part in one.indicator.slices}
    return judge(agreed, one, sights, "").state


def test_a_share_that_nothing_can_show() -> None:
    for rule in (Rule(1.0, "gte", 0.95), Rule(0.0, "lte", 0.95), Rule(1.0, "gt", 0.95, "exact")):
        assert fewest(rule, 0) is None
        assert needed(rule, rule.threshold) is None
        assert chance(rule, 10_000, rule.threshold) == 0
    assert fewest(Rule(1e-320, "lte", 0.95), 0) is None
    assert fewest(Rule(1e-6, "lte", 0.95), 0) == 2_705_541


def test_a_share_that_anything_shows() -> None:
    for interval in ("wilson", "exact"):
        rule = Rule(0.0, "gte", 0.95, "exact" if interval == "exact" else "wilson")
        assert (fewest(rule, 0), needed(rule, 0.3), chance(rule, 1, 0.3)) == (1, 1, 1)


def test_expecting_perfection_needs_no_more_than_a_perfect_result() -> None:
    assert needed(Rule(0.9, "gte", ONE_LOOK), 1.0) == fewest(Rule(0.9, "gte", ONE_LOOK), 0) == 25
    assert needed(Rule(0.02, "lte", ONE_LOOK), 0.0) == 133


def test_what_is_expected_must_be_better_than_what_is_asked() -> None:
    assert needed(Rule(0.9, "gte", ONE_LOOK), 0.9) is None
    assert needed(Rule(0.9, "gte", ONE_LOOK), 0.88) is None
    assert needed(Rule(0.1, "lte", ONE_LOOK), 0.12) is None


def test_a_margin_too_thin_for_any_number_of_labels() -> None:
    assert needed(Rule(0.5, "gte", THREE_LOOKS), 0.503) is None
    assert needed(Rule(0.5, "gte", THREE_LOOKS), 0.504) is None
    assert needed(Rule(0.5, "gte", THREE_LOOKS), 0.500_000_001) is None
    assert needed(Rule(0.99999, "gte", THREE_LOOKS), 1.0) is None
    most = needed(Rule(0.5, "gte", THREE_LOOKS), 0.5048)
    assert most is not None
    assert 90_000 < most <= MOST
