"""Who may talk to the page: this browser, from this page, on this machine.

The server listens on the loopback address only. Other pages in the same browser, and other users of
the machine, are kept out by a token in the address, a cookie, and checks of Host and Origin.
"""

import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Anything stricter makes browsers send Origin: null with a form.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
BODY_LIMIT = 1_000_000
AGAIN = "Open the address that poc kickoff printed, by pasting it into the browser."


class Guard:
    """Lets only requests through that come from the page itself."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self._cookie = f"poc-kickoff-{port}"
        self.token, self._session = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self.address = f"http://127.0.0.1:{port}/?token={self.token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with what to do. Every answer carries `HEADERS`."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        answer = self._refusal(scope) or self._entry(scope) or self._stranger(scope)
        await (answer or self._app)(scope, receive, sending)

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that another site or a rebound name may have sent."""
        hosts, origins = _header(scope, b"host"), _header(scope, b"origin")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return _text(f"This page answers to 127.0.0.1 only. {AGAIN}", 421)
        if scope["method"] in ("GET", "HEAD"):
            return None
        if scope["method"] != "POST":
            return _text("This page knows GET and POST only.", 405)
        if origins != [f"http://{hosts[0]}"]:
            return _text(f"This form was not sent by the page itself. {AGAIN}", 403)
        return None

    def _entry(self, scope: Scope) -> Response | None:
        """The first visit: the token of the address becomes a cookie, and leaves the address."""
        if scope["path"] != "/" or scope["method"] != "GET":
            return None
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token")
        if not given or not _same(given[0], self.token):
            return None
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self._cookie, self._session, path="/", httponly=True, samesite="strict")
        return answer

    def _stranger(self, scope: Scope) -> Response | None:
        """The answer to a browser that did not come in by the address."""
        for line in _header(scope, b"cookie"):
            try:
                held = SimpleCookie(line).get(self._cookie)
            except CookieError:
                continue
            if held is not None and _same(held.value, self._session):
                return None
        return _text(f"This page is for the meeting that started it. {AGAIN}", 403)


class Seal:
    """What each form carries, so that no other page can write one."""

    def __init__(self) -> None:
        self.value = secrets.token_urlsafe(32)

    def holds(self, given: str) -> bool:
        """True for the value that this page put into the form."""
        return _same(given, self.value)


def _header(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def _text(words: str, status: int) -> Response:
    return PlainTextResponse(words + "\n", status)
