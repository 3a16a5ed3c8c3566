"""The forecast: a month at three volumes, production, and whether it pays."""

from collections.abc import Sequence

from poc.engine.contract import Contract, Volume
from poc.engine.yamlfile import Strict
from poc.money import goals
from poc.money.budget import Budget
from poc.money.changes import Change, changes, out_of_reach
from poc.money.costs import Column, break_even, column, rates
from poc.money.goals import IN_A_YEAR, PAYS, TIMES, Goal
from poc.money.ratios import Ratio, cost_ratio, production_cost, time_ratio, uncovered

# Less than this a month brings nothing back.
CENT = 0.01

__all__ = ["Change", "Column", "Forecast", "Ratio", "forecast", "forecast_for"]


class Forecast(Strict):
    """Amounts are in `currency`, those of columns a month.

    `break_even` is in requests a month, None when no volume pays. `payback_months` is how long the
    net of the twelfth month takes to bring back POC and production, None when it brings nothing.
    `changes` are single changes that reach a goal that is missed; `out_of_reach` are inputs that
    by themselves never would.
    """

    currency: str
    columns: list[Column]
    in_a_year: Column
    volume_12m: int
    net_12m: float
    break_even: int | None
    payback_months: float | None
    poc_cost: float
    production_cost: float
    production_weeks: float
    cost_ratio: Ratio
    time_ratio: Ratio
    uncovered_areas: list[str]
    changes: list[Change]
    out_of_reach: list[str] = []

    def metric(self, name: str, at: str | None) -> float | None:
        """A figure by the name criteria give it, at "1x" unless `at` says; None for an unknown."""
        wanted = at or "1x"
        found = next((c for c in [*self.columns, self.in_a_year] if c.label == wanted), None)
        return None if found is None else goals.metric(name, found)


def forecast(volume: Volume, budget: Budget, wanted: Sequence[Goal] = (PAYS,)) -> Forecast:
    """Reckon a budget through at a volume. No I/O and no clock.

    Raises `Refused` when the budget names a model and its price was not read.
    """
    of = rates(budget)
    year = column(of, IN_A_YEAR, goals.volume_at(volume, IN_A_YEAR))
    invested = budget.poc.cost + production_cost(budget)
    return Forecast(
        currency=budget.currency,
        columns=[column(of, label, goals.volume_at(volume, label)) for label in TIMES],
        in_a_year=year,
        volume_12m=year.volume,
        net_12m=year.net,
        break_even=break_even(of),
        payback_months=invested / year.net if year.net >= CENT else None,
        poc_cost=budget.poc.cost,
        production_cost=production_cost(budget),
        production_weeks=budget.production.weeks,
        cost_ratio=cost_ratio(budget),
        time_ratio=time_ratio(budget),
        uncovered_areas=list(uncovered(budget)),
        changes=changes(volume, budget, wanted),
        out_of_reach=out_of_reach(volume, budget, wanted),
    )


def forecast_for(contract: Contract, budget: Budget) -> Forecast:
    """The forecast, with changes for every goal on money that the contract sets."""
    return forecast(contract.volume, budget, goals.goals(contract))
