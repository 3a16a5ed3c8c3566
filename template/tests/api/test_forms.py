"""Signing in and out, and the three ways to try the service with a form."""

import re
from http.cookies import SimpleCookie

import httpx2
import pytest

from app.records.schema import cases, originals
from tests.api.conftest import Build
from tests.api.usecase import SURE, text
from tests.api.world import TEXT, World, csrf, person, sign_in
from tests.identity.people import PROVIDER, query

pytestmark = pytest.mark.anyio

POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
PATHS = ("/", "/try", "/docs", "/nothing", "/cases/case_0", "/signed-out", "/cases/{id}")


async def submit(
    browser: httpx2.AsyncClient, path: str, token: str | None = None, **form: str
) -> httpx2.Response:
    data = {"csrf": await csrf(browser) if token is None else token, **form}
    return await browser.post(path, data=data)


async def result(browser: httpx2.AsyncClient, reply: httpx2.Response) -> str:
    """The page to which a form leads."""
    assert reply.status_code == 303, reply.text
    assert reply.headers["location"].startswith("/cases/case_")
    return (await browser.get(reply.headers["location"])).text


async def test_signing_in_leads_back_to_the_page_that_was_wanted(world: World) -> None:
    async with world.browser() as browser:
        reply = await browser.get("/docs?x=1")
        reply = await browser.get(reply.headers["location"])
        asked = query(reply.headers["location"])
        form = {**asked, "person": person("auditor")}
        reply = await browser.post(f"{PROVIDER}/authorize", data=form)
        reply = await browser.get(reply.headers["location"])
        assert reply.headers["location"] == "/docs?x=1"
        assert "(auditor)" in (await browser.get("/docs?x=1")).text


async def test_signing_out_ends_the_session(world: World) -> None:
    async with world.signed_in() as browser:
        token = await csrf(browser)
        reply = await submit(browser, "/sign-out", "wrong")
        assert reply.status_code == 403
        assert (await browser.get("/")).status_code == 200
        reply = await submit(browser, "/sign-out", token)
        assert (reply.status_code, reply.headers["location"]) == (303, "/signed-out")
        assert "You are signed out" in (await browser.get("/signed-out")).text
        assert (await browser.get("/")).status_code == 303


def cookie(reply: httpx2.Response) -> tuple[str, set[str]]:
    """The name of the session cookie, and its flags in lower case."""
    header = reply.headers["set-cookie"]
    (name,) = SimpleCookie(header)
    return name, {part.strip().lower() for part in header.split(";")[1:]}


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    build: Build,
) -> None:
    async with build().browser() as browser:
        name, flags = cookie(await browser.get("/sign-in"))
    assert name == "session"
    assert {"httponly", "samesite=lax", "path=/"} <= flags
    async with build(public_url="https://poc.test").browser() as browser:
        name, flags = cookie(await browser.get("/sign-in"))
    assert name == "__Host-session"
    assert {"httponly", "samesite=lax", "secure", "path=/"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)


async def test_a_pasted_text_is_taken_in(world: World) -> None:
    async with world.signed_in() as browser:
        words = text(SURE).decode()
        reply = await submit(browser, "/try", kind=TEXT, text=words)
        assert "Answered without a person" in await result(browser, reply)
        row = world.rows(cases)[0]
    assert (row["content_type"], row["submitter"]) == (TEXT, person("submitter"))
    assert world.rows(originals)[0]["body"] == text(SURE)


async def test_a_sample_is_taken_in(world: World) -> None:
    async with world.signed_in() as browser:
        html = (await browser.get("/try")).text
        offered = re.findall(r'<option value="(\w+)">', html)
        assert offered == ["sure", "unsure", "nothing"]
        reply = await submit(browser, "/try/sample", sample="unsure")
        assert "Waits for a person" in await result(browser, reply)
        assert (await submit(browser, "/try/sample", sample="other")).status_code == 404


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("note.eml", b"From: jo@mail.example\r\n\r\n" + text(SURE), "message/rfc822"),
        ("note", b"From: jo@mail.example\r\n\r\n" + text(SURE), "message/rfc822"),
        ("note.TXT", text(SURE), "text/plain"),
        ("note.json", b'{"body": "%s"}' % text(SURE), "application/json"),
    ],
)
async def test_a_file_is_taken_in_as_what_its_name_says(
    world: World, name: str, body: bytes, kind: str
) -> None:
    async with world.signed_in() as browser:
        data = {"csrf": await csrf(browser)}
        reply = await browser.post("/try/file", data=data, files={"file": (name, body)})
        assert "Answered without a person" in await result(browser, reply)
    assert world.rows(cases)[0]["content_type"] == kind
    assert world.rows(originals)[0]["body"] == body


async def test_a_form_that_cannot_be_used_says_what_to_do(build: Build) -> None:
    world = build(body_limit_bytes=10_000)
    async with world.signed_in() as browser:
        data = {"csrf": await csrf(browser)}
        reply = await browser.post("/try/file", data=data, files={"file": ("a.eml", b"")})
        assert (reply.status_code, "not empty" in reply.text) == (422, True)
        reply = await submit(browser, "/try", kind="text/html", text="x")
        assert (reply.status_code, "Choose what the text is" in reply.text) == (422, True)
        reply = await submit(browser, "/try", kind=TEXT, text="x" * 10_000)
        assert (reply.status_code, "at most 10000 bytes" in reply.text) == (413, True)
        headers = {"content-type": "multipart/form-data"}
        reply = await browser.post("/try/file", content=b"nonsense", headers=headers)
        assert (reply.status_code, "cannot be read" in reply.text) == (422, True)
    assert world.rows(cases) == []


async def test_json_of_the_wrong_shape_comes_back_to_be_corrected(world: World) -> None:
    async with world.signed_in() as browser:
        words = '{"body": 7, "subject": "Tea & toast"}'
        reply = await submit(browser, "/try", kind="application/json", text=words)
    assert reply.status_code == 422
    assert "Correct the listed fields. body: " in reply.text
    assert "Tea &amp; toast&#34;}</textarea>" in reply.text
    assert '<option value="application/json" selected>' in reply.text


@pytest.mark.parametrize("path", ["/try", "/try/sample", "/try/file", "/sign-out"])
@pytest.mark.parametrize("token", ["", "wrong", "ü"])
async def test_a_form_from_elsewhere_is_refused(world: World, path: str, token: str) -> None:
    async with world.signed_in() as browser:
        reply = await submit(browser, path, token, sample="sure", kind=TEXT, text="x")
        assert (reply.status_code, reply.headers["content-type"][:9]) == (403, "text/html")
        assert "Load the page again" in reply.text
        form = {"csrf": await csrf(browser), "sample": "sure", "kind": TEXT, "text": "x"}
        headers = {"sec-fetch-site": "cross-site"}
        assert (await browser.post(path, data=form, headers=headers)).status_code == 403
    assert world.rows(cases) == []


async def test_the_token_of_another_session_does_not_count(world: World) -> None:
    async with world.signed_in() as other:
        token = await csrf(other)
    async with world.signed_in() as browser:
        assert (await submit(browser, "/try/sample", token, sample="sure")).status_code == 403


async def test_no_page_runs_or_loads_anything_foreign(world: World) -> None:
    case = await world.send(text(SURE))
    async with world.browser() as browser:
        await sign_in(browser, "admin")
        for path in PATHS:
            reply = await browser.get(path.replace("{id}", case["id"]))
            policy = reply.headers["content-security-policy"]
            assert {part.strip() for part in policy.split(";")} == POLICY
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["cache-control"] == "no-store"
            assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", reply.text)
            for address in re.findall(r'(?:href|src|action)="([^"]*)"', reply.text):
                # The empty icon keeps browsers from asking for one.
                assert address.startswith(("/", "#")) or address == "data:,", address
                if address.startswith("/static/"):
                    assert (await browser.get(address)).status_code == 200
