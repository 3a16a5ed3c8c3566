"""What was agreed for a criterion, in plain words."""

import math

from poc.engine.contract import MONEY, SHARES, Contract, Criterion
from poc.engine.goalposts import agreed
from poc.pages.words import listed


def threshold(contract: Contract, one: Criterion, currency: str) -> str:
    """What was agreed, how surely it has to be shown and on how many cases, in one phrase."""
    parts = [agreed(one) + _unit(one, currency)]
    if one.objective.bound != "point":
        least = f" on at least {one.objective.min_samples:,} cases"
        parts.append(f"shown with {sureness(contract)} confidence{least}")
    elif one.type in MONEY:
        parts.append("by the budget")
    if one.indicator.slices != ["all"]:
        where = ["overall" if name == "all" else f"in {name}" for name in one.indicator.slices]
        parts.append(f"{listed(where)}{', each' if len(where) > 1 else ''}")
    return ", ".join(parts)


def sureness(contract: Contract) -> str:
    """The confidence of one look in whole per cent, rounded down: it never promises too much."""
    return f"{math.floor(contract.look_confidence * 100 + 1e-9)} %"


def _unit(one: Criterion, currency: str) -> str:
    at: object = (one.indicator.model_extra or {}).get("at")
    where: dict[object, str] = {
        "1x": " at the expected volume",
        "10x": " at 10 times the volume",
        "100x": " at 100 times the volume",
        "forecast_12m": " at the volume forecast in a year",
    }
    if one.type in MONEY:
        return f" {currency} a month{where.get(at, '')}"
    if one.type == "unit_cost":
        return f" {currency} a request"
    if one.type == "severity_cost":
        return f" {currency} per 1,000 requests"
    if one.type == "integration":
        return " in a row"
    return " of cases" if one.type in SHARES else ""
