"""The form of a case: every kind of field, what it refuses, and whose it is."""

import httpx2
import pytest
from sqlalchemy import Table

from app.records.schema import audit, labels
from tests.api.conftest import Build
from tests.api.world import World
from tests.labels.desk import (
    REVIEWER,
    SECOND,
    Letter,
    Letters,
    a_round,
    desks,
    opened,
    signed_in,
)

pytestmark = pytest.mark.anyio


def said(world: World, table: Table = labels) -> list[dict[str, object]]:
    return world.rows(table)


async def test_what_is_missing_is_said_and_what_was_chosen_is_kept(world: World) -> None:
    await opened(world.records, 1)
    async with desks(world, REVIEWER) as (one,):
        await one.look()
        reply = await one.send("/label/development", **{"said": "answer", "field.tone": "loud"})
        assert reply.status_code == 422
        assert "Choose one for “Formal”: yes, no." in reply.text
        assert 'value="loud" required checked' in reply.text
    assert said(world) == []


@pytest.mark.parametrize(
    ("word", "edge", "sentence"),
    [
        ("answer", "blank", "“Nothing but blanks” is for cases with nothing to answer."),
        ("nothing", "two_tones", "“Two tones in one” is for cases that have an answer."),
        ("answer", "other", "There is no edge category with this name."),
    ],
)
async def test_an_edge_category_has_to_fit_the_label(
    world: World, word: str, edge: str, sentence: str
) -> None:
    await opened(world.records, 1)
    async with desks(world, REVIEWER) as (one,):
        await one.look()
        reply = await one.say(said=word, edge=edge)
        assert reply.status_code == 422
        assert sentence in reply.text
        assert (await one.say(said="unsure", edge="blank")).status_code == 303


async def test_every_kind_of_field_is_read(build: Build) -> None:
    world = build(usecase=Letters(Letter))
    await opened(world.records, 1, a_round(answer_type=Letter))
    written = {
        "field.pages": "3",
        "none.total": "yes",
        "field.sent": "2026-03-31",
        "field.names": "Ada\r\n\r\n Grace ",
    }
    async with desks(world, REVIEWER) as (one,):
        await one.look()
        wrong = await one.say(**{**written, "field.pages": "three", "field.sent": "31.3."})
        assert wrong.status_code == 422
        assert "“Pages” has to be a whole number, such as 12." in wrong.text
        assert "“Sent” has to be a day, such as 2026-03-31, or none if there is none." in wrong.text
        assert (await one.say(**written)).status_code == 303
    assert said(world)[0]["value"] == (
        '{"tone": "quiet", "formal": true, "pages": 3, "total": null, "sent": "2026-03-31",'
        ' "names": ["Ada", "Grace"]}'
    )
    entry = str(said(world, audit)[-1]["details"])
    assert "quiet" in entry
    assert "Ada" not in entry


async def test_a_round_that_is_none_is_no_page(world: World) -> None:
    async with signed_in(world, REVIEWER) as browser:
        for name in ("nothing", "%00", "\N{SNOWMAN}"):
            assert (await browser.get(f"/label/{name}")).status_code == 404
        assert "There is no round" in (await browser.get("/label")).text


async def test_a_round_of_another_schema_takes_no_label(world: World) -> None:
    await opened(world.records, 1, a_round(answer_type=Letter))
    async with signed_in(world, REVIEWER) as browser:
        reply = await browser.get("/label/development")
    assert reply.status_code == 409
    assert "has changed since this round was started" in reply.text


async def test_a_form_of_another_session_is_refused(world: World) -> None:
    await opened(world.records, 1)
    async with desks(world, REVIEWER, SECOND) as (one, two):
        await one.look()
        await two.look()
        two.page = one.page
        replies: list[httpx2.Response] = [await two.say()]
        replies.append(await two.send("/label/development/back"))
        assert [reply.status_code for reply in replies] == [403, 403]
    assert said(world) == []


async def test_a_list_may_hold_nothing(build: Build) -> None:
    world = build(usecase=Letters(Letter))
    await opened(world.records, 1, a_round(answer_type=Letter))
    written = {"field.pages": "1", "none.total": "yes", "none.sent": "yes", "none.names": "yes"}
    async with desks(world, REVIEWER) as (one,):
        await one.look()
        assert (await one.say(**written)).status_code == 303
    assert str(said(world)[0]["value"]).endswith('"sent": null, "names": []}')
