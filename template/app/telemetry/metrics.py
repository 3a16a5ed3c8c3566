"""Prometheus metrics. Labels hold closed sets only: never a case, a person or a path with ids."""

from collections.abc import Callable
from decimal import Decimal

from prometheus_client import Counter, Gauge, Histogram, start_http_server

from app.case import Decision
from app.settings import SettingsError

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

CASES = Counter("poc_cases", "Cases by outcome and reason", ["status", "reason"])
DECISIONS = Counter("poc_decisions", "Decisions by who made them", ["decided_by", "degraded"])
TOKENS = Counter("poc_model_tokens", "Tokens sent to and received from models", ["direction"])
MODEL_SECONDS = Histogram(
    "poc_decision_seconds", "Time from question to answer", ["decided_by"], buckets=BUCKETS
)
REQUESTS = Counter("poc_http_requests", "HTTP requests", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "poc_http_request_seconds", "Time to serve a request", ["route"], buckets=BUCKETS
)

MODEL_COST = Counter(
    "app_model_cost", "What model calls cost, failed ones too", ["provider", "model", "currency"]
)
REFUSED = Counter("app_model_calls_refused", "Model calls a spending cap did not allow", ["reason"])
SPEND_TODAY = Gauge(
    "app_model_spend_today", "Spent or set aside today (UTC), by all processes", ["currency"]
)
SPEND_CAP = Gauge("app_model_spend_cap", "The most that may be spent on a day", ["currency"])
PRICE_AGE = Gauge(
    "app_price_age_days", "Days since a model's price was checked", ["provider", "model"]
)


def decided(decision: Decision) -> None:
    """Count one decision."""
    CASES.labels(decision.status, decision.review_reason or "none").inc()
    DECISIONS.labels(decision.decided_by, decision.degraded or "none").inc()
    TOKENS.labels("in").inc(decision.tokens_in)
    TOKENS.labels("out").inc(decision.tokens_out)
    MODEL_SECONDS.labels(decision.decided_by).observe(decision.seconds)


def quarantined(reason: str) -> None:
    """Count one quarantined case."""
    CASES.labels("quarantined", reason).inc()


def model_cost(provider: str, model: str, currency: str, amount: Decimal) -> None:
    """Count what one call cost."""
    MODEL_COST.labels(provider, model, currency).inc(float(amount))


def model_refused(cap: str) -> None:
    """Count a call that was not made; `cap` is `per_request` or `per_day`."""
    REFUSED.labels(cap).inc()


def watch_spend(currency: str, today: Callable[[], float], cap: Decimal) -> None:
    """Show the spend of the day, asked for at each scrape, and its cap."""
    SPEND_TODAY.labels(currency).set_function(today)
    SPEND_CAP.labels(currency).set(float(cap))


def watch_price(provider: str, model: str, days: Callable[[], float]) -> None:
    """Show how long ago the price in force was checked; negative for a date in the future."""
    PRICE_AGE.labels(provider, model).set_function(days)


def serve(host: str, port: int) -> None:
    """Serve /metrics on a port of its own, which no caller of the API reaches.

    Raises `SettingsError` when the port cannot be used.
    """
    try:
        start_http_server(port, addr=host)
    except OSError as error:
        raise SettingsError(
            f"APP_METRICS_PORT: {host}:{port} cannot be used ({error.strerror});"
            " end what listens there, or choose another"
        ) from None
