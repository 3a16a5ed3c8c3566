"""`governance/budget.yaml`: what the POC, production and each month cost, and what is saved."""

from typing import Annotated, Literal, get_args

from pydantic import Field, PrivateAttr, model_validator

from app.prices import ModelPrice
from poc.engine.problems import Refused
from poc.engine.yamlfile import Strict
from poc.money.running import Amount, Minutes, Run, Share

Area = Literal[
    "AUTH",
    "ERR",
    "MON",
    "INT",
    "PERF",
    "COMP",
    "OPS",
    "DATA",
    "EVAL",
    "COST",
    "OWN",
    "INFRA",
    "SEC",
]
AREAS: tuple[Area, ...] = get_args(Area)
Some = Annotated[float, Field(strict=True, ge=1, le=1e12)]
Weeks = Annotated[float, Field(strict=True, ge=0.1, le=1000)]
ItemId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,11}-[1-9][0-9]?$")]


class Poc(Strict):
    """The proof of concept itself: its length, and all it costs."""

    weeks: Weeks
    cost: Some


class LineItem(Strict):
    """Work on one area. `covered_by` names checklist items that prove it is done already."""

    days: Annotated[float, Field(strict=True, ge=0, le=100_000)]
    covered_by: list[ItemId] = []


class Production(Strict):
    """From a GO to going live. `team` is people at work on it full time."""

    weeks: Weeks
    team: Annotated[float, Field(strict=True, gt=0, le=10_000)]
    contingency: Annotated[float, Field(strict=True, ge=0, le=5)]
    day_rate: Amount
    line_items: dict[Area, LineItem]

    @model_validator(mode="after")
    def _every_area_once(self) -> "Production":
        missing = [area for area in AREAS if area not in self.line_items]
        if missing:
            raise ValueError(
                f"{', '.join(missing)} missing; each of the {len(AREAS)} areas needs a line, with"
                " days: 0 where nothing is to be done"
            )
        for area, item in self.line_items.items():
            for name in item.covered_by:
                if name.split("-")[0] not in (area, "CUSTOM"):
                    raise ValueError(
                        f"{area} is said to be covered by {name}, which is not an item of {area}"
                    )
        return self


class Benefit(Strict):
    """What it saves: `auto_rate` of requests need no person, each saving `minutes_saved`."""

    auto_rate: Share
    precision: Share
    minutes_saved: Minutes
    hourly_rate: Amount


class Budget(Strict):
    """The whole file. The model's price comes from `prices.yaml` and is no part of its digest."""

    version: Literal[1]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")]
    poc: Poc
    production: Production
    run: Run
    benefit: Benefit

    _price: ModelPrice | None = PrivateAttr(default=None)

    def priced(self, price: ModelPrice | None) -> "Budget":
        """This budget with the price of its model; None for offline."""
        copy = self.model_copy()
        copy._price = price
        return copy

    @property
    def price(self) -> ModelPrice | None:
        """The price of its model, None offline. Raises `Refused` when it has not been read."""
        if self.run.model.provider == "offline":
            return None
        if self._price is None:
            raise Refused(
                f"governance/budget.yaml reckons with {self.run.model}, and its price was not read"
                " from governance/prices.yaml."
            )
        return self._price
