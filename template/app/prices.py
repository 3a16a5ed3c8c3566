"""What calls of models cost and may cost: `governance/prices.yaml`, and the arithmetic on it.

Cheap to import, so that other tools read the same file. Amounts are `Decimal`, exact to far
below the smallest price, in the currency of the file.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import InitErrorDetails, PydanticCustomError

STALE_DAYS = 45
# No call has more; a server that counts nonsense must not overflow the ledger of the day.
MOST_TOKENS = 10**8

Price = Annotated[float, Field(strict=True, ge=0, le=10_000, allow_inf_nan=False)]
Amount = Annotated[float, Field(strict=True, gt=0, le=1_000_000, allow_inf_nan=False)]


def _day(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value
    raise ValueError("write the date as YYYY-MM-DD")


class Strict(BaseModel):
    """A value that does not change; keys are written in camelCase and unknown ones refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)


class Caps(Strict):
    """The most that calls may cost, in the currency of the file; nothing switches it off.

    `perDay` holds for a day in UTC and all processes on one database, `perRequest` for one case.
    """

    per_day: Amount
    per_request: Amount

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.per_request > self.per_day:
            raise ValueError("perRequest is more than perDay, so no call could ever cost it")
        return self


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call; those read from a cache or written to it are among `tokens_in`."""

    tokens_in: int = 0
    tokens_out: int = 0
    cached_in: int = 0
    written_in: int = 0


class ModelPrice(Strict):
    """The price of one model, per million tokens, where it was found and when.

    `model` is the exact name. `cachedInPerM` is for input that the provider had in its cache,
    `cacheWriteInPerM` for input that it put there; both are `inPerM` where left out.
    """

    provider: Literal["openai", "anthropic"]
    model: Annotated[str, Field(pattern=r"^\S(.*\S)?$")]
    in_per_m: Price
    cached_in_per_m: Price | None = None
    cache_write_in_per_m: Price | None = None
    out_per_m: Price
    source: Annotated[str, Field(pattern=r"\S")]
    checked_on: Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]

    def cost(self, used: Usage) -> Decimal:
        """What a call with this usage cost."""
        tokens_in, tokens_out = _count(used.tokens_in), _count(used.tokens_out)
        cached = min(_count(used.cached_in), tokens_in)
        written = min(_count(used.written_in), tokens_in - cached)
        plain, read_price, write_price = self._in_prices()
        total = (tokens_in - cached - written) * plain + tokens_out * _exact(self.out_per_m)
        return (total + cached * read_price + written * write_price).scaleb(-6)

    def most(self, tokens_in: int, tokens_out: int) -> Decimal:
        """The most that a call of so many tokens can cost, whatever a cache does."""
        return (tokens_in * max(self._in_prices()) + tokens_out * _exact(self.out_per_m)).scaleb(-6)

    def age_days(self, today: date) -> int:
        """Days since somebody checked the figures."""
        return (today - self.checked_on).days

    def stale(self, today: date) -> bool:
        """True when the check is too long ago, or dated in the future."""
        return not 0 <= self.age_days(today) <= STALE_DAYS

    def _in_prices(self) -> tuple[Decimal, Decimal, Decimal]:
        """Plain input, input read from a cache, input written to one."""
        others = (self.cached_in_per_m, self.cache_write_in_per_m)
        plain = _exact(self.in_per_m)
        read_price, write_price = (plain if one is None else _exact(one) for one in others)
        return plain, read_price, write_price


class PriceFile(Strict):
    """`governance/prices.yaml`."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")]
    caps: Caps
    models: list[ModelPrice]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        seen: set[tuple[str, str]] = set()
        for place, one in enumerate(self.models):
            name = (one.provider, one.model)
            if name in seen:
                kind = PydanticCustomError("twice", "has a price above already; keep one of both")
                row = InitErrorDetails(type=kind, loc=("models", place), input=" ".join(name))
                raise ValidationError.from_exception_data("prices", [row])
            seen.add(name)
        return self


def money(amount: Decimal | float, currency: str) -> str:
    """`0.0004 USD`: four decimals, and two digits of whatever is smaller."""
    value = Decimal(str(amount))
    if 0 < abs(value) < Decimal("0.0001"):
        value = value.quantize(Decimal(1).scaleb(value.adjusted() - 1))
    else:
        value = value.quantize(Decimal("0.0001"))
    return f"{value.normalize():f} {currency}"


def _count(tokens: int) -> int:
    return min(max(tokens, 0), MOST_TOKENS)


def _exact(price: float) -> Decimal:
    return Decimal(str(price))
