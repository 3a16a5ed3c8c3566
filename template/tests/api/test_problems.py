"""Every error in one form, under an id that the log has too."""

import httpx2
import pytest
from sqlalchemy import text as sql

from app import errors
from app.api.problems import MEDIA_TYPE
from app.records.schema import cases
from tests.api.conftest import Build
from tests.api.usecase import FAULTY, SURE, UNUSABLE, text
from tests.api.world import TEXT, World

pytestmark = pytest.mark.anyio


def check(reply: httpx2.Response, kind: type[errors.ServiceError]) -> None:
    """A reply is this entry of the table and nothing more."""
    assert reply.headers["content-type"] == MEDIA_TYPE
    problem = reply.json()
    assert reply.headers["x-request-id"] == problem.pop("request_id")
    assert problem.pop("detail")
    assert isinstance(problem.pop("errors"), list)
    assert problem == {
        "type": f"urn:problem:{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "code": kind.code,
    }
    assert reply.status_code == kind.status


async def test_refusals_are_problems(world: World) -> None:
    async with world.anonymous() as client:
        reply = await client.post("/v1/cases", content=text(SURE))
        check(reply, errors.Unauthenticated)
        assert reply.headers["www-authenticate"] == "Bearer"
    async with world.client("auditor") as client:
        check(await client.post("/v1/cases", content=text(SURE)), errors.Forbidden)


async def test_what_is_not_there_is_a_problem(world: World) -> None:
    async with world.client("admin") as client:
        for path in ("/v1", "/v1/cases/case_0", "/v1/nothing", "/health/nothing", "/v1/cases/"):
            check(await client.get(path), errors.NotFound)
        check(await client.post("/v1/quarantine/quarantine_0/replay"), errors.NotFound)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/cases", "POST"),
        ("DELETE", "/v1/cases/case_0", "GET"),
        ("PUT", "/health/live", "GET"),
        ("BREW", "/v1/review", "GET"),
    ],
)
async def test_another_method_is_a_problem_that_names_the_right_one(
    world: World, method: str, path: str, allowed: str
) -> None:
    async with world.client("admin") as client:
        reply = await client.request(method, path)
    check(reply, errors.MethodNotAllowed)
    assert reply.headers["allow"] == allowed


async def test_a_second_replay_is_a_problem(build: Build) -> None:
    held = await build(intake_limit_bytes=10).send(text(SURE))
    async with build().client("operator") as client:
        path = f"/v1/quarantine/{held['quarantine']['id']}/replay"
        assert (await client.post(path)).status_code == 200
        check(await client.post(path), errors.Conflict)


async def test_what_cannot_be_taken_in_is_a_problem(build: Build) -> None:
    world = build(body_limit_bytes=1000)
    async with world.client("submitter") as client:
        check(await client.post("/v1/cases", content=b"x" * 1001), errors.PayloadTooLarge)
        check(await client.post("/v1/cases", content=b"x"), errors.UnsupportedMedia)
        headers = {"content-type": "application/json"}
        check(await client.post("/v1/cases", content=b"{", headers=headers), errors.InvalidInput)


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=many", "after=" + "x" * 101])
async def test_a_query_out_of_range_is_a_problem_that_names_the_place(
    world: World, query: str
) -> None:
    name, value = query.split("=")
    async with world.client("admin") as client:
        reply = await client.get(f"/v1/review?{query}")
    check(reply, errors.InvalidInput)
    assert [error["loc"] for error in reply.json()["errors"]] == [["query", name]]
    assert len(value) < 4 or value not in reply.text


async def test_a_fault_of_ours_says_nothing_of_the_exception(world: World) -> None:
    async with world.client("submitter") as client:
        reply = await client.post("/v1/cases", content=text(FAULTY), headers={"content-type": TEXT})
    check(reply, errors.Internal)
    for told in ("printer", FAULTY, "RuntimeError", "Traceback", "cannot look"):
        assert told not in reply.text
    assert world.rows(cases) == []


async def test_without_its_database_the_service_is_unavailable(world: World) -> None:
    await world.send(text(UNUSABLE))
    with world.database.begin() as connection:
        connection.execute(sql("ALTER TABLE cases RENAME TO elsewhere"))
    async with world.client("admin") as client:
        headers = {"content-type": TEXT}
        check(
            await client.post("/v1/cases", content=text(SURE), headers=headers), errors.Unavailable
        )
        check(await client.get("/v1/cases/case_0"), errors.Unavailable)


async def test_another_schema_is_unavailable_and_says_what_to_run(world: World) -> None:
    with world.database.begin() as connection:
        connection.execute(sql("UPDATE alembic_version SET version_num = 'older'"))
    async with world.anonymous() as client:
        reply = await client.get("/health/ready")
    check(reply, errors.Unavailable)
    assert "make migrate" in reply.json()["detail"]


async def test_without_its_issuer_the_service_is_unavailable(world: World) -> None:
    world.issuer.down = True
    async with world.client("submitter") as client:
        reply = await client.post("/v1/cases", content=text(SURE))
    check(reply, errors.Unavailable)
    assert int(reply.headers["retry-after"]) > 0


@pytest.mark.parametrize("given", ["abcdefgh", "3f2b8c1e-9d7a-4c55-8a10-1f6f1d2c3b4a", "a" * 64])
async def test_a_sane_request_id_is_taken_over(world: World, given: str) -> None:
    async with world.client("submitter") as client:
        headers = {"content-type": TEXT, "x-request-id": given}
        reply = await client.post("/v1/cases", content=text(SURE), headers=headers)
    assert reply.headers["x-request-id"] == given
    assert reply.json()["request_id"] == reply.json()["decision"]["request_id"] == given


@pytest.mark.parametrize(
    "given", ["short", "a" * 65, "with space", 'quote"and{brace}', "line\\nend", "bücher-id", ""]
)
async def test_any_other_request_id_is_replaced(world: World, given: str) -> None:
    async with world.anonymous() as client:
        headers = [(b"x-request-id", given.encode())]
        first = await client.get("/v1/nothing", headers=headers)
        second = await client.get("/v1/nothing", headers=headers)
    ids = {first.headers["x-request-id"], second.headers["x-request-id"]}
    assert len(ids) == 2
    assert all(len(one) >= 16 and one.isalnum() for one in ids)
    assert given not in ids
