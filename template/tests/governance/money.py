"""A synthetic budget for tickets, with invented prices, and ways to change one figure of it."""

import copy
from pathlib import Path
from typing import Any

import yaml

from app.prices import ModelPrice
from poc.engine.contract import Contract, Volume
from poc.engine.yamlfile import read
from poc.money.budget import Budget
from poc.money.forecast import Forecast, forecast
from tests.governance.sample import SAMPLE, today

DAYS = {
    "AUTH": 12, "ERR": 20, "MON": 15, "INT": 35, "PERF": 12, "COMP": 15, "OPS": 15, "DATA": 25,
    "EVAL": 20, "COST": 6, "OWN": 8, "INFRA": 25, "SEC": 15,
}  # fmt: skip

TICKETS: dict[str, Any] = {
    "version": 1,
    "currency": "USD",
    "poc": {"weeks": 4, "cost": 80000},
    "production": {
        "weeks": 14,
        "team": 4,
        "contingency": 0.15,
        "dayRate": 1000,
        "lineItems": {area: {"days": days} for area, days in DAYS.items()},
    },
    "run": {
        "model": {"provider": "openai", "name": "example"},
        "tokens": {
            "mean": {"in": 1900, "cachedShare": 0.5, "out": 220},
            "p95": {"in": 7000, "cachedShare": 0.1, "out": 440},
        },
        "callsPerRequest": 1.3,
        "retryRate": 0.03,
        "retryCap": 2,
        "infrastructure": {"fixed": 391, "per1000": 0.555, "step": {"every": 100000, "cost": 400}},
        "review": {"rate": 0.28, "minutes": 2.5, "hourlyRate": 38},
        "errors": {"perThousand": 8.2, "cost": 5},
        "upkeep": {"labels": 500, "evals": {"runs": 2, "cases": 800}, "engineerDays": 4},
        "onCall": 1000,
    },
    "benefit": {"autoRate": 0.72, "precision": 0.9805, "minutesSaved": 3, "hourlyRate": 38},
}
PRICE: dict[str, Any] = {
    "provider": "openai",
    "model": "example",
    "inPerM": 1.0,
    "cachedInPerM": 0.1,
    "outPerM": 4.0,
    "source": "an invented price list",
}
MONTHLY = Volume(requests_per_month=4300, growth_per_month=0.03)


def data(changes: dict[str, Any]) -> dict[str, Any]:
    """The budget with other figures, by path: `{"run.review.rate": 0.3}`."""
    changed = copy.deepcopy(TICKETS)
    for key, value in changes.items():
        *parents, last = key.split(".")
        node = changed
        for part in parents:
            node = node[part]
        node[last] = value
    return changed


def price(**changes: Any) -> ModelPrice:  # noqa: ANN401
    """The price of the model, checked today."""
    return ModelPrice.model_validate(PRICE | {"checkedOn": today().isoformat()} | changes)


def budget(changes: dict[str, Any] | None = None, **prices: Any) -> Budget:  # noqa: ANN401
    """The budget, priced unless it is offline."""
    made = Budget.model_validate(data(changes or {}))
    return made.priced(None if made.run.model.provider == "offline" else price(**prices))


def reckoned(
    changes: dict[str, Any] | None = None,
    volume: Volume = MONTHLY,
    **prices: Any,  # noqa: ANN401
) -> Forecast:
    """The forecast of the changed budget."""
    return forecast(volume, budget(changes, **prices))


def contract(thresholds: dict[str, float]) -> Contract:
    """The sample contract at the volume of the tickets, with other thresholds by id."""
    sample = read(SAMPLE / "criteria.yaml", Contract)
    criteria = [
        one.model_copy(
            update={
                "objective": one.objective.model_copy(
                    update={"value": thresholds.get(one.id, one.objective.value)}
                )
            }
        )
        for one in sample.criteria
    ]
    return sample.model_copy(update={"criteria": criteria, "volume": MONTHLY})


def write(root: Path, changes: dict[str, Any] | None = None, **prices: Any) -> None:  # noqa: ANN401
    """Write the budget, and prices with caps, into a project."""
    entry = PRICE | {"checkedOn": today().isoformat()} | prices
    currency = entry.pop("currency", "USD")
    table = {"currency": currency, "caps": {"perDay": 5, "perRequest": 1}, "models": [entry]}
    for name, content in (("budget", data(changes or {})), ("prices", table)):
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        (root / "governance" / f"{name}.yaml").write_text(text, "utf-8")
