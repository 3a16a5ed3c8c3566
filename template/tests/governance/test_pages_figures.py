"""Synthetic figures for the pages' tests: the docs' worked example, and a scored checklist."""

from datetime import date
from typing import Any, cast

from poc.checklist.attestations import Acceptance
from poc.checklist.catalogue import Checklist
from poc.checklist.scorecard import ItemScore, Scorecard
from poc.engine.yamlfile import read
from poc.money.costs import Column
from poc.money.forecast import Change, Forecast, Ratio
from tests.governance.sample import TEMPLATE


def forecast(net: float = -2109.0) -> Forecast:
    """The worked example of the docs."""
    rows = {
        "1x": (4300, 11, 1906, 176, 5898, 7991, 8116, 5882, net),
        "10x": (43000, 111, 19063, 1763, 5919, 26856, 28109, 58824, 31968),
        "100x": (430000, 1108, 190633, 17630, 7734, 217105, 229631, 588240, 371135),
        "forecast_12m": (6131, 16, 2718, 251, 5900, 8885, 9060, 8387, -498),
    }
    columns = [_column(label, *map(float, row)) for label, row in rows.items()]
    return Forecast(
        currency="USD",
        columns=columns[:3],
        in_a_year=columns[3],
        volume_12m=6131,
        net_12m=-498.0,
        break_even=6695,
        payback_months=None,
        poc_cost=80_000.0,
        production_cost=256_450.0,
        production_weeks=14.0,
        cost_ratio=Ratio(value=3.2, band="green", sentence="Production costs 3.2 times the POC."),
        time_ratio=Ratio(value=3.5, band="green", sentence="Production takes 3.5 times as long."),
        uncovered_areas=[],
        changes=[
            Change(
                input="upkeep.engineerDays",
                now=4,
                needed=1.9,
                sentence="upkeep of 1.9 days a month instead of 4.",
            ),
            Change(
                input="benefit.minutesSaved",
                now=3,
                needed=4.1,
                sentence="4.1 minutes saved a ticket instead of 3.",
            ),
        ],
    )


def _column(label: str, volume: float, *row: float) -> Column:
    model, review, errors, rest, total, worst, benefit, net = row
    return Column(
        label=label,
        volume=int(volume),
        model=model,
        review=review,
        errors=errors,
        infrastructure=0,
        upkeep=rest,
        total=total,
        worst=worst,
        worst_model=model * 12,
        per_request=total / volume,
        per_success=None,
        benefit=benefit,
        net=net,
    )


def accepted() -> Acceptance:
    return Acceptance(
        person="Bea Katz", role="budget", on=date(2026, 10, 5), expires=date(2027, 1, 3)
    )


def checklist() -> Checklist:
    return read(TEMPLATE / "governance" / "checklist.yaml", Checklist)


def scorecard(level: str = "none", **outcomes: str) -> Scorecard:
    """The items, passed up to a level and unknown above. `outcomes` by id: `AUTH_1="fail"`."""
    order = ["none", "poc", "pilot", "production"]
    items, missing = [], []
    for item in checklist().items:
        done = order.index(item.level) <= order.index(level)
        outcome = outcomes.get(item.id.replace("-", "_"), "pass" if done else "unknown")
        if order.index(item.level) == order.index(level) + 1 and outcome != "pass":
            missing.append(item.id)
        items.append(
            ItemScore(
                id=item.id,
                level=item.level,
                area=item.id.partition("-")[0],
                weight=item.weight,
                statement=item.statement,
                outcome=cast("Any", outcome),
                credit=1.0 if outcome == "pass" else 0.0,
                detail="Synthetic.",
                owner=item.owner,
                in_release=done or item.in_release,
                expires=date(2026, 12, 20) if item.id == "OWN-1" and done else None,
            )
        )
    done_weight = sum(one.weight for one in items if one.credit)
    return Scorecard(
        score=round(100 * done_weight / sum(one.weight for one in items), 1),
        level=cast("Any", level),
        starred="waived" in outcomes.values(),
        weakest_area="COMP",
        weakest_score=0.0,
        items=items,
        next_level_missing=missing,
    )
