"""Production against the proof of concept, in money and time, and what the ratio says."""

from typing import Literal

from poc.engine.yamlfile import Strict
from poc.money.budget import AREAS, Area, Budget

Band = Literal["red", "amber", "green"]
DAYS_A_WEEK = 5


class Ratio(Strict):
    """A ratio, its band, and what it means."""

    value: float
    band: Band
    sentence: str


def production_cost(budget: Budget) -> float:
    """Sum of days x day rate x (1 + contingency)."""
    return work_days(budget) * budget.production.day_rate * (1 + budget.production.contingency)


def work_days(budget: Budget) -> float:
    """Days of work of all areas, without contingency."""
    return sum(item.days for item in budget.production.line_items.values())


def uncovered(budget: Budget) -> list[Area]:
    """Areas with neither days nor an item that is said to cover them."""
    items = budget.production.line_items
    return [area for area in AREAS if not items[area].days and not items[area].covered_by]


def cost_ratio(budget: Budget) -> Ratio:
    """Cost of production over cost of the POC: red under 2, green from 2.5 to 5, else amber."""
    value = _exact(production_cost(budget) / budget.poc.cost)
    says = f"Production costs {value:.2f} times the POC"
    band, meaning = _cost_band(value)
    if missing := uncovered(budget):
        return Ratio(
            value=value,
            band="red",
            sentence=f"{says}, but nothing is planned for {', '.join(missing)}.",
        )
    if not budget.production.day_rate:
        return Ratio(
            value=value,
            band="red",
            sentence=f"{says}, because dayRate is 0; write what a day costs, your own people too.",
        )
    return Ratio(value=value, band=band, sentence=f"{says}: {meaning}.")


def time_ratio(budget: Budget) -> Ratio:
    """Weeks to production over weeks of the POC: amber under 3; red when the work does not fit."""
    plan = budget.production
    value = _exact(plan.weeks / budget.poc.weeks)
    room, work = plan.weeks * plan.team * DAYS_A_WEEK, work_days(budget)
    if _exact(work) > _exact(room):
        people = "1 person" if plan.team == 1 else f"{plan.team:g} people"
        return Ratio(
            value=value,
            band="red",
            sentence=(
                f"The timeline does not hold: {work:,.6g} days of work do not fit into"
                f" {plan.weeks:g} weeks of {people}, which are {room:,.6g} days."
            ),
        )
    says = f"Production takes {value:.2f} times as long as the POC"
    if value < 3:
        return Ratio(
            value=value,
            band="amber",
            sentence=f"{says}: that is short; 3 times and more is usual.",
        )
    return Ratio(value=value, band="green", sentence=f"{says}: that is usual.")


def _cost_band(value: float) -> tuple[Band, str]:
    if value < 2:
        return "red", "under 2 times, the work that makes it hold up has been left out"
    if value < 2.5:
        return "amber", "that is little; 2.5 to 5 times is usual"
    if value <= 5:
        return "green", "that is within the usual 2.5 to 5 times"
    return "amber", "that is a lot; over 5 times, look at the scope"


def _exact(value: float) -> float:
    """Without the last digits, so that 80,000 x 1.15 x 2 falls on the side a reader expects."""
    return round(value, 9)
