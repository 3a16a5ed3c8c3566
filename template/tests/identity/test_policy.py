"""Who may call a route, and the search for routes that do not say it."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from fastapi.routing import iter_route_contexts
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Host, Mount, Route
from starlette.staticfiles import StaticFiles

from app.identity import Caller, Role, allow, allow_page, public, roles_of, routes_without_policy
from tests.identity.issuer import Issuer
from tests.identity.site import browser, call, service

pytestmark = pytest.mark.item("AUTH-1")

Submitter = Annotated[Caller, Depends(allow(Role.SUBMITTER))]


def bare_app() -> FastAPI:
    return FastAPI(openapi_url=None)


async def endpoint() -> None:
    """Say nothing about who may call it."""


async def plain(request: Request) -> Response:
    return PlainTextResponse("")


@pytest.mark.anyio
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUBMITTER])
async def test_the_wrong_role_is_403(issuer: Issuer, role: Role) -> None:
    reply = await call(issuer.verifier(), issuer.token(roles=[role]))
    assert (reply.status_code, reply.json()["code"]) == (403, "forbidden")
    assert "submitter" in reply.json()["detail"]
    assert reply.headers["www-authenticate"] == 'Bearer error="insufficient_scope"'


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("role", "status"), [("operator", 200), ("admin", 200), ("auditor", 403), ("", 403)]
)
async def test_any_of_the_named_roles_will_do(issuer: Issuer, role: str, status: int) -> None:
    reply = await call(issuer.verifier(), issuer.token(roles=[role]), "/operate")
    assert reply.status_code == status


@pytest.mark.anyio
@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("authorization", "")],
        [("authorization", "Bearer")],
        [("authorization", "Bearer  ")],
        [("authorization", "Basic {token}")],
        [("authorization", "{token}")],
        [("authorization", "Bearer {token}"), ("authorization", "Bearer {token}")],
        [("x-authorization", "Bearer {token}")],
    ],
)
async def test_no_token_is_401_with_how_to_send_one(
    issuer: Issuer, headers: list[tuple[str, str]]
) -> None:
    filled = [(name, text.format(token=issuer.token())) for name, text in headers]
    async with browser(service(issuer.verifier())) as client:
        reply = await client.get("/submit", headers=filled)
    assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer")
    assert "Authorization: Bearer" in reply.json()["detail"]


@pytest.mark.anyio
async def test_the_scheme_is_read_in_any_case(issuer: Issuer) -> None:
    async with browser(service(issuer.verifier())) as client:
        headers = {"authorization": f"bEARER  {issuer.token()}"}
        assert (await client.get("/submit", headers=headers)).status_code == 200


@pytest.mark.anyio
async def test_a_token_in_the_address_is_not_read(issuer: Issuer) -> None:
    reply = await call(issuer.verifier(), None, f"/submit?access_token={issuer.token()}")
    assert reply.status_code == 401


@pytest.mark.parametrize("make", [allow, allow_page])
def test_a_policy_needs_a_role(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="at least one role"):
        make()


def test_routes_that_say_it_are_not_listed() -> None:
    app = bare_app()

    @app.get("/direct")
    async def direct(caller: Submitter) -> None: ...

    @app.get("/page", dependencies=[Depends(allow_page(Role.ADMIN))])
    async def page() -> None: ...

    async def through(caller: Submitter) -> str:
        return caller.subject

    @app.get("/nested")
    async def nested(subject: Annotated[str, Depends(through)]) -> None: ...

    @app.get("/live")
    @public
    async def live() -> None: ...

    router = APIRouter(dependencies=[Depends(allow(Role.ADMIN))])
    router.add_api_route("/of-router", endpoint)
    app.include_router(router, prefix="/a")
    other = APIRouter()
    other.add_api_route("/of-inclusion", endpoint)
    app.include_router(other, dependencies=[Depends(allow(Role.ADMIN))])
    app.mount("/static", StaticFiles(directory="."))
    assert routes_without_policy(app) == []


def test_routes_that_do_not_say_it_are_listed_wherever_they_are() -> None:
    app = bare_app()
    app.add_api_route("/direct", endpoint)
    app.add_api_route("/other-dependency", endpoint, dependencies=[Depends(endpoint)])
    app.add_route("/plain", plain)

    @app.websocket("/socket")
    async def socket(websocket: WebSocket) -> None: ...

    inner = APIRouter(prefix="/inner")
    inner.add_api_route("/deep", endpoint)
    outer = APIRouter()
    outer.include_router(inner)
    app.include_router(outer, prefix="/v1")
    below = bare_app()
    below.add_api_route("/x", endpoint)
    below.include_router(inner)
    app.mount("/below", below)
    app.mount("/starlette", Starlette(routes=[Mount("/m", routes=[Route("/y", plain)])]))
    app.mount("/unknown", PlainTextResponse("anything"))
    app.router.routes.append(Host("other.test", app=below))
    assert routes_without_policy(app) == [
        "/direct",
        "/other-dependency",
        "/plain",
        "/socket",
        "/v1/inner/deep",
        "/below/x",
        "/below/inner/deep",
        "/starlette/m/y",
        "/unknown",
        "/x",
        "/inner/deep",
    ]


def test_the_frameworks_own_documentation_is_found() -> None:
    assert "/openapi.json" in routes_without_policy(FastAPI())


def test_two_policies_leave_the_roles_both_admit() -> None:
    app = bare_app()
    router = APIRouter(dependencies=[Depends(allow(Role.ADMIN, Role.AUDITOR))])
    router.add_api_route("/x", endpoint, dependencies=[Depends(allow(Role.AUDITOR, Role.OPERATOR))])
    app.include_router(router)
    assert [roles_of(route) for route in iter_route_contexts(app.routes)] == [{Role.AUDITOR}]


def test_the_roles_of_a_route_can_be_shown() -> None:
    app = bare_app()
    router = APIRouter()

    @router.get("/open")
    @public
    async def live() -> None: ...

    router.add_api_route(
        "/two", plain, dependencies=[Depends(allow(Role.ADMIN, Role.AUDITOR))], response_model=None
    )
    app.include_router(router, dependencies=[])
    shown = {route.path: roles_of(route) for route in iter_route_contexts(app.routes)}
    assert shown == {"/open": frozenset(), "/two": {Role.ADMIN, Role.AUDITOR}}
