"""Why a model did not answer. None of these reaches a caller: the baseline answers instead.

    GatewayError
    ├── Timeout           the deadline passed
    ├── RateLimited       too many requests; `retry_after` says how long to wait, where known
    ├── QuotaExceeded     the account has nothing left; waiting does not help
    ├── Overloaded        the provider is up and cannot take more right now
    ├── ServerFault       the provider failed
    ├── ConnectionFault   no connection, or one that broke
    ├── Misconfigured     asking again without a change of settings cannot work
    │   ├── BadCredentials    the key does not hold, or not for this
    │   ├── UnknownModel      no such model at this address
    │   └── Rejected          the request itself was refused
    ├── BadAnswer         a reply that is not of the provider's own shape
    └── SpendCapReached   the call was not made: it could have cost more than is allowed

The texts are ours and never repeat what the provider sent: its error bodies can quote the case.
"""

from enum import StrEnum
from typing import ClassVar

from app.gateway.provider import Cost
from app.prices import Usage


class FailureCode(StrEnum):
    """The closed set of causes; metrics carry it as a label."""

    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    QUOTA_EXCEEDED = "quota_exceeded"
    OVERLOADED = "overloaded"
    SERVER_FAULT = "server_fault"
    CONNECTION_FAULT = "connection_fault"
    MISCONFIGURED = "misconfigured"
    BAD_ANSWER = "bad_answer"
    SPEND_CAP = "spend_cap"


class GatewayError(Exception):
    """One failed attempt. `retry_after` is in seconds, `used` what it cost all the same.

    `unbilled` kinds are turned away before a model has worked. `cost` is null until it is known.
    """

    code: ClassVar[FailureCode]
    text: ClassVar[str]
    unbilled: ClassVar[bool] = False

    def __init__(
        self, detail: str = "", *, retry_after: float | None = None, used: Usage | None = None
    ) -> None:
        super().__init__(detail or self.text)
        self.retry_after = retry_after
        self.used = used or Usage()
        self.cost: Cost | None = None


class Timeout(GatewayError):
    """The deadline passed before the whole reply was there."""

    code, text = FailureCode.TIMEOUT, "The model did not answer in time."


class RateLimited(GatewayError):
    """Too many requests or tokens in a short time."""

    code, text = FailureCode.RATE_LIMITED, "The model provider's rate limit is reached."
    unbilled = True


class QuotaExceeded(GatewayError):
    """The account's quota, credit or spending limit is used up."""

    code, text = FailureCode.QUOTA_EXCEEDED, "The account at the model provider has no quota left."
    unbilled = True


class Overloaded(GatewayError):
    """Temporarily unable to serve."""

    code, text = FailureCode.OVERLOADED, "The model provider is overloaded."
    unbilled = True


class ServerFault(GatewayError):
    """A fault on the provider's side."""

    code, text = FailureCode.SERVER_FAULT, "The model provider failed."


class ConnectionFault(GatewayError):
    """The request or the reply was lost on the way."""

    code, text = FailureCode.CONNECTION_FAULT, "The connection to the model provider failed."


class Misconfigured(GatewayError):
    """A person has to change a setting, the key or the account."""

    code, text = FailureCode.MISCONFIGURED, "The model settings do not work."
    unbilled = True


class BadCredentials(Misconfigured):
    """401 or 403."""

    text = "The model provider does not accept the key; check APP_MODEL_API_KEY and its rights."


class UnknownModel(Misconfigured):
    """404: the model, or the whole address."""

    text = "There is no such model; check APP_MODEL_NAME and APP_MODEL_BASE_URL."


class Rejected(Misconfigured):
    """400 or 422: this model does not take such a request."""

    text = (
        "The model provider refused the request; try another APP_MODEL_OUTPUT, and"
        " APP_MODEL_LOGPROBS switched off."
    )


class BadAnswer(GatewayError):
    """A success status with a body no model sent, such as a proxy's page."""

    code, text = (
        FailureCode.BAD_ANSWER,
        "The reply is not of the provider's shape; check APP_MODEL_BASE_URL.",
    )


class SpendCapReached(GatewayError):
    """Refused here, before anything was sent."""

    code, text = FailureCode.SPEND_CAP, "The spending cap is reached."
    unbilled = True
