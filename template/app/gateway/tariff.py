"""What is in force for the chosen model: its price, the caps, and the file that says so."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

from app.gateway.yamlfile import read
from app.prices import ModelPrice, PriceFile, money
from app.settings import SettingsError

# Not a number on purpose: a line that was pasted and not filled in is refused.
_ENTRY = (
    "{{provider: {}, model: {}, inPerM: PRICE, outPerM: PRICE, source: ADDRESS, checkedOn: {}}}"
)


@dataclass(frozen=True, slots=True)
class Tariff:
    """A model's price and the caps; `file` is where a person changes them."""

    price: ModelPrice
    per_day: Decimal
    per_request: Decimal
    currency: str
    file: Path

    def shown(self, amount: Decimal) -> str:
        """An amount as people read it."""
        return money(amount, self.currency)


def load(
    file: Path,
    provider: Literal["openai", "anthropic"],
    model: str,
    max_tokens: int,
    repeats: int = 1,
) -> Tariff:
    """Read what is in force for a model that may answer `repeats` times with `max_tokens`.

    Raises `SettingsError`; for a model without a price with the line to add, since a cap cannot
    hold on costs that nobody knows.
    """
    today = datetime.now(UTC).date()
    entry = _ENTRY.format(provider, json.dumps(model, ensure_ascii=False), today)
    if not file.exists():
        raise SettingsError(
            f"APP_PRICES_FILE: {file} is missing, so nothing would cap what calls cost; bring it"
            " back from the repository's history, or write it with your own figures:"
            "\n  currency: USD\n  caps: {perDay: AMOUNT, perRequest: AMOUNT}"
            f"\n  models:\n    - {entry}"
        )
    prices = read(file, PriceFile)
    found = [one for one in prices.models if (one.provider, one.model) == (provider, model)]
    if not found:
        raise SettingsError(
            f"APP_PRICES_FILE: {file} has no price for {provider} {model}, so nothing would cap"
            " what calls cost; add this line below `models:`, with your prices per million tokens:"
            f"\n  - {entry}"
        )
    caps = prices.caps
    per_day, per_request = Decimal(str(caps.per_day)), Decimal(str(caps.per_request))
    tariff = Tariff(found[0], per_day, per_request, prices.currency, file)
    least = tariff.price.most(0, max_tokens) * repeats
    if least > per_request:
        times = f" {repeats} times (APP_MODEL_REPEATS)" if repeats > 1 else ""
        raise SettingsError(
            f"APP_MODEL_MAX_TOKENS: {max_tokens} tokens{times} alone may cost"
            f" {tariff.shown(least)}, more than caps.perRequest in {file}"
            f" ({tariff.shown(per_request)}), so no call could be made; lower the one or raise the"
            " other"
        )
    return tariff
