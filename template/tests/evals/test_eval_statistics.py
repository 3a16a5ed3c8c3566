"""The intervals and tests hold against scipy, and against what they promise."""

import random
from typing import Any

import pytest
from scipy import stats

from evals.bootstrap import cluster_bootstrap, swap_test
from evals.measures import Counts, measure, ratios, share
from evals.statistics import effective_size, exact, holm, quantile, quantile_interval, wilson

PAIRS = [(0, 1), (1, 1), (0, 30), (30, 30), (3, 40), (37, 40), (250, 400), (1999, 2000)]


@pytest.mark.parametrize(("hits", "n"), PAIRS)
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_wilson_equals_scipy(hits: int, n: int, level: float) -> None:
    oracle = stats.binomtest(hits, n).proportion_ci(level, method="wilson")
    assert wilson(hits, n, level) == pytest.approx((oracle.low, oracle.high), abs=1e-12)


@pytest.mark.parametrize(("hits", "n"), PAIRS)
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_the_exact_interval_equals_scipy(hits: int, n: int, level: float) -> None:
    oracle = stats.binomtest(hits, n).proportion_ci(level, method="exact")
    assert exact(hits, n, level) == pytest.approx((oracle.low, oracle.high), abs=1e-12)


def test_nothing_observed_is_nothing_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert quantile_interval([], 0.5) == (None, None)
    assert quantile([], 0.5) is None


@pytest.mark.parametrize("n", [5, 6, 36, 72, 73, 200, 501])
@pytest.mark.parametrize("share_", [0.5, 0.9, 0.95])
def test_quantile_intervals_equal_scipy(n: int, share_: float) -> None:
    values = random.Random(n).sample(range(10_000), n)  # noqa: S311
    oracle: Any = stats.quantile_test(values, p=share_).confidence_interval(0.95)
    expected = tuple(None if one != one else one for one in (oracle.low, oracle.high))
    assert quantile_interval(values, share_) == expected


def test_a_95th_percentile_has_no_upper_bound_below_72_values() -> None:
    assert quantile_interval(range(71), 0.95)[1] is None
    assert quantile_interval(range(72), 0.95)[1] == 71


def test_a_quantile_is_a_value_that_was_seen() -> None:
    assert quantile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert quantile(range(1, 101), 0.95) == 95


def test_holm_steps_down_and_stops_at_the_first_that_holds() -> None:
    # Levels are 0.05 / 4, / 3, / 2, / 1 in the order of the p-values.
    assert holm([0.03, 0.01, 0.04, 0.012], 0.05) == [False, True, False, True]
    assert holm([0.02, 0.04], 0.05) == [True, True]
    assert holm([0.03, 0.04], 0.05) == [False, False]


def test_families_that_vary_as_a_whole_are_worth_one_case_each() -> None:
    whole = [(4, 4)] * 30 + [(0, 4)] * 10
    assert effective_size(whole) == pytest.approx(39, abs=0.01)


def test_independent_cases_are_worth_themselves() -> None:
    assert effective_size([(1, 1)] * 60 + [(0, 1)] * 20) == pytest.approx(79, abs=0.01)


def test_where_all_agree_each_family_counts_once() -> None:
    assert effective_size([(5, 5)] * 12) == 12


@pytest.mark.parametrize("seed", range(5))
def test_the_swap_test_equals_scipys_exact_permutation_test(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    before = [rng.randint(0, 4) for _ in range(9)]
    now = [rng.randint(-1, one) for one in before]
    permutation_test: Any = stats.permutation_test
    oracle = permutation_test(
        (now, before),
        lambda a, b: sum(a) - sum(b),
        permutation_type="samples",
        alternative="less",
        n_resamples=float("inf"),
    )
    differences = [a - b for a, b in zip(now, before, strict=True)]
    assert sum(differences) < 0
    assert swap_test(differences) == pytest.approx(oracle.pvalue, abs=1e-12)


def test_what_is_no_drop_has_no_evidence_against_it() -> None:
    assert swap_test([]) == 1.0
    assert swap_test([0, 0, 0]) == 1.0
    assert swap_test([3, -1, -2]) == 1.0
    assert swap_test([3, 4]) == 1.0


def _families(rng: random.Random) -> list[Counts]:
    """80 families of four cases; a family tends to be right or wrong as a whole."""
    drawn = []
    for _ in range(80):
        p = 0.95 if rng.random() < 0.65 else 0.15
        right = sum(rng.random() < p for _ in range(4))
        drawn.append(Counts(4, right, 0, 0))
    return drawn


def test_resampling_families_covers_what_counting_cases_does_not() -> None:
    rng = random.Random(5)  # noqa: S311
    truth, by_family, by_case = 0.65 * 0.95 + 0.35 * 0.15, 0, 0
    for _ in range(100):
        families = _families(rng)
        rows = [(one.right, one.runs) for one in families]
        interval = cluster_bootstrap(rows, lambda s: [s[0] / s[1]], resamples=300)[0]
        assert interval is not None
        by_family += interval[0] <= truth <= interval[1]
        low, high = wilson(sum(one.right for one in families), 320)
        by_case += low <= truth <= high
    assert by_family >= 90
    assert by_case < 85


def test_the_same_seed_gives_the_same_interval() -> None:
    rows = [(k % 7, k + 7) for k in range(40)]
    first = cluster_bootstrap(rows, lambda s: [s[0] / s[1]])
    assert first == cluster_bootstrap(rows, lambda s: [s[0] / s[1]])
    assert first != cluster_bootstrap(rows, lambda s: [s[0] / s[1]], seed=1)


def test_ratios_divide_by_all_and_by_accepted() -> None:
    assert ratios((10, 8, 5, 4)) == (0.8, 0.8, 0.5)
    assert ratios((10, 8, 0, 0)) == (0.8, None, 0.0)


def test_measures_count_what_they_say() -> None:
    found = measure([Counts(3, 2, 1, 1), Counts(1, 0, 1, 0)] * 20)
    assert (found.accuracy.hits, found.accuracy.n, found.accuracy.point) == (40, 80, 0.5)
    assert (found.precision.hits, found.precision.n) == (20, 40)
    assert (found.coverage.hits, found.coverage.n) == (40, 80)
    assert found.accuracy.lower < 0.5 < found.accuracy.upper
    assert found.accuracy.method == "cluster bootstrap"


def test_all_right_is_not_certainly_right() -> None:
    found = share([(4, 4)] * 30)
    assert found.point == 1.0
    assert found.lower == pytest.approx(stats.binomtest(30, 30).proportion_ci(0.95).low)
    assert found.method == "exact on families"


def test_few_families_are_counted_and_not_resampled() -> None:
    found = share([(4, 4)] * 9 + [(0, 4)] * 3)
    oracle = stats.binomtest(9, 12).proportion_ci(0.95)
    assert (found.lower, found.upper) == pytest.approx((oracle.low, oracle.high))


def test_nothing_accepted_gives_no_precision() -> None:
    precision = measure([Counts(2, 1, 0, 0)] * 25).precision
    assert (precision.point, precision.lower, precision.upper) == (None, 0.0, 1.0)
    assert measure([]).accuracy.point is None
