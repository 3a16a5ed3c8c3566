"""The lists of what waits for a person and what is held, and the way out of quarantine."""

from typing import Any

import httpx2
import pytest

from app.records.schema import audit, decisions
from app.records.schema import cases as case_table
from tests.api.conftest import Build
from tests.api.usecase import SURE, UNSURE, UNUSABLE, text
from tests.api.world import FakeModel, World

pytestmark = pytest.mark.anyio


async def whole(client: httpx2.AsyncClient, path: str, limit: int) -> list[dict[str, Any]]:
    """All pages of a list."""
    found: list[dict[str, Any]] = []
    query: dict[str, str | int] = {"limit": limit}
    for _ in range(50):
        reply = await client.get(path, params=query)
        assert reply.status_code == 200, reply.text
        found += reply.json()["items"]
        if reply.json()["next"] is None:
            return found
        assert len(reply.json()["items"]) == limit
        query["after"] = reply.json()["next"]
    raise AssertionError("the list does not end")


async def replay(world: World, held: dict[str, Any]) -> httpx2.Response:
    async with world.client("operator", sub="operator-1") as client:
        return await client.post(f"/v1/quarantine/{held['quarantine']['id']}/replay")


@pytest.mark.parametrize(("path", "words"), [("/v1/review", UNSURE), ("/v1/quarantine", UNUSABLE)])
@pytest.mark.parametrize("limit", [1, 3, 7, 50])
async def test_paging_shows_everything_once_and_oldest_first(
    world: World, path: str, words: str, limit: int
) -> None:
    sent = [(await world.send(text(words)))["id"] for _ in range(7)]
    await world.send(text(SURE))
    async with world.client("auditor") as client:
        assert [item["case_id"] for item in await whole(client, path, limit)] == sent


async def test_what_arrives_while_somebody_pages_is_seen_later(world: World) -> None:
    first = [(await world.send(text(UNSURE)))["id"] for _ in range(2)]
    async with world.client("reviewer") as client:
        reply = await client.get("/v1/review", params={"limit": 1})
        added = (await world.send(text(UNSURE)))["id"]
        rest = await client.get("/v1/review", params={"after": reply.json()["next"]})
    assert [item["case_id"] for item in rest.json()["items"]] == [first[1], added]


async def test_a_review_item_holds_what_a_person_needs(world: World) -> None:
    case = await world.send(text(UNSURE))
    async with world.client("reviewer") as client:
        (item,) = await whole(client, "/v1/review", 50)
    assert item["reason"] == "below_threshold"
    assert item["reasons"] == case["decision"]["reasons"]
    assert item["headline"] == "(no subject)"
    assert item["fields"] == [["Proposed", "plain"], ["Text", text(UNSURE).decode()]]


async def test_a_quarantined_case_says_why_and_what_to_do(world: World) -> None:
    await world.send(text(UNUSABLE))
    async with world.client("operator") as client:
        (item,) = await whole(client, "/v1/quarantine", 50)
    assert (item["reason"], item["detail"]) == ("unusable", "The text is no note.")
    assert "route it by hand" in item["explanation"]


async def test_a_replay_after_a_fix_settles_the_case(build: Build) -> None:
    before = build(intake_limit_bytes=10)
    held = await before.send(text(SURE), sub="person-1")
    world = build()
    reply = await replay(world, held)
    assert (reply.status_code, reply.json()["status"]) == (200, "answered")
    assert reply.json()["id"] == held["id"]
    assert reply.json()["received_at"] == held["received_at"]
    assert reply.json()["quarantine"] is None
    async with world.client("submitter", sub="person-1") as client:
        assert (await client.get(f"/v1/cases/{held['id']}")).json() == reply.json()
    async with world.client("operator") as client:
        assert await whole(client, "/v1/quarantine", 50) == []
    entry = world.rows(audit)[-1]
    assert (entry["action"], entry["actor"]) == ("quarantine.replayed", "operator-1")
    assert world.broken_link() is None


async def test_a_replay_can_end_with_a_person(build: Build) -> None:
    held = await build(intake_limit_bytes=10).send(text(UNSURE))
    world = build()
    assert (await replay(world, held)).json()["status"] == "in_review"
    async with world.client("reviewer") as client:
        assert [item["case_id"] for item in await whole(client, "/v1/review", 50)] == [held["id"]]


async def test_a_second_replay_decides_nothing(build: Build) -> None:
    held = await build(intake_limit_bytes=10).send(text(SURE))
    model = FakeModel('{"label": "urgent"}')
    world = build(model=model)
    assert (await replay(world, held)).status_code == 200
    assert (await replay(world, held)).status_code == 409
    assert len(world.rows(decisions)) == 1
    assert model.asked == 1


@pytest.mark.parametrize(
    ("body", "kind", "reason", "detail"),
    [
        (text(UNUSABLE), "text/plain", "unusable", "no note"),
        (b"%PDF-1.7 " * 40, "text/plain", "corrupt", "PDF"),
        (b'{"body": "Erika Mustermann"', "application/json", "unusable", "not valid JSON"),
        (b'{"Erika": "Mustermann"}', "application/json", "unusable", "2 fields"),
    ],
)
async def test_a_failing_replay_stays_held_with_the_new_reason(
    build: Build, body: bytes, kind: str, reason: str, detail: str
) -> None:
    held = await build(intake_limit_bytes=10).send(body, kind)
    assert held["quarantine"]["reason"] == "too_large"
    world = build()
    reply = await replay(world, held)
    assert (reply.status_code, reply.json()["status"]) == (200, "quarantined")
    assert reply.json()["quarantine"]["id"] == held["quarantine"]["id"]
    assert reply.json()["quarantine"]["reason"] == reason
    assert detail in reply.json()["quarantine"]["detail"]
    assert "Erika" not in reply.text
    async with world.client("auditor") as client:
        (item,) = await whole(client, "/v1/quarantine", 50)
    assert item == reply.json()["quarantine"]
    assert world.rows(audit)[-1]["action"] == "quarantine.replay_failed"
    assert world.broken_link() is None


async def test_a_case_stored_under_an_earlier_schema_is_still_shown(world: World) -> None:
    case = await world.send(text(UNSURE))
    with world.database.begin() as connection:
        connection.execute(case_table.update().values(input='{"title": "Old", "size": 3}'))
    async with world.client("reviewer") as client:
        (item,) = await whole(client, "/v1/review", 50)
    assert item["fields"] == [["title", "Old"], ["size", "3"]]
    async with world.signed_in("auditor") as browser:
        page = await browser.get(f"/cases/{case['id']}")
    assert page.status_code == 200
    assert "<dt>title</dt><dd>Old</dd>" in page.text
