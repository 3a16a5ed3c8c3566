"""The only way to a model: one question, one deadline, one typed outcome.

`build` makes a `Gateway` of the settings; `Gateway.answer` always gives a `Reply`, answered by
the model, by the baseline, or by nobody with the reason. Models are asked once: no retries.
Every call is priced by `governance/prices.yaml` and stays within its caps, see `metering`.
"""

from app.gateway.budget import Budget, RunBudget
from app.gateway.errors import (
    BadAnswer,
    BadCredentials,
    ConnectionFault,
    FailureCode,
    GatewayError,
    Misconfigured,
    Overloaded,
    QuotaExceeded,
    RateLimited,
    Rejected,
    ServerFault,
    SpendCapReached,
    Timeout,
    UnknownModel,
)
from app.gateway.gateway import Gateway, Reply, build, start
from app.gateway.provider import Completion, Provider

__all__ = [
    "BadAnswer",
    "BadCredentials",
    "Budget",
    "Completion",
    "ConnectionFault",
    "FailureCode",
    "Gateway",
    "GatewayError",
    "Misconfigured",
    "Overloaded",
    "Provider",
    "QuotaExceeded",
    "RateLimited",
    "Rejected",
    "Reply",
    "RunBudget",
    "ServerFault",
    "SpendCapReached",
    "Timeout",
    "UnknownModel",
    "build",
    "start",
]
