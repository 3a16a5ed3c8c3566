"""Pages, the local identity provider and a browser, all in one process."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
from fastapi import Depends, FastAPI, Request
from pydantic import SecretStr
from starlette.responses import JSONResponse, Response

from app.errors import ServiceError
from app.identity import (
    Caller,
    Role,
    SignIn,
    allow_page,
    check_csrf,
    csrf_token,
    routes_without_policy,
    session_caller,
)
from app.settings import Settings
from local.identity import create_app
from tests.identity.site import Clock, show_error

PAGES = "http://127.0.0.1:8000"
PROVIDER = "http://127.0.0.1:9000"
SECRET = "s" * 40


def settings_for(**more: object) -> Settings:
    values = {"session_secret": SecretStr(SECRET), **more}
    return Settings(_env_file=None, **values)  # type: ignore[arg-type, call-arg]


class Tampering(httpx2.AsyncBaseTransport):
    """Passes on what the pages ask the provider; tests change what comes back."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self.inner = inner
        self.replies: dict[str, httpx2.Response | Exception] = {}
        self.asked: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        reply = self.replies.get(request.url.path)
        if isinstance(reply, Exception):
            raise reply
        return reply or await self.inner.handle_async_request(request)


def pages_app(settings: Settings, client: httpx2.AsyncClient, clock: Clock) -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.exception_handler(ServiceError)(show_error)

    @app.get("/review/{number}")
    async def review(
        request: Request, number: int, caller: Annotated[Caller, Depends(allow_page(*Role))]
    ) -> Response:
        shown = [caller.subject, caller.name, caller.issuer, *sorted(caller.roles)]
        return JSONResponse({"caller": shown, "csrf": csrf_token(request)})

    @app.get("/admin")
    async def admin(caller: Annotated[Caller, Depends(allow_page(Role.ADMIN))]) -> str:
        return caller.subject

    @app.post("/decide")
    async def decide(
        request: Request, caller: Annotated[Caller, Depends(allow_page(Role.REVIEWER))]
    ) -> str:
        form = await request.form()
        check_csrf(request, str(form.get("csrf", "")))
        return "decided"

    SignIn(settings, client, clock=clock).install(app)
    assert routes_without_policy(app) == []
    app.add_api_route("/who", who)
    app.add_api_route("/draft", draft)
    return app


async def who(request: Request) -> str | None:
    caller = session_caller(request)
    return caller.subject if caller else None


async def draft(request: Request, keep: str = "") -> str:
    """Something a page keeps in the session of a browser."""
    if keep:
        request.session["draft"] = keep
    kept: str = request.session.get("draft", "")
    return kept


class World:
    """A person's browser before the pages and the provider; `clock` is the pages' and its."""

    def __init__(self, folder: Path, clock: Clock, **settings: object) -> None:
        self.clock = clock
        self.settings = settings_for(**settings)
        self.secrets = folder / "secrets.json"
        self.provider = create_app(self.settings, self.secrets, clock)
        self.line = Tampering(httpx2.ASGITransport(self.provider))
        self.pages = pages_app(self.settings, httpx2.AsyncClient(transport=self.line), clock)
        self.browser = self.new_browser()

    def new_browser(self) -> httpx2.AsyncClient:
        transports = {
            PAGES: httpx2.ASGITransport(self.pages),
            PROVIDER: httpx2.ASGITransport(self.provider),
        }
        return httpx2.AsyncClient(mounts=transports, base_url=PAGES)

    async def asked(self, to: str = "/review/7") -> dict[str, str]:
        """Open a page and come as far as the provider: its parameters."""
        reply = await self.browser.get("/sign-in", params={"to": to})
        assert reply.status_code == 303, reply.text
        assert reply.headers["location"].startswith(f"{PROVIDER}/authorize?")
        return query(reply.headers["location"])

    async def picked(self, asked: Mapping[str, str], person: str) -> str:
        """Pick a person at the provider: the address the browser is sent back to."""
        reply = await self.browser.post(f"{PROVIDER}/authorize", data={**asked, "person": person})
        assert reply.status_code == 303, reply.text
        return str(reply.headers["location"])

    async def signed_in(self, person: str = "person-reviewer", to: str = "/review/7") -> str:
        """Sign in: the page the browser ends at."""
        back = await self.picked(await self.asked(to), person)
        reply = await self.browser.get(back)
        assert reply.status_code == 303, reply.text
        return str(reply.headers["location"])

    async def who(self) -> str | None:
        """Who the pages say is signed in."""
        name: str | None = (await self.browser.get("/who")).json()
        return name

    async def csrf(self) -> str:
        token: str = (await self.browser.get("/review/1")).json()["csrf"]
        return token


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def with_query(url: str, **changes: str | None) -> str:
    """Change parameters of an address; None leaves one out."""
    pairs = {**dict(parse_qsl(urlsplit(url).query)), **changes}
    kept = {name: value for name, value in pairs.items() if value is not None}
    return str(httpx2.URL(url.partition("?")[0], params=kept))


def hidden_fields(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html))
