"""Who may do what: every route of both applications, for every role."""

from collections.abc import Iterator

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from app.api import cases, pages
from app.api.service import create_site
from app.identity import Role
from tests.api.conftest import Build
from tests.api.usecase import SURE, UNSURE, text
from tests.api.world import TEXT, World, csrf

pytestmark = [pytest.mark.anyio, pytest.mark.item("AUTH-1")]

EVERYONE = "submitter reviewer operator auditor admin"
PUBLIC = "public"
# The whole table on purpose: a new route, or a role more or less, has to be written down here.
API = {
    "GET /health/live": PUBLIC,
    "GET /health/startup": PUBLIC,
    "GET /health/ready": PUBLIC,
    "GET /openapi.json": EVERYONE,
    "POST /v1/cases": "submitter admin",
    "GET /v1/cases/{case_id}": EVERYONE,
    "GET /v1/review": "reviewer auditor admin",
    "GET /v1/quarantine": "operator auditor admin",
    "POST /v1/quarantine/{quarantine_id}/replay": "operator admin",
}
PAGES = {
    "GET /": EVERYONE,
    "GET /docs": EVERYONE,
    "GET /docs/openapi.json": EVERYONE,
    "GET /cases/{case_id}": EVERYONE,
    "GET /try": "submitter admin",
    "POST /try": "submitter admin",
    "POST /try/sample": "submitter admin",
    "POST /try/file": "submitter admin",
    "GET /label": "reviewer auditor admin",
    "GET /label/{name}": "reviewer admin",
    "POST /label/{name}": "reviewer admin",
    "POST /label/{name}/back": "reviewer admin",
    "GET /sign-in": PUBLIC,
    "GET /sign-in/callback": PUBLIC,
    "POST /sign-out": PUBLIC,
    "GET /signed-out": PUBLIC,
}


def routes(app: FastAPI) -> Iterator[str]:
    for route in iter_route_contexts(app.routes):
        if not isinstance(route.original_route, Mount):
            for method in sorted(route.methods or ["any"]):
                yield f"{method} {route.path}"


def test_the_tables_hold_every_route(world: World) -> None:
    assert sorted(routes(world.site.api)) == sorted(API)
    assert sorted(routes(world.site.pages)) == sorted(PAGES)


async def call(
    client: httpx2.AsyncClient, route: str, data: dict[str, str] | None = None
) -> httpx2.Response:
    method, path = route.split(" ")
    path = path.replace("{case_id}", "case_0").replace("{quarantine_id}", "quarantine_0")
    return await client.request(method, path, data=data)


@pytest.mark.parametrize("route", API)
async def test_the_api_lets_in_whom_the_table_names(world: World, route: str) -> None:
    for role in Role:
        async with world.client(role) as client:
            reply = await call(client, route)
        let_in = API[route] == PUBLIC or role in API[route].split()
        assert (reply.status_code == 403) is not let_in, role
        assert reply.status_code not in (401, 500)


@pytest.mark.parametrize("route", API)
async def test_without_a_token_or_a_known_role_the_api_shows_health_only(
    world: World, route: str
) -> None:
    async with world.anonymous() as client:
        assert (await call(client, route)).status_code == (200 if API[route] == PUBLIC else 401)
    async with world.client("janitor") as client:
        assert (await call(client, route)).status_code == (200 if API[route] == PUBLIC else 403)


@pytest.mark.parametrize("role", Role)
async def test_the_pages_let_in_whom_the_table_names(world: World, role: Role) -> None:
    for route, let_in in PAGES.items():
        async with world.signed_in(role) as browser:
            reply = await call(browser, route, {"csrf": await csrf(browser)})
        assert (reply.status_code == 403) is (let_in != PUBLIC and role not in let_in), route
        assert reply.status_code != 500


@pytest.mark.parametrize("route", [route for route in PAGES if PAGES[route] != PUBLIC])
async def test_without_a_session_the_pages_lead_to_the_sign_in(world: World, route: str) -> None:
    async with world.browser() as browser:
        reply = await call(browser, route)
    if route.startswith("GET"):
        assert reply.status_code == 303
        assert reply.headers["location"].startswith("/sign-in?to=/")
    else:
        assert reply.status_code == 401


@pytest.mark.parametrize("route", PAGES)
async def test_a_token_is_no_session(world: World, route: str) -> None:
    async with world.client("admin") as with_token, world.anonymous() as without:
        assert (await call(with_token, route)).status_code == (
            await call(without, route)
        ).status_code


async def test_a_session_is_no_token(world: World) -> None:
    async with world.signed_in("admin") as browser:
        assert (await browser.get("/v1/review")).status_code == 401


async def test_a_submitter_sees_own_cases_only(world: World) -> None:
    own = await world.send(text(SURE), sub="person-1")
    other = await world.send(text(SURE), sub="person-2")
    async with world.client("submitter", sub="person-1") as client:
        assert (await client.get(f"/v1/cases/{own['id']}")).json() == own
        hidden = await client.get(f"/v1/cases/{other['id']}")
        absent = await client.get("/v1/cases/case_0")
    assert hidden.status_code == absent.status_code == 404
    assert {**hidden.json(), "request_id": ""} == {**absent.json(), "request_id": ""}


async def test_a_submitter_does_not_see_the_page_of_somebody_elses_case(world: World) -> None:
    other = await world.send(text(SURE), sub="person-2")
    async with world.signed_in("submitter") as browser:
        assert (await browser.get(f"/cases/{other['id']}")).status_code == 404
    async with world.signed_in("auditor") as browser:
        assert (await browser.get(f"/cases/{other['id']}")).status_code == 200


@pytest.mark.parametrize("role", ["reviewer", "operator", "auditor", "admin"])
async def test_the_other_roles_read_every_case(world: World, role: str) -> None:
    case = await world.send(text(UNSURE), sub="person-1")
    async with world.client(role, sub="person-9") as client:
        assert (await client.get(f"/v1/cases/{case['id']}")).json() == case


async def test_the_submitter_of_a_case_is_whose_token_it_was(world: World) -> None:
    async with world.client("submitter", sub="person-1") as client:
        headers = {"content-type": TEXT, "x-user": "person-2", "from": "person-2"}
        reply = await client.post("/v1/cases", content=text(SURE), headers=headers)
    assert (await world.records.get_case(reply.json()["id"])).submitter == "person-1"  # type: ignore[union-attr]


@pytest.mark.parametrize("module", [cases, pages], ids=["api", "pages"])
def test_a_route_that_does_not_say_who_may_call_it_stops_the_start(
    world: World, monkeypatch: pytest.MonkeyPatch, module: object
) -> None:
    router = APIRouter()
    router.include_router(module.router)  # type: ignore[attr-defined]

    @router.get("/v1/forgotten")
    async def forgotten() -> None: ...

    monkeypatch.setattr(module, "router", router)
    with pytest.raises(RuntimeError, match="/v1/forgotten"):
        create_site(world.parts)


async def test_readiness_waits_for_the_records_and_the_issuer(build: Build) -> None:
    world = build()
    async with world.anonymous() as client:
        world.issuer.down = True
        assert (await client.get("/health/ready")).status_code == 503
        assert (await client.get("/health/live")).status_code == 200
