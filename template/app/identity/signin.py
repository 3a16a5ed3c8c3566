"""Signs people in to the pages: redirects to the issuer, takes the answer, opens a session."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx2
from fastapi import FastAPI, Request
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.identity.exchange import CodeExchange
from app.identity.policy import public
from app.identity.session import SIGN_IN, check_csrf, open_session
from app.settings import Settings

_SIGNED_OUT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Signed out</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/pico.classless.min.css"></head>
<body><main><h1>You are signed out</h1><p><a href="/">Sign in again</a></p></main></body></html>
"""


class SignIn:
    """The routes that open and end the session of a browser.

    `GET /sign-in?to=/path`, `GET /sign-in/callback` (the address to register at the issuer,
    made of `settings.public_url`), `POST /sign-out` with the field `csrf`, `GET /signed-out`.
    Raises `ValueError` when the issuer is not safe; `clock` is Unix time in seconds.
    """

    def __init__(
        self,
        settings: Settings,
        client: httpx2.AsyncClient,
        *,
        prefix: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._prefix = prefix
        self._clock = clock
        callback = f"{settings.public_url.rstrip('/')}{prefix}/sign-in/callback"
        self._exchange = CodeExchange(settings, client, callback, clock)

    def install(self, app: FastAPI) -> None:
        """Add the routes and the session to the application that serves the pages."""
        for method, path, endpoint, name in (
            ("GET", "/sign-in", self._start, SIGN_IN),
            ("GET", "/sign-in/callback", self._finish, "sign_in_callback"),
            ("POST", "/sign-out", self._sign_out, "sign_out"),
            ("GET", "/signed-out", self._signed_out, "signed_out"),
        ):
            app.add_api_route(
                self._prefix + path, endpoint, methods=[method], name=name, include_in_schema=False
            )
        # A `__Host-` cookie is bound to this host and to https, which a laptop does not speak.
        https = urlsplit(self._settings.public_url).scheme == "https"
        app.add_middleware(
            SessionMiddleware,
            secret_key=self._settings.session_secret.get_secret_value(),
            session_cookie="__Host-session" if https else "session",
            max_age=int(self._settings.session_hours * 3600),
            # Not "strict": the redirect back from the issuer arrives from another site.
            same_site="lax",
            https_only=https,
        )

    @public
    async def _start(self, request: Request) -> Response:
        flow, address = await self._exchange.start(local_path(request.query_params.get("to", "")))
        request.session["flow"] = flow
        return RedirectResponse(address, 303)

    @public
    async def _finish(self, request: Request) -> Response:
        # Taken out first: an attempt has one answer, whether it holds or not.
        flow = request.session.pop("flow", None)
        caller = await self._exchange.finish(flow, request.query_params)
        open_session(request, caller, self._clock() + self._settings.session_hours * 3600)
        return RedirectResponse(flow["to"], 303)

    @public
    async def _sign_out(self, request: Request) -> Response:
        if request.session.get("sub"):
            form = await request.form(max_files=0, max_fields=5)
            check_csrf(request, str(form.get("csrf", "")))
            request.session.clear()
        # To a page of ours: `form-action 'self'` would block a redirect on to the issuer.
        return RedirectResponse(request.app.url_path_for("signed_out"), 303)

    @public
    async def _signed_out(self, request: Request) -> Response:
        return HTMLResponse(_SIGNED_OUT)


def local_path(to: str) -> str:
    """The page to return to after signing in; the start page unless it is a path of ours.

    Browsers read a backslash as a slash and drop tabs and line ends, so those are refused.
    """
    local = to.startswith("/") and not to.startswith("//") and len(to) <= 500
    return to if local and "\\" not in to and to.isprintable() else "/"
