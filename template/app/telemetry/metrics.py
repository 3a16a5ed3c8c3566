"""Prometheus metrics. Labels hold closed sets only: never a case, a person or a path with ids."""

from prometheus_client import Counter, Histogram, start_http_server

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
