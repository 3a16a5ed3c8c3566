"""The session of a browser: its cookie, its end, and the forms sent within it."""

import base64
import json
from pathlib import Path

import pytest
from itsdangerous import TimestampSigner

from tests.identity.people import PAGES, PROVIDER, SECRET, World
from tests.identity.site import Clock

pytestmark = pytest.mark.anyio


async def test_the_session_holds_no_token(world: World) -> None:
    await world.signed_in()
    cookie = str(world.browser.cookies["session"])
    assert "eyJ" not in base64.b64decode(cookie.partition(".")[0] + "==").decode()


async def test_a_wrong_role_is_403_and_an_ended_session_form_401(world: World) -> None:
    assert (await world.browser.post("/decide")).status_code == 401
    await world.signed_in()
    assert (await world.browser.get("/admin")).status_code == 403


async def test_signing_in_replaces_the_session(world: World) -> None:
    await world.signed_in("person-reviewer")
    old_csrf = await world.csrf()
    assert (await world.browser.get("/draft?keep=theirs")).json() == "theirs"
    await world.signed_in("person-submitter")
    assert (await world.browser.get("/draft")).json() == ""
    assert await world.who() == "person-submitter"
    assert await world.csrf() != old_csrf
    reply = await world.browser.post("/decide", data={"csrf": await world.csrf()})
    assert reply.status_code == 403  # the first person's role is gone


async def test_a_form_needs_the_sessions_token_and_origin(world: World) -> None:
    await world.signed_in()
    good = {"csrf": await world.csrf()}
    for data, origin, status in (
        (good, None, 200),
        (good, "same-origin", 200),
        (good, "same-site", 403),
        (good, "cross-site", 403),
        (good, "none", 403),
        ({}, None, 403),
        ({"csrf": ""}, "same-origin", 403),
        ({"csrf": "ü" * 32}, None, 403),
        ({"csrf": good["csrf"][:-1]}, None, 403),
    ):
        headers = {} if origin is None else {"sec-fetch-site": origin}
        reply = await world.browser.post("/decide", data=data, headers=headers)
        assert reply.status_code == status, (data, origin)


async def test_signing_out_needs_the_sessions_token(world: World) -> None:
    await world.signed_in()
    csrf = await world.csrf()
    assert (await world.browser.get("/sign-out")).status_code == 405
    assert (await world.browser.post("/sign-out")).status_code == 403
    assert (await world.browser.post("/sign-out", data={"csrf": "x" * 32})).status_code == 403
    assert await world.who() == "person-reviewer"
    reply = await world.browser.post("/sign-out", data={"csrf": csrf})
    # Not on to the provider: the pages' policy lets forms lead to this site only.
    assert (reply.status_code, reply.headers["location"]) == (303, "/signed-out")
    assert (await world.browser.get("/signed-out")).status_code == 200
    assert await world.who() is None
    assert (await world.browser.get("/review/1")).status_code == 303
    assert (await world.browser.post("/sign-out")).status_code == 303


async def test_a_session_ends_after_its_hours(tmp_path: Path, clock: Clock) -> None:
    clock.now -= 8 * 3600 + 1
    world = World(tmp_path, clock, session_hours=8)
    await world.signed_in()
    assert await world.who() is None
    assert (await world.browser.get("/review/1")).status_code == 303
    clock.now += 60
    await world.signed_in()
    assert await world.who() == "person-reviewer"


def use_session(world: World, secret: str, **changes: str) -> None:
    """Give the browser a session cookie signed with this secret."""
    content = {
        "sub": "person-reviewer",
        "name": "A",
        "roles": ["reviewer"],
        "iss": PROVIDER,
        "until": 9e9,
        "csrf": "c" * 32,
        **changes,
    }
    signed = TimestampSigner(secret).sign(base64.b64encode(json.dumps(content).encode()))
    world.browser = world.new_browser()
    world.browser.cookies.set("session", signed.decode(), domain="127.0.0.1")


async def test_a_session_with_another_signature_is_no_session(world: World) -> None:
    use_session(world, SECRET)
    assert await world.who() == "person-reviewer"
    use_session(world, "t" * 40)
    assert await world.who() is None


async def test_a_session_without_a_form_token_takes_no_form(world: World) -> None:
    use_session(world, SECRET, csrf="")
    assert (await world.browser.post("/decide", data={"csrf": ""})).status_code == 403
    use_session(world, SECRET)
    assert (await world.browser.post("/decide", data={"csrf": "c" * 32})).status_code == 200


async def test_the_cookie_is_bound_to_https_and_host_where_there_is_https(
    tmp_path: Path, clock: Clock
) -> None:
    for public_url, name, secure in (
        ("https://pages.test", "__Host-session", True),
        (PAGES, "session", False),
    ):
        world = World(tmp_path, clock, public_url=public_url)
        reply = await world.browser.get("/sign-in")
        cookie = reply.headers["set-cookie"].lower()
        assert cookie.startswith(f"{name.lower()}=")
        assert ("; secure" in cookie) is secure
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "path=/;" in cookie
        assert "domain" not in cookie
