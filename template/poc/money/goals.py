"""The figures of money the contract asks for, and whether a budget reaches them."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from poc.engine.contract import MONEY, Contract, Op, Volume
from poc.money.budget import Budget
from poc.money.costs import Column, column, rates

# How many times the volume of the contract each column has.
TIMES = {"1x": 1, "10x": 10, "100x": 100}
IN_A_YEAR = "forecast_12m"

_FIGURES: dict[str, Callable[[Column], float]] = {
    "monthly_cost": lambda one: one.total,
    "net_value_month": lambda one: one.net,
    "cost_per_request": lambda one: one.per_request,
}


class Goal(NamedTuple):
    """A threshold for a figure of the forecast; `id` names the criterion, if one asks for it."""

    metric: str
    at: str
    op: Op
    value: float
    id: str = ""

    def reached(self, figure: float) -> bool:
        """True when the figure lies on the agreed side."""
        return {
            "gte": figure >= self.value,
            "gt": figure > self.value,
            "lte": figure <= self.value,
            "lt": figure < self.value,
        }[self.op]

    def figure(self, volume: Volume, budget: Budget) -> float:
        """The figure for a budget."""
        found = metric(self.metric, column(rates(budget), self.at, volume_at(volume, self.at)))
        assert found is not None  # noqa: S101 - a goal has a metric that is known
        return found


# What pays is asked of every budget, whether a criterion says so or not.
PAYS = Goal("net_value_month", IN_A_YEAR, "gt", 0.0)


def metric(name: str, of: Column) -> float | None:
    """A figure of a column by the name criteria give it; None for a name nobody computes."""
    figure = _FIGURES.get(name)
    return None if figure is None else figure(of)


def volume_at(volume: Volume, at: str) -> int:
    """Requests a month at "1x", "10x", "100x", or in twelve months at the growth expected."""
    if at in TIMES:
        return volume.requests_per_month * TIMES[at]
    return round(volume.requests_per_month * (1 + volume.growth_per_month) ** 12)


def goals(contract: Contract) -> list[Goal]:
    """What the criteria on cost and value ask for; that it pays in a year, where none does."""
    found = list(_asked(contract))
    return found if any(one.metric == PAYS.metric for one in found) else [PAYS, *found]


def _asked(contract: Contract) -> Iterator[Goal]:
    for one in contract.criteria:
        at = str(one.indicator.conditions().get("at") or "1x")
        if one.type in MONEY and one.indicator.metric in _FIGURES and at in (*TIMES, IN_A_YEAR):
            goal = one.objective
            yield Goal(one.indicator.metric, at, goal.op, goal.value, one.id)
