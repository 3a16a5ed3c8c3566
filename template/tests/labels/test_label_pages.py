"""Two people label on the pages, a third where they differ, and nobody sees another's word."""

import re

import pytest
from sqlalchemy import Table

from app.records.schema import audit, labels
from tests.api.world import World
from tests.labels.desk import (
    MODEL,
    REVIEWER,
    SECOND,
    THIRD,
    Desk,
    desks,
    opened,
    signed_in,
)

pytestmark = pytest.mark.anyio


def said(world: World, table: Table = labels) -> list[dict[str, object]]:
    return world.rows(table)


async def test_a_case_gets_two_labels_and_no_third_when_they_are_equal(world: World) -> None:
    await opened(world.records, 1)
    async with desks(world, REVIEWER, SECOND, THIRD) as (one, two, three):
        for desk in (one, two):
            assert await desk.look() == "case-0000"
            assert (await desk.say()).status_code == 303
        assert [await desk.look() for desk in (one, two, three)] == [None, None, None]
    assert [(row["person"], row["value"]) for row in said(world)] == [
        (REVIEWER, '{"tone": "quiet", "formal": true}'),
        (SECOND, '{"tone": "quiet", "formal": true}'),
    ]


@pytest.mark.parametrize(
    ("second", "more"),
    [({"tone": "loud"}, {}), ({"tone": "none"}, {}), ({}, {"field.formal": "no"})],
)
async def test_a_difference_in_any_field_goes_to_a_third(
    world: World, second: dict[str, str], more: dict[str, str]
) -> None:
    await opened(world.records, 1)
    async with desks(world, REVIEWER, SECOND, THIRD) as (one, two, three):
        for desk, value in ((one, {}), (two, {**second, **more})):
            await desk.look()
            await desk.say(**value)
        assert [await desk.look() for desk in (one, two)] == [None, None]
        assert await three.look() == "case-0000"
        await three.say("loud")
        assert await three.look() is None
    assert len(said(world)) == 3


@pytest.mark.parametrize("order", [("unsure", "answer"), ("answer", "unsure"), ("unsure",) * 2])
async def test_who_is_unsure_leaves_it_to_a_third(world: World, order: tuple[str, str]) -> None:
    await opened(world.records, 1)
    async with desks(world, REVIEWER, SECOND, THIRD) as (one, two, three):
        for desk, word in zip((one, two), order, strict=True):
            await desk.look()
            await desk.say(said=word)
        assert await three.look() == "case-0000"


async def test_the_page_of_the_third_says_what_the_page_of_the_first_said(world: World) -> None:
    await opened(world.records, 1)
    async with desks(world, REVIEWER, SECOND, THIRD) as (one, two, three):
        pages = []
        for desk, tone in ((one, "quiet"), (two, "loud"), (three, "quiet")):
            await desk.look()
            own = r'name="csrf" value="[^"]*"|<nav.*?</nav>'
            pages.append(re.sub(own, "", desk.page, flags=re.DOTALL))
            await desk.say(tone)
    assert pages[0] == pages[1] == pages[2]


async def test_nothing_on_a_page_tells_what_others_or_the_model_said(world: World) -> None:
    """Also of cases that this person has labelled, and of who labelled them."""
    await opened(world.records, 2)
    async with desks(world, REVIEWER, SECOND) as (one, two):
        for _ in range(2):
            await one.look()
            await one.say("loud", edge="two_tones")
        await two.look()
        shown = [two.page]
        await two.say("quiet")
        await two.look()
        shown.append(two.page)
        shown += [(await two.browser.get("/label")).text]
        shown += [(await one.browser.get("/label")).text]
    for page in shown:
        assert REVIEWER not in page.replace(f'value="{REVIEWER}"', "")
        assert "checked>" not in page.replace('role="switch" checked>', "")
        assert "selected" not in page
        assert MODEL not in page
        assert "Proposed" not in page


async def test_nobody_labels_a_case_twice(world: World) -> None:
    await opened(world.records, 1)
    async with desks(world, REVIEWER) as (one,):
        await one.look()
        await one.say("quiet")
        again = await one.say("loud")
        assert again.headers["location"].endswith("?notice=before")
        assert "that label stands" in (await one.browser.get(again.headers["location"])).text
    assert [row["value"] for row in said(world)] == ['{"tone": "quiet", "formal": true}']


async def test_a_label_without_a_place_is_answered_with_the_next_case(world: World) -> None:
    await opened(world.records, 2)
    async with desks(world, REVIEWER, SECOND, THIRD) as (one, two, three):
        first = await three.look()
        for desk in (one, two):
            while await desk.look() is not None:
                await desk.say()
        late = await three.say()
        assert late.status_code == 303
        page = (await three.browser.get(late.headers["location"])).text
    assert "Two people have labelled that case meanwhile" in page
    assert first is not None
    assert len(said(world)) == 4


async def test_two_who_start_together_do_not_meet_and_pairs_complete(world: World) -> None:
    await opened(world.records, 30)
    async with desks(world, REVIEWER, SECOND) as (one, two):
        met = [await one.look(), await two.look()]
        assert met[0] != met[1]
        for _ in range(10):
            for desk in (one, two):
                await desk.look()
                await desk.say()
    given: dict[object, int] = {}
    for row in said(world):
        given[row["position"]] = given.get(row["position"], 0) + 1
    assert sum(count == 2 for count in given.values()) >= 9


async def test_the_last_label_is_taken_back_and_given_anew(world: World) -> None:
    await opened(world.records, 3)
    async with desks(world, REVIEWER) as (one,):
        first = await one.look()
        await one.say("loud")
        await one.look()
        assert (await one.back()).headers["location"].endswith("?notice=back")
        assert said(world) == []
        assert await one.look() == first
        await one.say("quiet")
    assert [row["value"] for row in said(world)] == ['{"tone": "quiet", "formal": true}']
    actions = [row["action"] for row in said(world, audit)]
    assert actions == ["label.round_started", "label.saved", "label.taken_back", "label.saved"]
    assert world.broken_link() is None


async def test_what_was_taken_back_keeps_its_place_beside_a_third(world: World) -> None:
    await opened(world.records, 1)
    async with desks(world, REVIEWER, SECOND, THIRD) as (one, two, three):
        for desk, tone in ((one, "loud"), (two, "quiet"), (three, "quiet")):
            await desk.look()
            await desk.say(tone)
        await one.look()
        await one.back()
        assert await one.look() == "case-0000"
        await one.say("quiet")
        assert await one.look() is None
    places = {row["place"]: row["person"] for row in said(world)}
    assert places == {1: REVIEWER, 2: SECOND, 3: THIRD}


async def test_pressing_back_twice_takes_one_label_back(world: World) -> None:
    await opened(world.records, 3)
    async with desks(world, REVIEWER) as (one,):
        for _ in range(2):
            await one.look()
            await one.say()
        await one.look()
        await one.back()
        assert (await one.back()).headers["location"].endswith("?notice=none")
    assert len(said(world)) == 1


async def test_the_overview_and_the_link_to_it_are_there(world: World) -> None:
    await opened(world.records, 2)
    async with signed_in(world, REVIEWER) as browser:
        desk = Desk(browser)
        await desk.look()
        await desk.say()
        desk.page = (await browser.get("/label")).text
        assert "Labelled by you 1 Left for you 1" in desk.text
        assert '<a href="/label">Label</a>' in (await browser.get("/")).text
        await desk.look()
        assert "1 labelled by you, 1 left for you" in desk.text
        assert "Read it twice, then decide." in desk.text
    async with world.signed_in("submitter") as browser:
        assert '<a href="/label">' not in (await browser.get("/")).text
