"""Reads `governance/budget.yaml` together with the price of its model in `prices.yaml`."""

from datetime import date
from pathlib import Path

from pydantic import ValidationError

from app.prices import STALE_DAYS, ModelPrice, PriceFile
from poc.engine.problems import InvalidFile, Refused
from poc.engine.yamlfile import parse, read
from poc.money.budget import Budget
from poc.money.running import Chosen

BUDGET = "governance/budget.yaml"
PRICES = "governance/prices.yaml"


def load(root: Path) -> Budget:
    """The budget, priced. Raises `InvalidFile` with the mistakes of both files."""
    try:
        budget = read(root / BUDGET, Budget, BUDGET)
    except InvalidFile as error:
        raise InvalidFile(*error.lines, *_mistakes_in_prices(root)) from None
    return priced(root, budget)


def priced(root: Path, budget: Budget) -> Budget:
    """A budget with the price of its model.

    Raises `InvalidFile` when there is none, or when the two files are in different currencies.
    """
    table = prices(root)
    _same_currency(root, budget, table)
    if budget.run.model.provider == "offline":
        return budget.priced(None)
    price = _price(table, budget.run.model)
    if price is None:
        place = _place(root, BUDGET, "run", "model")
        raise InvalidFile(f"{place}: run.model: {_no_price(table, budget.run.model)}")
    return budget.priced(price)


def with_model(root: Path, budget: Budget, wanted: str) -> Budget:
    """The budget with another model, as `offline` or `provider:name`. Raises `Refused`."""
    provider, _, name = wanted.partition(":")
    try:
        model = Chosen.model_validate({"provider": provider, "name": name})
    except ValidationError:
        raise Refused(
            f"{wanted!r} is no model; write offline, or provider and name such as openai:NAME."
        ) from None
    run = budget.run.model_copy(update={"model": model})
    changed = budget.model_copy(update={"run": run})
    table = prices(root)
    _same_currency(root, budget, table)
    price = _price(table, model)
    if price is None and model.provider != "offline":
        raise Refused(_no_price(table, model))
    return changed.priced(price)


def prices(root: Path) -> PriceFile | None:
    """The prices and caps, None where the file is missing. Raises `InvalidFile`."""
    path = root / PRICES
    return read(path, PriceFile, PRICES) if path.exists() else None


def stale(price: ModelPrice | None, today: date) -> str:
    """What to do about a price checked too long ago, or in the future; empty when it is fresh."""
    if price is None or not price.stale(today):
        return ""
    name = f"{price.provider}:{price.model}"
    if price.checked_on > today:
        return (
            f"The price of {name} is dated {price.checked_on}, which is still to come: mend"
            f" checkedOn in {PRICES}."
        )
    return (
        f"The price of {name} was checked {price.age_days(today)} days ago and is stale after"
        f" {STALE_DAYS}: check it at {price.source} and set checkedOn in {PRICES}."
    )


def _price(table: PriceFile | None, model: Chosen) -> ModelPrice | None:
    known = table.models if table else []
    wanted = (model.provider, model.name)
    return next((one for one in known if (one.provider, one.model) == wanted), None)


def _no_price(table: PriceFile | None, model: Chosen) -> str:
    if table is None:
        return f"{PRICES} is missing; bring it back from the repository's history."
    known = ", ".join(f"{one.provider}:{one.model}" for one in table.models)
    return (
        f"{PRICES} has no price for {model}; add it there"
        + (f", or choose one of {known}" if known else "")
        + "."
    )


def _same_currency(root: Path, budget: Budget, table: PriceFile | None) -> None:
    if table is not None and table.currency != budget.currency:
        raise InvalidFile(
            f"{_place(root, BUDGET, 'currency')}: currency: is {budget.currency} here and"
            f" {table.currency} in {_place(root, PRICES, 'currency')}; write all amounts of both"
            " files in one currency."
        )


def _mistakes_in_prices(root: Path) -> tuple[str, ...]:
    try:
        prices(root)
    except InvalidFile as error:
        return tuple(error.lines)
    return ()


def _place(root: Path, shown: str, *key: str) -> str:
    return f"{shown}:{parse(root / shown, shown)[1].get(key, 1)}"
