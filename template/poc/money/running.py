"""What a month costs to run: the part `run` of `governance/budget.yaml`."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from poc.engine.yamlfile import Strict

Provider = Literal["offline", "openai", "anthropic"]

# The upper ends keep every sum finite; nothing real comes near them.
Amount = Annotated[float, Field(strict=True, ge=0, le=1e12)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Minutes = Annotated[float, Field(strict=True, ge=0, le=100_000)]
Tokens = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]


class Call(Strict):
    """Tokens of one call of the model; `cached_share` of those in come from its cache."""

    tokens_in: Annotated[Tokens, Field(alias="in")]
    cached_share: Share = 0.0
    out: Tokens


class TokenUse(Strict):
    """A usual call, and one of the largest: 95 of 100 are smaller."""

    mean: Call
    p95: Call

    @model_validator(mode="after")
    def _large_is_large(self) -> "TokenUse":
        if self.p95.tokens_in < self.mean.tokens_in or self.p95.out < self.mean.out:
            raise ValueError("p95 is less than mean; the largest calls cannot be the smaller ones")
        return self


class Chosen(Strict):
    """The model the forecast reckons with; its price stands in `prices.yaml`."""

    provider: Provider
    name: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _named(self) -> "Chosen":
        if (self.provider == "offline") == bool(self.name.strip()):
            raise ValueError(
                "offline has no model; leave name empty"
                if self.provider == "offline"
                else f"write the model's name as prices.yaml lists it below {self.provider}"
            )
        return self

    def __str__(self) -> str:
        return f"{self.provider}:{self.name}" if self.name else self.provider


class Step(Strict):
    """Each further `every` requests a month need something that costs `cost` a month."""

    every: Annotated[int, Field(strict=True, ge=1, le=10**12)]
    cost: Amount


class Infrastructure(Strict):
    """A month of hosting, stores and tools: fixed, by thousand requests, and in steps."""

    fixed: Amount
    per1000: Amount = 0.0
    step: Step | None = None


class Review(Strict):
    """People who decide what the service does not: `rate` of requests, each for `minutes`."""

    rate: Share
    minutes: Minutes
    hourly_rate: Amount


class Errors(Strict):
    """Errors that reach somebody, of a thousand requests, and what one costs on average."""

    per_thousand: Annotated[float, Field(strict=True, ge=0, le=1000)]
    cost: Amount


class EvalRuns(Strict):
    """Evaluations a month; each asks the model once for every case."""

    runs: Annotated[float, Field(strict=True, ge=0, le=100_000)]
    cases: Annotated[int, Field(strict=True, ge=0, le=10_000_000)]


class Upkeep(Strict):
    """A month of keeping it good: labels as an amount, evaluation runs, days of engineers."""

    labels: Amount
    evals: EvalRuns
    engineer_days: Annotated[float, Field(strict=True, ge=0, le=10_000)]


class Run(Strict):
    """What a month costs. `retry_rate` is retries per call on average, `retry_cap` the most."""

    model: Chosen
    tokens: TokenUse
    calls_per_request: Annotated[float, Field(strict=True, ge=0, le=1000)]
    retry_rate: Annotated[float, Field(strict=True, ge=0, le=100)]
    retry_cap: Annotated[int, Field(strict=True, ge=0, le=100)]
    infrastructure: Infrastructure
    review: Review
    errors: Errors
    upkeep: Upkeep
    on_call: Amount

    @model_validator(mode="after")
    def _retries_end(self) -> "Run":
        if self.retry_rate > self.retry_cap:
            raise ValueError(
                f"retryRate is {self.retry_rate:g} though a call is retried at most"
                f" {self.retry_cap} times (retryCap)"
            )
        return self
