"""The outermost layer: request id, body limit, security headers, one log line and metrics.

Pure ASGI, so that it sees every reply, also those of the framework's own error handling.
"""

import re
import secrets
import time

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import Show
from app.errors import Internal, PayloadTooLarge
from app.telemetry import metrics
from app.telemetry.logs import get_logger

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


class Observe:
    """Wraps the application; `body_limit` is in bytes, `show` answers with an error."""

    def __init__(self, app: ASGIApp, body_limit: int, show: Show) -> None:
        self._app = app
        self._body_limit = body_limit
        self._show = show

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, and leave one line about it whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started, status, started_reply = time.perf_counter(), 500, False

        async def reply(message: Message) -> None:
            nonlocal status, started_reply
            if message["type"] == "http.response.start":
                status, started_reply = message["status"], True
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                if is_static(scope):
                    headers["cache-control"] = "public, max-age=3600"
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, self._limited(scope, receive), reply)
        except Exception as error:
            get_logger().error("request.failed", error=error)
            if not started_reply:
                fault = Internal("Quote the request id to the people who run this service.")
                await self._show(Request(scope), fault)(scope, receive, reply)
        finally:
            self._record(scope, status, time.perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request_id")

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        too_large = declared.isdigit() and int(declared) > self._body_limit
        read = 0

        async def counted() -> Message:
            nonlocal read
            if too_large:
                raise _too_large(self._body_limit)
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._body_limit:
                raise _too_large(self._body_limit)
            return message

        return counted

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = "/static" if is_static(scope) else getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in METHODS else "other"
        metrics.REQUESTS.labels(method, route, f"{status // 100}xx").inc()
        metrics.REQUEST_SECONDS.labels(route).observe(seconds)
        get_logger().info(
            "request", method=method, route=route, status=status, ms=round(seconds * 1000, 1)
        )


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def is_static(scope: Scope) -> bool:
    """True for the pages' style sheets and scripts, which hold nothing of anybody."""
    path: str = scope["path"]
    return path.startswith("/static/")


def _too_large(limit: int) -> PayloadTooLarge:
    return PayloadTooLarge(f"Send at most {limit} bytes; nothing was stored.")


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            given: str = value.decode("latin-1")
            if _REQUEST_ID.match(given):
                return given
    return secrets.token_hex(12)
