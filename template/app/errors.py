"""Every error the service shows to a caller, in one table.

    ServiceError
    ├── Unauthenticated     401  no token, or one that does not hold
    ├── Forbidden           403  a valid caller without the role
    ├── NotFound            404  nothing there, or not yours
    ├── MethodNotAllowed    405
    ├── Conflict            409  the thing is no longer in the state the call needs
    ├── PayloadTooLarge     413  above the hard limit of the transport
    ├── UnsupportedMedia    415  a content type intake does not read
    ├── InvalidInput        422  malformed or of the wrong shape
    ├── Internal            500  a fault of ours; the log holds it under the request id
    └── Unavailable         503  a dependency is down; nothing was stored, try again

Raise these; `app.api.problems` turns them into RFC 9457 replies. A message is shown to the
caller: it says what to do and never repeats what was sent.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class ServiceError(Exception):
    """A fault with a status, a stable code and a sentence for the caller."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "The service failed"

    def __init__(
        self,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.headers = dict(headers or {})
        self.errors = [dict(error) for error in errors]


class Unauthenticated(ServiceError):
    """No credentials, or credentials that do not hold."""

    status, code, title = 401, "unauthenticated", "A valid access token is needed"


class Forbidden(ServiceError):
    """The caller is known and lacks the role."""

    status, code, title = 403, "forbidden", "Your roles do not allow this"


class NotFound(ServiceError):
    """Nothing there, or nothing the caller may know of."""

    status, code, title = 404, "not-found", "There is nothing here"


class MethodNotAllowed(ServiceError):
    """The address exists, the method does not."""

    status, code, title = 405, "method-not-allowed", "This address does not take that method"


class Conflict(ServiceError):
    """The thing is no longer in the state the call needs."""

    status, code, title = 409, "conflict", "The state has changed"


class PayloadTooLarge(ServiceError):
    """Above the transport's hard limit; nothing was stored."""

    status, code, title = 413, "payload-too-large", "The body is too large"


class UnsupportedMedia(ServiceError):
    """A content type that intake does not read."""

    status, code, title = 415, "unsupported-media-type", "This content type is not read here"


class InvalidInput(ServiceError):
    """Malformed, or of the wrong shape; `errors` lists places and messages, never values."""

    status, code, title = 422, "invalid-input", "The request does not have the expected shape"


class Internal(ServiceError):
    """A fault of ours."""


class Unavailable(ServiceError):
    """A dependency is down; nothing was stored and the call may be repeated."""

    status, code, title = 503, "unavailable", "The service cannot do this right now"


TABLE: tuple[type[ServiceError], ...] = (
    Unauthenticated,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    PayloadTooLarge,
    UnsupportedMedia,
    InvalidInput,
    Internal,
    Unavailable,
)
