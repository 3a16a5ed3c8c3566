"""What becomes of a case, by what was sent."""

from collections.abc import AsyncIterator

import pytest

from app.records.schema import audit, cases, decisions, originals, quarantine, review_items
from tests.api.conftest import Build
from tests.api.usecase import SURE, UNSURE, UNUSABLE, text
from tests.api.world import TEXT, World

pytestmark = [pytest.mark.anyio, pytest.mark.item("DATA-1")]

JSON = "application/json"
MAIL = "message/rfc822"
MAIL_HEAD = b"From: Jo Doe <jo@mail.example>\r\nSubject: The printer\r\n\r\n"
SENT = {
    "answered": [
        (JSON, b'{"subject": "The printer", "body": "%s"}' % text(SURE)),
        (TEXT, text(SURE)),
        (MAIL, MAIL_HEAD + text(SURE)),
    ],
    "in_review": [
        (JSON, b'{"body": "%s"}' % text(UNSURE)),
        (TEXT, text(UNSURE)),
        (MAIL, MAIL_HEAD + text(UNSURE)),
    ],
    "quarantined": [
        (JSON, b'{"body": "  "}'),
        (TEXT, text(UNUSABLE)),
        (MAIL, MAIL_HEAD + text(UNUSABLE)),
    ],
}
EACH = [(status, kind, body) for status, sent in SENT.items() for kind, body in sent]


@pytest.mark.parametrize(
    ("status", "kind", "body"), EACH, ids=[f"{status}-{kind[:12]}" for status, kind, _ in EACH]
)
async def test_a_case_is_stored_whatever_becomes_of_it(
    world: World, status: str, kind: str, body: bytes
) -> None:
    async with world.client("submitter") as client:
        reply = await client.post("/v1/cases", content=body, headers={"content-type": kind})
        assert reply.status_code == 201, reply.text
        case = reply.json()
        assert reply.headers["location"] == f"/v1/cases/{case['id']}"
        assert (await client.get(reply.headers["location"])).json() == case
    assert case["status"] == status
    assert (case["decision"] is None) == (case["quarantine"] is not None)
    assert case["request_id"] == reply.headers["x-request-id"]
    assert world.rows(originals)[0]["body"] == body


@pytest.mark.parametrize(
    ("status", "outcome", "action"),
    [
        ("answered", {"decisions"}, "case.answered"),
        ("in_review", {"decisions", "review_items"}, "case.sent_to_review"),
        ("quarantined", {"quarantine"}, "case.quarantined"),
    ],
)
async def test_a_case_and_its_outcome_and_audit_entry_appear_together(
    world: World, status: str, outcome: set[str], action: str
) -> None:
    kind, body = SENT[status][1]
    case = await world.send(body, kind)
    for table in (decisions, review_items, quarantine):
        owners = [row["case_id"] for row in world.rows(table)]
        assert owners == ([case["id"]] if table.name in outcome else [])
    assert [row["status"] for row in world.rows(cases)] == [status]
    entries = [(row["action"], row["subject"], row["actor"]) for row in world.rows(audit)]
    assert entries == [(action, case["id"], "person-1")]
    assert world.broken_link() is None


async def test_a_mail_is_read_as_its_sender_meant_it(world: World) -> None:
    case = await world.send(MAIL_HEAD + text(SURE), MAIL)
    assert case["input"] == {
        "subject": "The printer",
        "body": text(SURE).decode(),
        "reference": "jo@mail.example",
    }
    assert case["decision"]["answer"] == {"label": "plain", "words": []}


async def test_above_the_intake_limit_the_original_is_kept_byte_for_byte(build: Build) -> None:
    world = build(intake_limit_bytes=1000)
    body = bytes(range(256)) * 4
    case = await world.send(body)
    assert (case["status"], case["quarantine"]["reason"]) == ("quarantined", "too_large")
    assert "1024 bytes, the limit is 1000" in case["quarantine"]["detail"]
    assert world.rows(originals)[0]["body"] == body


async def in_pieces(size: int) -> AsyncIterator[bytes]:
    """A body whose length is not declared."""
    for _ in range(size // 1000):
        yield b"x" * 1000


@pytest.mark.parametrize("declared", [True, False])
async def test_above_the_hard_limit_nothing_is_stored(build: Build, declared: bool) -> None:
    world = build(body_limit_bytes=20_000)
    body: bytes | AsyncIterator[bytes] = b"x" * 21_000 if declared else in_pieces(21_000)
    async with world.client("submitter") as client:
        reply = await client.post("/v1/cases", content=body, headers={"content-type": TEXT})
    assert (reply.status_code, reply.json()["code"]) == (413, "payload-too-large")
    assert "at most 20000 bytes" in reply.json()["detail"]
    assert world.rows(cases) == world.rows(audit) == []


async def test_a_length_above_the_hard_limit_is_refused_before_anything_is_read(
    build: Build,
) -> None:
    async def unread() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    async with build(body_limit_bytes=20_000).client("submitter") as client:
        headers = {"content-type": TEXT, "content-length": "20001"}
        reply = await client.post("/v1/cases", content=unread(), headers=headers)
    assert reply.status_code == 413


@pytest.mark.parametrize("declared", [True, False])
async def test_up_to_the_hard_limit_a_body_is_taken(build: Build, declared: bool) -> None:
    world = build(body_limit_bytes=20_000, intake_limit_bytes=10)
    body: bytes | AsyncIterator[bytes] = b"x" * 20_000 if declared else in_pieces(20_000)
    async with world.client("submitter") as client:
        reply = await client.post("/v1/cases", content=body, headers={"content-type": TEXT})
    assert reply.status_code == 201


async def test_the_hard_limit_is_4_mb_unless_set(world: World) -> None:
    async with world.client("submitter") as client:
        reply = await client.post("/v1/cases", content=b"x" * (4 * 1024 * 1024 + 1))
        assert reply.status_code == 413
        reply = await client.post(
            "/v1/cases", content=b"x" * 4 * 1024 * 1024, headers={"content-type": TEXT}
        )
    assert reply.json()["quarantine"]["reason"] == "too_large"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"body": "Erika Mustermann", "subject": 7}', ["subject"]),
        (b'{"subject": "Erika Mustermann"}', ["body"]),
        (b'{"body": ["Erika Mustermann"]}', ["body"]),
        (b'{"body": "x", "reference": "%s"}' % (b"Erika Mustermann" * 20), ["reference"]),
    ],
)
async def test_a_wrong_shape_names_places_but_no_values(
    world: World, body: bytes, place: list[str]
) -> None:
    async with world.client("submitter") as client:
        reply = await client.post("/v1/cases", content=body, headers={"content-type": JSON})
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid-input")
    assert [error["loc"] for error in reply.json()["errors"]] == [place]
    assert all(error["msg"] for error in reply.json()["errors"])
    assert "Mustermann" not in reply.text
    assert world.rows(cases) == []


@pytest.mark.parametrize(
    "body",
    [b'{"body": "Erika Mustermann"', b'["Erika Mustermann"]', b'{"body": "Erika", "body": "M"}'],
)
async def test_malformed_json_is_refused_without_being_repeated(world: World, body: bytes) -> None:
    async with world.client("submitter") as client:
        reply = await client.post("/v1/cases", content=body, headers={"content-type": JSON})
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid-input")
    assert "JSON" in reply.json()["detail"]
    assert "Erika" not in reply.text
    assert world.rows(cases) == []


@pytest.mark.parametrize("kind", [None, "", "text/html", "application/pdf", "nonsense"])
async def test_other_content_types_are_refused_with_the_ones_that_are_read(
    world: World, kind: str | None
) -> None:
    headers = {} if kind is None else {"content-type": kind}
    async with world.client("submitter") as client:
        reply = await client.post("/v1/cases", content=text(SURE), headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (415, "unsupported-media-type")
    for readable in (JSON, "text/plain", MAIL):
        assert readable in reply.json()["detail"]
    assert world.rows(cases) == []
