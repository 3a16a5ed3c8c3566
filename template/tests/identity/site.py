"""A tiny service with one route per role, and its client."""

from typing import Annotated

import httpx2
from fastapi import Depends, FastAPI, Request
from starlette.responses import JSONResponse, Response

from app.errors import ServiceError
from app.identity import Caller, Role, Verifier, allow
from tests.identity.issuer import Issuer


async def show_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    return JSONResponse({"code": error.code, "detail": error.detail}, error.status, error.headers)


def service(verifier: Verifier) -> FastAPI:
    app = FastAPI()
    app.state.verifier = verifier
    app.exception_handler(ServiceError)(show_error)

    @app.get("/submit")
    async def submit(caller: Annotated[Caller, Depends(allow(Role.SUBMITTER))]) -> list[str]:
        return [caller.subject, caller.name, caller.issuer, *sorted(caller.roles)]

    @app.get("/operate")
    async def operate(
        caller: Annotated[Caller, Depends(allow(Role.OPERATOR, Role.ADMIN))],
    ) -> str:
        return caller.subject

    return app


def browser(app: FastAPI, base_url: str = "http://service.test") -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=base_url)


async def call(
    verifier: Verifier, token: str | None = None, path: str = "/submit"
) -> httpx2.Response:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    async with browser(service(verifier)) as client:
        return await client.get(path, headers=headers)


async def refused(issuer: Issuer, token: str) -> bool:
    """Whether a token gets the same 401 as any other bad token, with nothing of it repeated."""
    verifier = issuer.verifier()
    # A good token first: keys are held, so that only this token can be what is refused.
    assert (await call(verifier, issuer.token())).status_code == 200
    reply = await call(verifier, token)
    assert reply.status_code in (200, 401), reply.text
    if reply.status_code == 401:
        assert reply.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert reply.json() == {
            "code": "unauthenticated",
            "detail": "The token is not valid here. Get a new one and try again.",
        }
    return reply.status_code == 401


class Clock:
    """Time that moves only when told."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
