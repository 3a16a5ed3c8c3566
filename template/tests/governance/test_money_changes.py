"""What would change the answer: every change offered works, is possible, and is the least."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poc.engine.contract import Op, Volume
from poc.money.budget import Budget
from poc.money.changes import Change, changes, out_of_reach
from poc.money.forecast import forecast_for
from poc.money.goals import PAYS, Goal
from poc.money.levers import LEVERS, value, with_value
from tests.governance.money import MONTHLY, budget, contract, reckoned

NOW = Goal("net_value_month", "1x", "gt", 0.0)
CHEAP = Goal("monthly_cost", "1x", "lte", 7000.0, "COST-1")
SMALLEST = {one.key: one.step for one in LEVERS}

steady = settings(deadline=None, derandomize=True, max_examples=150)


def found(goal: Goal, these: dict[str, Any] | None = None) -> dict[str, Change]:
    return {one.input: one for one in changes(MONTHLY, budget(these), [goal])}


def test_what_would_make_the_example_pay_in_a_year() -> None:
    assert {one.input: one.needed for one in reckoned().changes} == {
        "benefit.minutesSaved": 3.2,
        "benefit.autoRate": 0.763,
        "run.review.rate": 0.228,
        "run.review.minutes": 2.0,
        "run.upkeep.engineerDays": 3.5,
        "run.upkeep.labels": 3,
        "run.onCall": 503,
        "volume.requestsPerMonth": 4696,
        "volume.growthPerMonth": 0.038,
    }


def test_what_would_make_the_example_pay_today() -> None:
    offered = found(NOW)
    assert offered["benefit.minutesSaved"].needed == 4.1
    assert offered["benefit.autoRate"].needed == 0.979
    assert offered["run.upkeep.engineerDays"].needed == 1.8
    assert offered["volume.requestsPerMonth"].needed == 6695
    assert "run.review.minutes" not in offered
    assert "run.callsPerRequest" not in offered
    assert "volume.growthPerMonth" not in offered


def test_inputs_that_could_never_do_it_are_named() -> None:
    assert reckoned().out_of_reach == ["errors", "fixed infrastructure", "tokens"]
    assert "review" in out_of_reach(MONTHLY, budget(), [NOW])


def test_a_change_is_told_in_plain_words() -> None:
    offered = found(PAYS)
    assert offered["benefit.autoRate"].sentence == ("76.3 % instead of 72 % done without a person.")
    assert offered["run.onCall"].sentence == "503 instead of 1,000 for on-call a month."
    assert offered["volume.growthPerMonth"].sentence == (
        "3.8 % instead of 3.0 % more requests each month."
    )


def test_calls_are_also_told_as_a_price_of_tokens() -> None:
    dear = found(CHEAP._replace(value=7985.0))["run.callsPerRequest"]
    assert dear.needed == 0.76
    assert "0.76 instead of 1.30" in dear.sentence
    assert "tokens at 58 % of their price" in dear.sentence


def test_a_limit_on_cost_is_not_met_by_saving_more() -> None:
    offered = found(CHEAP)
    assert offered
    assert not [name for name in offered if name.startswith(("benefit.", "volume."))]
    assert all(one.goal == "COST-1" for one in offered.values())
    assert "automatic requests" not in out_of_reach(MONTHLY, budget(), [CHEAP])


def test_more_has_to_come_in_where_more_is_asked_than_to_pay() -> None:
    offered = found(Goal("net_value_month", "1x", "gte", 500.0))
    assert offered["volume.requestsPerMonth"].needed == 7263


def test_a_volume_is_offered_only_where_it_is_known_to_be_the_least() -> None:
    offered = found(Goal("cost_per_request", "1x", "lte", 1.5))
    assert offered
    assert "volume.requestsPerMonth" not in offered


@pytest.mark.parametrize(
    ("op", "reached"),
    [("gte", (0, 1, 1)), ("gt", (0, 0, 1)), ("lte", (1, 1, 0)), ("lt", (1, 0, 0))],
)
def test_a_goal_is_reached_on_its_side(op: Op, reached: tuple[int, ...]) -> None:
    goal = Goal("monthly_cost", "1x", op, 7.0)
    assert tuple(goal.reached(figure) for figure in (6.9, 7.0, 7.1)) == reached


def test_a_goal_that_is_reached_asks_for_no_change() -> None:
    assert reckoned({"benefit.minutesSaved": 6}).changes == []
    assert reckoned({"benefit.minutesSaved": 6}).out_of_reach == []


def test_a_day_that_costs_nothing_cannot_be_saved() -> None:
    free = found(PAYS, {"production.dayRate": 0, "benefit.minutesSaved": 1})
    assert free
    assert "run.upkeep.engineerDays" not in free


def test_without_any_benefit_only_more_benefit_helps() -> None:
    offered = found(PAYS, {"benefit.minutesSaved": 0})
    assert list(offered) == ["benefit.minutesSaved"]
    assert offered["benefit.minutesSaved"].now == 0


def test_the_goals_of_the_contract_are_solved_for_each() -> None:
    money = forecast_for(contract({"COST-1": 7000}), budget())
    assert {one.goal for one in money.changes} == {"COST-1", "VAL-1"}


INPUTS: dict[str, st.SearchStrategy[float]] = {
    "benefit.minutesSaved": st.floats(0, 20),
    "benefit.autoRate": st.floats(0, 1),
    "run.review.rate": st.floats(0, 1),
    "run.review.minutes": st.floats(0, 10),
    "run.upkeep.engineerDays": st.floats(0, 10),
    "run.upkeep.labels": st.floats(0, 3000),
    "run.errors.perThousand": st.floats(0, 100),
    "run.infrastructure.fixed": st.floats(0, 3000),
    "run.onCall": st.floats(0, 3000),
}
GOALS = st.sampled_from(["1x", "10x", "forecast_12m"]).flatmap(
    lambda at: st.sampled_from(
        [
            Goal("net_value_month", at, "gt", 0.0),
            Goal("net_value_month", at, "gte", 500.0),
            Goal("monthly_cost", at, "lte", 9000.0),
            Goal("monthly_cost", at, "lt", 60000.0),
        ]
    )
)


@steady
@given(st.fixed_dictionaries(INPUTS), GOALS, st.integers(1, 30000), st.floats(-0.2, 0.2))
def test_every_change_offered_is_possible_works_and_is_the_least(
    inputs: dict[str, float], goal: Goal, requests: int, growth: float
) -> None:
    volume = Volume(requests_per_month=requests, growth_per_month=growth)
    start = budget(inputs)
    for one in changes(volume, start, [goal]):
        assert goal.reached(goal.figure(*applied(volume, start, one, one.needed)))
        back = one.needed - (one.needed > one.now or -1) * SMALLEST.get(one.input, 0)
        if one.input in SMALLEST:
            if "Rate" in one.input or one.input.endswith(".rate"):
                assert 0 <= one.needed <= 1
            assert one.needed >= 0
            if (back - one.now) * (one.needed - one.now) > 0:
                assert not goal.reached(goal.figure(*applied(volume, start, one, back)))


@steady
@given(st.fixed_dictionaries(INPUTS), GOALS)
def test_what_is_called_out_of_reach_is(inputs: dict[str, float], goal: Goal) -> None:
    start = budget(inputs)
    named = out_of_reach(MONTHLY, start, [goal])
    for lever in LEVERS:
        if lever.name in named and lever.name != "review":
            best = with_value(start, lever.key, lever.best)
            assert not goal.reached(goal.figure(MONTHLY, best))


def applied(volume: Volume, start: Budget, one: Change, number: float) -> tuple[Volume, Budget]:
    """Volume and budget with one change made."""
    if one.input == "volume.requestsPerMonth":
        return volume.model_copy(update={"requests_per_month": int(number)}), start
    if one.input == "volume.growthPerMonth":
        return volume.model_copy(update={"growth_per_month": number}), start
    assert value(start, one.input) == one.now
    return volume, with_value(start, one.input, number)
