"""The forecast against a worked example, and where it ends: no benefit, no margin, no volume."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poc.engine.contract import Volume
from poc.engine.problems import Refused
from poc.money.budget import Budget
from poc.money.costs import Column, break_even, column, rates
from tests.governance.money import budget, data, reckoned

# USD a month for 4,300 tickets, ten and a hundred times as many, worked out by hand once.
EXAMPLE = {
    "volume": (4_300, 43_000, 430_000),
    "model": (11, 111, 1_108),
    "review": (1_906, 19_063, 190_633),
    "errors": (176, 1_763, 17_630),
    "total": (7_991, 26_856, 217_105),
    "worst": (8_116, 28_109, 229_631),
    "worst_model": (136, 1_363, 13_634),
    "benefit": (5_882, 58_824, 588_240),
    "net": (-2_109, 31_968, 371_135),
}

steady = settings(deadline=None, derandomize=True, max_examples=200)


@pytest.mark.parametrize(("line", "expected"), EXAMPLE.items())
def test_each_line_of_the_example(line: str, expected: tuple[int, ...]) -> None:
    assert tuple(round(getattr(one, line)) for one in reckoned().columns) == expected


def test_fixed_lines_and_units_of_the_example() -> None:
    columns = reckoned().columns
    assert [round(one.infrastructure + one.upkeep) for one in columns] == [5_898, 5_919, 7_734]
    assert [round(one.per_request, 2) for one in columns] == [1.86, 0.62, 0.50]
    assert [round(one.per_success or 0, 2) for one in columns] == [2.63, 0.88, 0.72]
    assert [one.label for one in columns] == ["1x", "10x", "100x"]
    assert round(columns[0].worst_model / columns[0].model, 1) == 12.3


def test_the_example_pays_from_a_volume_it_does_not_reach() -> None:
    money = reckoned()
    assert money.break_even == 6_695
    assert money.volume_12m == 6_131
    assert round(money.net_12m) == -497
    assert money.payback_months is None


def test_production_of_the_example() -> None:
    money = reckoned()
    assert money.production_cost == pytest.approx(256_450)
    assert (round(money.cost_ratio.value, 2), money.cost_ratio.band) == (3.21, "green")
    assert (money.time_ratio.value, money.time_ratio.band) == (3.5, "green")


def test_the_money_is_back_by_the_net_of_the_twelfth_month() -> None:
    money = reckoned({"benefit.minutesSaved": 6})
    assert money.net_12m == pytest.approx(6131 * 0.72 * 6 / 60 * 38 - money.in_a_year.total)
    assert money.payback_months == pytest.approx((80_000 + 256_450) / money.net_12m)


@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        ("monthly_cost", "1x", 7_991),
        ("monthly_cost", None, 7_991),
        ("monthly_cost", "10x", 26_856),
        ("net_value_month", "100x", 371_135),
        ("net_value_month", "forecast_12m", -497),
        ("cost_per_request", None, 2),
    ],
)
def test_metrics_by_name(name: str, at: str | None, expected: int) -> None:
    value = reckoned().metric(name, at)
    assert value is not None
    assert round(value) == expected


@pytest.mark.parametrize(("name", "at"), [("monthly_cost", "2x"), ("monthly_costs", "1x")])
def test_what_nobody_computes_is_no_figure(name: str, at: str) -> None:
    assert reckoned().metric(name, at) is None


def test_offline_has_no_token_cost_and_needs_no_price() -> None:
    money = reckoned({"run.model": {"provider": "offline"}})
    assert [one.model for one in money.columns] == [0, 0, 0]
    assert [one.worst for one in money.columns] == [one.total for one in money.columns]
    assert money.columns[0].upkeep == 500 + 4 * 1000 + 1000


def test_a_model_without_a_price_is_never_free() -> None:
    with pytest.raises(Refused, match="openai:example"):
        rates(Budget.model_validate(data({})))


def test_prices_of_a_cache_count() -> None:
    usual = reckoned().columns[0]
    uncached = reckoned(cachedInPerM=None).columns[0]
    written = reckoned(cacheWriteInPerM=2.0).columns[0]
    calls = 4300 * 1.3
    assert uncached.model - usual.model == pytest.approx(calls * 1.03 * 950 * 0.9 / 1e6)
    assert written.model == usual.model
    assert written.worst_model - usual.worst_model == pytest.approx(calls * 3 * 6300 / 1e6)


def test_without_benefit_no_volume_pays() -> None:
    money = reckoned({"benefit.minutesSaved": 0})
    assert money.break_even is None
    assert money.columns[2].net < money.columns[0].net < 0


def test_nothing_done_alone_has_no_cost_per_success() -> None:
    assert reckoned({"benefit.autoRate": 0}).columns[0].per_success is None


def test_a_shrinking_volume_shrinks_to_nothing() -> None:
    falling = Volume(requests_per_month=4300, growth_per_month=-0.1)
    assert reckoned(volume=falling).volume_12m == round(4300 * 0.9**12)
    gone = reckoned(volume=Volume(requests_per_month=1, growth_per_month=-0.5))
    assert gone.volume_12m == 0
    assert gone.net_12m == pytest.approx(-391 - 5504.12412)


def test_steps_that_cost_more_than_a_step_of_requests_saves_never_pay() -> None:
    per_request = rates(budget()).margin
    dear = {"every": 1000, "cost": per_request * 1000 + 0.01}
    assert reckoned({"run.infrastructure.step": dear}).break_even is None
    cheap = {"every": 1000, "cost": per_request * 1000 - 1}
    assert reckoned({"run.infrastructure.step": cheap}).break_even is not None


def bare(saved: float, fixed: float, every: int, cost: float) -> dict[str, object]:
    """Each request saves so much and costs nothing; only `fixed` and the steps do."""
    return {
        "run.model": {"provider": "offline"},
        "run.review.rate": 0,
        "run.errors.perThousand": 0,
        "run.upkeep.labels": 0,
        "run.upkeep.engineerDays": 0,
        "run.onCall": 0,
        "run.infrastructure": {"fixed": fixed, "step": {"every": every, "cost": cost}},
        "benefit": {"autoRate": 1, "precision": 1, "minutesSaved": 60, "hourlyRate": saved},
    }


@pytest.mark.parametrize(
    ("saved", "fixed", "every", "cost", "expected"),
    [
        (1, 500, 1000, 1000, 500),
        (1, 1500, 1000, 1000, None),
        (1, 1500, 1000, 0, 1500),
        (2, 3000, 1000, 1000, 2000 + 500),
        (1, 0, 1000, 1000, 1),
        (1e-310, 0, 1, 1e12, None),
    ],
)
def test_steps_by_hand(
    saved: float, fixed: float, every: int, cost: float, expected: int | None
) -> None:
    assert reckoned(bare(saved, fixed, every, cost)).break_even == expected


AMOUNT = st.floats(0, 500)
BUDGETS = st.builds(
    lambda rate, minutes, saved, fixed, per, every, step, day: {
        "run.review.rate": rate,
        "run.review.minutes": minutes,
        "benefit.minutesSaved": saved,
        "run.infrastructure": {
            "fixed": fixed,
            "per1000": per,
            "step": {"every": every, "cost": step},
        },
        "run.upkeep.labels": 0,
        "run.upkeep.engineerDays": 0,
        "run.onCall": day,
    },
    st.floats(0, 1), st.floats(0, 10), st.floats(0, 10), AMOUNT, AMOUNT,
    st.integers(1, 300), st.floats(0, 100), AMOUNT,
)  # fmt: skip


@steady
@given(BUDGETS)
def test_break_even_is_the_first_volume_that_pays(changes: dict[str, object]) -> None:
    of = rates(budget(changes))
    first = break_even(of)
    most = min(first or 3000, 3000)
    if of.margin > 0:
        assert all(column(of, "", volume).net < 1e-6 for volume in range(1, most))
        if first is not None:
            assert column(of, "", first).net > -1e-6
            assert type(first) is int
    else:
        assert first is None


@steady
@given(BUDGETS, st.integers(1, 10**9))
def test_lines_add_up(changes: dict[str, object], volume: int) -> None:
    one: Column = column(rates(budget(changes)), "", volume)
    parts = one.model + one.review + one.errors + one.infrastructure + one.upkeep
    assert one.total == pytest.approx(parts)
    assert one.net == pytest.approx(one.benefit - one.total, abs=1e-6 * one.total)
    assert one.worst - one.worst_model == pytest.approx(one.total - one.model)
    assert one.worst >= one.total
    assert one.per_request * volume == pytest.approx(one.total)


def ends(least: float, most: float) -> st.SearchStrategy[float]:
    """What a field allows, its ends and next to them above all."""
    edge = st.sampled_from([least, least + 5e-324, least + 1e-9, most])
    return edge | st.floats(least, most)


@steady
@given(
    st.fixed_dictionaries(
        {
            "poc.cost": ends(1, 1e12),
            "poc.weeks": ends(0.1, 1000),
            "production.dayRate": ends(0, 1e12),
            "run.callsPerRequest": ends(0, 1000),
            "run.review.rate": ends(0, 1),
            "run.errors.cost": ends(0, 1e12),
            "run.infrastructure.fixed": ends(0, 1e12),
            "run.infrastructure.per1000": ends(0, 1e12),
            "run.infrastructure.step.every": st.sampled_from([1, 2, 10**12]),
            "run.infrastructure.step.cost": ends(0, 1e12),
            "run.upkeep.labels": ends(0, 1e12),
            "run.onCall": ends(0, 1e12),
            "benefit.autoRate": ends(0, 1),
            "benefit.minutesSaved": ends(0, 100_000),
            "benefit.hourlyRate": ends(0, 1e12),
        }
    ),
    st.sampled_from([1, 4300, 10**9]),
    st.sampled_from([-0.5, 0.0, 2.0]),
)
def test_whatever_the_file_may_hold_ends_in_finite_figures(
    changes: dict[str, object], requests: int, growth: float
) -> None:
    volume = Volume(requests_per_month=requests, growth_per_month=growth)
    json.dumps(reckoned(changes, volume).model_dump(mode="json"), allow_nan=False)
