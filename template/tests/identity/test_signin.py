"""Signing in to the pages, end to end against the local identity provider, and its attacks."""

import base64
import hashlib
import json
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from tests.identity.issuer import b64
from tests.identity.people import PAGES, PROVIDER, World, query, with_query
from tests.identity.site import Clock

pytestmark = pytest.mark.anyio


async def failed(world: World, back: str) -> bool:
    """Whether a way back from the provider ends in the one error, with nobody signed in."""
    reply = await world.browser.get(back)
    assert reply.status_code in (303, 401), reply.text
    if reply.status_code == 401:
        assert reply.json()["detail"].startswith("The sign-in did not complete.")
        assert "www-authenticate" not in reply.headers
        assert await world.who() is None
    return reply.status_code == 401


async def test_a_person_signs_in_and_returns_to_the_page_they_wanted(world: World) -> None:
    reply = await world.browser.get("/review/7?tab=notes&x=a%26b")
    assert reply.status_code == 303
    reply = await world.browser.get(reply.headers["location"])
    back = await world.picked(query(reply.headers["location"]), "person-submitter-reviewer")
    reply = await world.browser.get(back)
    assert (reply.status_code, reply.headers["location"]) == (303, "/review/7?tab=notes&x=a%26b")
    caller = (await world.browser.get("/review/7")).json()["caller"]
    assert caller == [
        "person-submitter-reviewer",
        "Samira Haddad",
        PROVIDER,
        "reviewer",
        "submitter",
    ]


async def test_the_request_to_the_provider_is_protected(world: World) -> None:
    first, second = await world.asked(), await world.asked()
    assert first["response_type"] == "code"
    assert first["code_challenge_method"] == "S256"
    assert first["redirect_uri"] == f"{PAGES}/sign-in/callback"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 32
        assert first[name] != second[name]


async def test_the_callback_address_does_not_come_from_the_host_header(world: World) -> None:
    reply = await world.browser.get("/sign-in", headers={"host": "evil.test"})
    assert query(reply.headers["location"])["redirect_uri"] == f"{PAGES}/sign-in/callback"


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "x" * 32},
        {"state": None},
        {"state": ""},
        {"state": "ü"},
        {"iss": "https://other.test"},
        {"iss": f"{PROVIDER}/"},
        {"iss": None},
        {"code": None},
        {"code": "x" * 32},
        {"code": None, "error": "access_denied"},
    ],
    ids=str,
)
async def test_a_changed_answer_does_not_sign_in(
    world: World, changes: dict[str, str | None]
) -> None:
    back = await world.picked(await world.asked(), "person-admin")
    assert await failed(world, with_query(back, **changes))
    assert await failed(world, back)  # the attempt is over, the right answer comes too late


async def test_an_answer_without_an_attempt_does_not_sign_in(world: World) -> None:
    back = await world.picked(await world.asked(), "person-admin")
    world.browser = world.new_browser()
    assert await failed(world, back)


async def test_an_answer_to_somebody_elses_attempt_does_not_sign_in(world: World) -> None:
    back = await world.picked(await world.asked(), "person-admin")
    world.browser = world.new_browser()
    await world.asked()
    assert await failed(world, back)


async def test_a_replayed_answer_changes_nothing(world: World) -> None:
    back = await world.picked(await world.asked(), "person-reviewer")
    attempt = str(world.browser.cookies["session"])
    assert (await world.browser.get(back)).status_code == 303
    assert (await world.browser.get(back)).status_code == 401
    assert await world.who() == "person-reviewer"
    world.browser = world.new_browser()
    world.browser.cookies.set("session", attempt, domain="127.0.0.1")
    assert await failed(world, back)


@pytest.mark.parametrize(("waited", "in_time"), [(590, True), (601, False)])
async def test_an_attempt_lasts_ten_minutes(world: World, waited: float, in_time: bool) -> None:
    asked = await world.asked()
    world.clock.now += waited
    back = await world.picked(asked, "person-admin")
    assert await failed(world, back) is not in_time


async def test_a_code_made_for_another_nonce_does_not_sign_in(world: World) -> None:
    asked = await world.asked()
    back = await world.picked({**asked, "nonce": "x" * 32}, "person-admin")
    assert await failed(world, back)
    asked = await world.asked()
    back = await world.picked({**asked, "nonce": ""}, "person-admin")
    assert await failed(world, back)


async def test_a_code_made_for_another_verifier_does_not_sign_in(world: World) -> None:
    asked = await world.asked()
    other = b64(hashlib.sha256(b"another verifier").digest())
    back = await world.picked({**asked, "code_challenge": other}, "person-admin")
    assert await failed(world, back)


async def test_an_access_token_in_place_of_the_id_token_does_not_sign_in(world: World) -> None:
    asked = await world.asked()
    back = await world.picked(asked, "person-admin")
    spent = await world.line.inner.handle_async_request(await redemption(world, back))
    tokens = json.loads(await spent.aread())
    access_token = tokens["access_token"]
    world.line.replies["/token"] = httpx2.Response(200, json={"id_token": access_token})
    assert await failed(world, back)


async def redemption(world: World, back: str) -> httpx2.Request:
    """The request with which the pages would redeem the code of this answer."""
    cookie = str(world.browser.cookies["session"]).partition(".")[0]
    flow = json.loads(base64.b64decode(cookie + "=="))["flow"]
    fields = {
        "grant_type": "authorization_code",
        "client_id": "poc-pages",
        "redirect_uri": f"{PAGES}/sign-in/callback",
        "code": query(back)["code"],
        "code_verifier": flow["verifier"],
    }
    return httpx2.Request("POST", f"{PROVIDER}/token", data=fields)


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.test",
        "//evil.test",
        "/\\evil.test",
        "/x\\y",
        "\\\\evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "/\r\nset-cookie: a=b",
        "javascript:alert(1)",
        "evil.test",
        "",
        " /review/1",
        "/" + "x" * 600,
    ],
)
async def test_the_way_back_stays_on_this_site(world: World, to: str) -> None:
    assert await world.signed_in(to=to) == "/"


@pytest.mark.parametrize(
    "reply",
    [
        httpx2.ConnectError("refused"),
        httpx2.Response(500, json={}),
        httpx2.Response(401, json={"error": "invalid_client"}),
        httpx2.Response(400, json={"error": "invalid_request"}),
        httpx2.Response(200, json={}),
        httpx2.Response(200, json={"id_token": 7}),
        httpx2.Response(200, content=b"<html>"),
        httpx2.Response(302, headers={"location": "https://elsewhere.test"}),
    ],
    ids=str,
)
async def test_a_provider_that_fails_is_503(
    world: World, reply: httpx2.Response | Exception
) -> None:
    back = await world.picked(await world.asked(), "person-admin")
    world.line.replies["/token"] = reply
    answer = await world.browser.get(back)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert await world.who() is None


async def test_sign_in_is_503_while_the_provider_was_never_reached(world: World) -> None:
    world.line.replies["/.well-known/openid-configuration"] = httpx2.ConnectError("refused")
    assert (await world.browser.get("/sign-in")).status_code == 503


async def test_a_confidential_client_sends_its_secret_urlencoded(
    tmp_path: Path, clock: Clock
) -> None:
    world = World(tmp_path, clock, client_secret=SecretStr("p:a ss%/+"))
    back = await world.picked(await world.asked(), "person-admin")
    world.line.asked.clear()
    await world.browser.get(back)
    sent = next(one for one in world.line.asked if one.url.path == "/token")
    scheme, _, pair = sent.headers["authorization"].partition(" ")
    assert scheme == "Basic"
    assert base64.b64decode(pair).decode() == "poc-pages:p%3Aa+ss%25%2F%2B"


async def test_a_public_client_sends_no_credentials(world: World) -> None:
    await world.signed_in()
    sent = next(one for one in world.line.asked if one.url.path == "/token")
    assert "authorization" not in sent.headers
