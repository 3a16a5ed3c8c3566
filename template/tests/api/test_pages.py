"""What a person sees: start, the result of a case, the API's description, and errors."""

import re
from pathlib import Path

import pytest
from pydantic import JsonValue
from sqlalchemy import text as sql

from app.api.agreed import agreed
from app.api.explain import shown
from app.gateway import Timeout
from tests.api.conftest import Build
from tests.api.usecase import (
    FAULTY,
    OBJECTIONABLE,
    SURE,
    UNSURE,
    UNUSABLE,
    Labelling,
    calibration,
    model_of,
    text,
)
from tests.api.world import TEXT, FakeModel, World, csrf

pytestmark = pytest.mark.anyio

SCRIPT = '<script>alert("x")</script>'
ATTRIBUTE = "\"' onmouseover=alert(1) x='"


def words_of(html: str) -> str:
    """What a browser shows of a page, on one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


async def page(world: World, path: str, role: str = "admin", status: int = 200) -> str:
    async with world.signed_in(role) as browser:
        reply = await browser.get(path)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    return reply.text


async def test_the_start_page_shows_what_is_missing_as_missing(
    build: Build, tmp_path: Path
) -> None:
    (tmp_path / "project.toml").write_text('[project]\nname = "Letters"\nproblem = "Too many."\n')
    folder = tmp_path / "governance"
    folder.mkdir()
    (folder / "owners.yaml").write_text(
        "roles:\n  sponsor: {person: Ines Roth}\n  production: {person: ''}\n"
    )
    (folder / "criteria.yaml").write_text("decisionDate: null\nvolume: {requestsPerMonth: 900}\n")
    (folder / "charter.yaml").write_text(
        "dataPolicy: {classes: {public: {}, customer_pii: {retentionDays: 3}}}\n"
    )
    shown = words_of(await page(build(), "/"))
    assert "Letters Too many." in shown
    assert "Sponsor Ines Roth" in shown
    assert "Production owner missing : say it with poc kickoff" in shown
    assert "Decision date missing : say it with poc kickoff" in shown
    assert "Requests a month 900" in shown
    assert "Most sensitive data customer pii" in shown


@pytest.mark.parametrize("content", ["roles: [", "just text", "[]", "roles: {sponsor: Ana}"])
async def test_a_governance_file_that_cannot_be_read_does_not_stop_the_page(
    build: Build, tmp_path: Path, content: str
) -> None:
    (tmp_path / "governance").mkdir()
    (tmp_path / "governance" / "owners.yaml").write_text(content)
    assert "Sponsor missing" in words_of(await page(build(), "/"))


@pytest.mark.parametrize(
    ("classes", "most"),
    [
        ("{public: {}}", "public"),
        ("{public: {}, internal: {}}", "internal"),
        ("{customer_pii: {}, internal: {}}", "customer pii"),
        ("{public: {}, customer_pii: {}, special: {}}", "special"),
        ("{}", ""),
        ("null", ""),
        ("{other: {}}", ""),
    ],
)
async def test_the_most_sensitive_class_of_data_is_the_one_shown(
    tmp_path: Path, classes: str, most: str
) -> None:
    (tmp_path / "charter.yaml").write_text(f"dataPolicy: {{classes: {classes}}}\n")
    assert dict(agreed(tmp_path))["Most sensitive data"] == most


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2026-12-18", "2026-12-18"), ("null", ""), ("~", ""), ("", ""), ("[a]", ""), ("010", "010")],
)
async def test_what_was_agreed_is_shown_as_it_stands_in_the_file(
    tmp_path: Path, value: str, shown: str
) -> None:
    (tmp_path / "criteria.yaml").write_text(f"decisionDate: {value}\nvolume: x\n")
    (tmp_path / "owners.yaml").write_bytes(b"\xff")
    assert agreed(tmp_path) == [
        ("Sponsor", ""),
        ("Production owner", ""),
        ("Decision date", shown),
        ("Requests a month", ""),
        ("Most sensitive data", ""),
    ]


async def test_the_start_page_counts_by_outcome(world: World) -> None:
    for words, number in ((SURE, 3), (UNSURE, 2), (UNUSABLE, 1)):
        for _ in range(number):
            await world.send(text(words))
    shown = words_of(await page(world, "/"))
    assert "Cases taken in 6 Answered without a person 3" in shown
    assert "Waiting for a person 2 Held in quarantine 1" in shown


async def test_without_kickoff_answers_the_pages_still_work(world: World) -> None:
    assert "Proof of concept" in await page(world, "/")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (SURE, "Answered without a person The calibrated acceptance reaches the threshold"),
        (SURE, "The answer label plain words none"),
        (SURE, "received intake: clean baseline acceptance: 0.98 of 0.92 answered"),
        (SURE, "98 % likely right; 92 % is needed"),
        (UNSURE, "Waits for a person The answer is not certain enough"),
        (UNSURE, "acceptance: 0.50 of 0.92 review: below threshold"),
        (OBJECTIONABLE, "review: objection"),
        (OBJECTIONABLE, "A rule objects."),
        (UNUSABLE, "Held in quarantine The text is no note. The text is readable but"),
        (UNUSABLE, "received intake: unusable quarantine"),
        (f"{SURE} \u200b\u202e", "intake: 1 note baseline"),
        (f"{SURE} \u200b\u202e", "control removed in text: characters: 2"),
    ],
)
async def test_the_page_of_a_case_says_what_became_of_it_and_why(
    world: World, words: str, shown: str
) -> None:
    case = await world.send(text(words))
    html = words_of(await page(world, f"/cases/{case['id']}"))
    assert shown in html
    assert case["id"] in html
    assert case["request_id"] in html


async def test_the_page_says_who_answered_in_place_of_a_model(build: Build) -> None:
    world = build(model=FakeModel(Timeout()))
    html = words_of(await page(world, f"/cases/{(await world.send(text(SURE)))['id']}"))
    assert "baseline (degraded)" in html
    assert "The model did not answer in time." in html


async def test_the_page_of_an_uncalibrated_answer_says_so(build: Build) -> None:
    world = build(calibrations=[])
    html = words_of(await page(world, f"/cases/{(await world.send(text(SURE)))['id']}"))
    assert "none: there is no valid calibration" in html
    of_baseline = calibration("offline", model_of(Labelling()))
    world = build(calibrations=[of_baseline.model_copy(update={"threshold": None})])
    html = words_of(await page(world, f"/cases/{(await world.send(text(SURE)))['id']}"))
    assert "acceptance: 0.98, no threshold review: uncalibrated" in html


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("", "none"),
        ([], "none"),
        ({}, "none"),
        (0, "0"),
        (False, "no"),
        (["a", 1.5], "a\n1.5"),
        ({"net_price": 3, "items": [{"name": "x"}, None]}, "net price: 3\nitems: name: x\nnone"),
    ],
    ids=str,
)
async def test_an_answer_of_any_shape_can_be_shown(value: JsonValue, seen: str) -> None:
    assert shown(value) == seen


async def test_everything_is_escaped(world: World) -> None:
    mail = (
        f"From: {ATTRIBUTE} <jo@mail.example>\r\nSubject: {SCRIPT}\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain\r\n\r\n{text(SURE).decode()} 1 &lt; 2 {ATTRIBUTE}\r\n"
        f"--b\r\nContent-Type: image/png; name='{SCRIPT}.png'\r\n\r\nx\r\n--b--\r\n"
    )
    case = await world.send(mail.encode(), "message/rfc822")
    html = await page(world, f"/cases/{case['id']}")
    assert "<script" not in html
    assert ATTRIBUTE not in html
    assert "&#34;&#39; onmouseover" in html


async def test_what_came_in_with_the_request_is_escaped(world: World) -> None:
    kind = f"text/plain; x={SCRIPT}"
    async with world.client("submitter") as client:
        reply = await client.post("/v1/cases", content=text(SURE), headers={"content-type": kind})
    assert "<script" not in await page(world, f"/cases/{reply.json()['id']}")
    async with world.signed_in() as browser:
        form = {"csrf": await csrf(browser), "kind": "application/json"}
        reply = await browser.post("/try", data={**form, "text": f"</textarea>{SCRIPT}"})
    assert reply.status_code == 422
    assert "&lt;/textarea&gt;&lt;script&gt;" in reply.text
    assert "<script" not in reply.text


async def test_the_api_page_lists_every_operation_with_its_roles(world: World) -> None:
    shown = words_of(await page(world, "/docs", "auditor"))
    assert "POST /v1/cases" in shown
    assert "Who may call admin, submitter Takes application/json text/plain" in shown
    assert "GET /health/live" in shown
    assert "Who may call anyone" in shown


@pytest.mark.parametrize(("role", "offered"), [("submitter", True), ("reviewer", False)])
async def test_only_who_may_send_is_led_to_the_form(world: World, role: str, offered: bool) -> None:
    assert ('href="/try"' in await page(world, "/", role)) is offered


@pytest.mark.parametrize(
    ("path", "role", "status", "says"),
    [
        ("/nothing", "admin", 404, "There is nothing here Check the address."),
        ("/cases/case_0", "submitter", 404, "There is no case with this id that you may see."),
        ("/try", "auditor", 403, "This needs one of the roles admin, submitter."),
    ],
)
async def test_an_error_is_a_page_with_what_to_do_and_the_request_id(
    world: World, path: str, role: str, status: int, says: str
) -> None:
    async with world.signed_in(role) as browser:
        reply = await browser.get(path, headers={"x-request-id": "request-0001"})
    assert reply.status_code == status
    assert says in words_of(reply.text)
    assert "<code>request-0001</code>" in reply.text
    assert reply.headers["x-request-id"] == "request-0001"


async def test_a_fault_is_a_page_that_says_nothing_of_the_exception(world: World) -> None:
    async with world.signed_in() as browser:
        form = {"csrf": await csrf(browser), "kind": TEXT, "text": text(FAULTY).decode()}
        reply = await browser.post("/try", data=form)
    assert (reply.status_code, reply.headers["content-type"][:9]) == (500, "text/html")
    assert reply.headers["x-request-id"] in reply.text
    for told in ("printer", "RuntimeError", "Traceback"):
        assert told not in reply.text


async def test_without_the_database_there_is_a_page(world: World) -> None:
    async with world.signed_in() as browser:
        with world.database.begin() as connection:
            connection.execute(sql("ALTER TABLE cases RENAME TO elsewhere"))
        reply = await browser.get("/")
    assert (reply.status_code, reply.headers["content-type"][:9]) == (503, "text/html")
    assert "nothing was stored; try again" in reply.text


async def test_another_method_is_a_page_that_says_so(world: World) -> None:
    async with world.signed_in() as browser:
        reply = await browser.put("/try")
    assert (reply.status_code, reply.headers["content-type"][:9]) == (405, "text/html")
    assert reply.headers["allow"] in ("GET", "GET, POST", "POST, GET")
