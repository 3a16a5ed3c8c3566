"""Money as the pages show it: per month at three volumes, to build it, and whether it pays."""

from typing import TYPE_CHECKING, Any

from poc.pages.words import amount, count, money

if TYPE_CHECKING:
    from datetime import date

    from poc.checklist.attestations import Acceptance
    from poc.engine.governance import Governance
    from poc.money.forecast import Forecast, Ratio

# A band is told by its sign and its word; colour adds nothing.
_BANDS = {"red": "✗ red", "amber": "! amber", "green": "✓ green"}


def table(forecast: "Forecast", accepted: "Acceptance | None") -> dict[str, Any]:
    """Column heads, rows of figures, and the sentences below them."""
    columns = forecast.columns
    rows = {
        "Cost": [amount(one.total) for one in columns],
        "Worst case": [amount(one.worst) for one in columns],
        "Benefit": [amount(one.benefit) for one in columns],
        "Net": [amount(one.net) for one in columns],
    }
    return {
        "currency": forecast.currency,
        "heads": [f"{one.label}: {one.volume:,}" for one in columns],
        "rows": list(rows.items()),
        "production": money(forecast.production_cost, forecast.currency),
        "poc": money(forecast.poc_cost, forecast.currency),
        "weeks": f"{amount(forecast.production_weeks)} weeks",
        "cost_ratio": _ratio(forecast.cost_ratio),
        "time_ratio": _ratio(forecast.time_ratio),
        "warnings": [
            one.sentence
            for one in (forecast.cost_ratio, forecast.time_ratio)
            if one.band != "green"
        ],
        "pays": _pays(forecast),
        "status": status(accepted),
        "example": accepted is None,
    }


def status(accepted: "Acceptance | None") -> str:
    """Whether the figures may be relied on."""
    if accepted is None:
        return "example figures, not accepted"
    return f"accepted by {accepted.person} on {accepted.on}, until {accepted.expires}"


def built(forecast: "Forecast") -> str:
    """What it takes to build it, in one sentence."""
    cost = money(forecast.production_cost, forecast.currency)
    return f"To build it: {cost}, {_ratio(forecast.cost_ratio)}."


def accepted(governance: "Governance", today: "date") -> "Acceptance | None":
    """Who accepted the budget as it stands; None when nobody did."""
    from poc.checklist.attestations import budget_accepted

    return budget_accepted(governance.budget, governance.owners, governance.attestations, today)


def _ratio(ratio: "Ratio") -> str:
    return f"{ratio.value:.1f} times the POC ({_BANDS[ratio.band]})"


def _pays(forecast: "Forecast") -> str:
    """From how many requests on it pays, and how many are forecast."""
    in_a_year = f"{forecast.volume_12m:,} are forecast in a year"
    if forecast.break_even is None:
        return f"No volume makes it pay; {in_a_year.replace('are', 'requests a month are', 1)}."
    back = ""
    if forecast.payback_months is not None:
        months = count(max(round(forecast.payback_months), 1), "month")
        back = f" The money is back after about {months}."
    return f"Break-even is at {forecast.break_even:,} requests a month; {in_a_year}.{back}"
