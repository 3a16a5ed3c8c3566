"""The library's exceptions, translated into ours by type; their texts are dropped."""

import json
from typing import Any

from pydantic_ai import exceptions as library

from app.gateway.errors import (
    BadAnswer,
    BadCredentials,
    ConnectionFault,
    GatewayError,
    Overloaded,
    QuotaExceeded,
    RateLimited,
    Rejected,
    ServerFault,
    Timeout,
    UnknownModel,
)
from app.prices import Usage

TOO_LONG = (
    "The request is longer than the model's context;"
    " lower APP_INTAKE_LIMIT_CHARACTERS or use a model with a larger one."
)

WRONG_OUTPUT = "This model cannot be asked that way; set APP_MODEL_OUTPUT=tool."

# Categories inherit from each other: the narrow one stands before the wide one.
CATEGORIES: tuple[tuple[type[library.ModelAPIError], type[GatewayError], str], ...] = (
    (library.ModelRequestTimeout, Timeout, ""),
    (library.ModelTimeoutError, Timeout, ""),
    (library.ModelConnectionError, ConnectionFault, ""),
    (library.ModelQuotaExceededError, QuotaExceeded, ""),
    (library.ModelRateLimitError, RateLimited, ""),
    (library.ModelUnavailableError, Overloaded, ""),
    (library.ModelServerError, ServerFault, ""),
    (library.ModelAuthenticationError, BadCredentials, ""),
    (library.ModelNotFoundError, UnknownModel, ""),
    (library.ModelContextWindowExceededError, Rejected, TOO_LONG),
    (library.ModelRequestRejectedError, Rejected, ""),
)

# 408, 409 and 425 name a passing state of the server (RFC 9110, RFC 8470), not a bad request.
PASSING = (408, 409, 425)


def translate(error: Exception, body: bytes) -> GatewayError:
    """Say which of our errors this is; whatever has no category is a `BadAnswer`.

    `body` is the reply as received, empty when none was: the tokens it names are kept.
    """
    kind, detail = _kind(error)
    return kind(
        detail,
        retry_after=error.retry_after if isinstance(error, library.ModelAPIError) else None,
        used=tokens(body),
    )


def _kind(error: Exception) -> tuple[type[GatewayError], str]:
    for category, kind, detail in CATEGORIES:
        if isinstance(error, category):
            return kind, detail
    if isinstance(error, library.ModelHTTPError):
        if error.status_code in PASSING:
            return ServerFault, ""
        return Rejected, f"The model provider refused the request with {error.status_code}."
    if isinstance(error, library.UserError):
        return Rejected, WRONG_OUTPUT
    return BadAnswer, ""


def filtered(error: Exception) -> bool:
    """True for a 4xx that is the provider's content filter, as some compatible services send."""
    return (
        isinstance(error, library.ModelRequestRejectedError)
        and error.provider_error_code == "content_filter"
    )


def tokens(body: bytes) -> Usage:
    """The tokens that a reply names, in either provider's words; zero when it does not."""
    try:
        usage = json.loads(body)["usage"]
        details = usage.get("prompt_tokens_details") or {}
        read = _sum(usage, "cache_read_input_tokens")
        written = _sum(usage, "cache_creation_input_tokens")
        return Usage(
            tokens_in=_sum(usage, "prompt_tokens", "input_tokens") + read + written,
            tokens_out=_sum(usage, "completion_tokens", "output_tokens"),
            cached_in=read + _sum(details, "cached_tokens"),
            written_in=written + _sum(details, "cache_write_tokens"),
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Usage()


def _sum(usage: dict[str, Any], *names: str) -> int:
    found = (usage.get(name) for name in names)
    return sum(value for value in found if type(value) is int and value > 0)
