"""No word of anybody in the logs of the running service, and ids on every line of a request."""

import asyncio
import json
import socket
import sqlite3
from typing import Any

import httpx2
import pytest

from tests.api.process import Running, running, until
from tests.api.usecase import FAULTY, NOISY, SURE
from tests.api.world import TEXT, csrf, sign_in
from tests.identity.issuer import Issuer

CANARY = "Zaunkoenig"
MAIL = f"""\
From: {CANARY} <{CANARY}@mail.example>
Subject: {CANARY} is here
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

{CANARY} {{words}}, {SURE}
--b
Content-Type: application/pdf; name="{CANARY}.pdf"
Content-Disposition: attachment; filename="{CANARY}.pdf"

x
--b--
"""


def send_cases(site: Running) -> None:
    """Cases of every kind that hold the canary wherever a person's words can be."""
    note = {"subject": CANARY, "body": f"The {CANARY} is here, {SURE}", "reference": CANARY}
    with site.client() as client:
        client.headers["cookie"] = f"session={CANARY}"
        assert client.post(f"/v1/cases?{CANARY}={CANARY}", json=note).status_code == 201
        assert client.post("/v1/cases", json={CANARY: CANARY}).status_code == 422
        assert client.post("/v1/cases", json={**note, "subject": 1}).status_code == 422
        for kind, words, status in (
            ("message/rfc822", "and sings", 201),
            ("message/rfc822", NOISY, 201),
            ("message/rfc822", FAULTY, 500),
            (f"text/{CANARY}", "and sings", 415),
        ):
            mail = MAIL.format(words=words).encode()
            reply = client.post("/v1/cases", content=mail, headers={"content-type": kind})
            assert reply.status_code == status, reply.text


def knock(site: Running) -> None:
    """Requests that are refused before any case is read."""
    with httpx2.Client(base_url=site.url, trust_env=False) as client:
        for token in (CANARY, Issuer(site.issuer).token(sub=CANARY, name=CANARY)):
            client.headers["authorization"] = f"Bearer {token}"
            assert client.get("/v1/review").status_code == 401
        client.headers["authorization"] = f"Basic {CANARY}"
        assert client.get(f"/v1/{CANARY}?q={CANARY}").status_code == 404
        assert client.get(f"/cases/{CANARY}").status_code == 303
        back = f"/sign-in/callback?code={CANARY}&state={CANARY}&error={CANARY}"
        assert client.get(back, headers={"x-request-id": f"{CANARY} {CANARY}"}).status_code == 401
        assert client.request("PROPFIND", "/try").status_code == 405
    with socket.create_connection(("127.0.0.1", site.port)) as line:
        line.sendall(f"{CANARY} {CANARY}\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 400")


async def use_pages(site: Running) -> None:
    """A person who signs in, fills in the forms and sends files."""
    async with httpx2.AsyncClient(base_url=site.url, trust_env=False) as browser:
        await sign_in(browser, "submitter")
        token = await csrf(browser)
        form = {"csrf": token, "kind": TEXT, "text": f"{CANARY} {NOISY}, {SURE}"}
        assert (await browser.post("/try", data=form)).status_code == 303
        assert (await browser.post("/try", data={**form, "csrf": CANARY})).status_code == 403
        file = {"file": (f"{CANARY}.eml", MAIL.encode())}
        reply = await browser.post("/try/file", data={"csrf": token}, files=file)
        assert reply.status_code == 303


def break_database(site: Running) -> None:
    """Make the database itself fail with an error that quotes the row."""
    database = sqlite3.connect(site.folder / "data/app.db")
    database.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON originals BEGIN"
        f" SELECT RAISE(ABORT, 'cannot store {CANARY}'); END"
    )
    with site.client() as client:
        headers = {"content-type": TEXT}
        reply = client.post("/v1/cases", content=f"{CANARY} {SURE}", headers=headers)
        assert reply.status_code == 500
        database.execute("ALTER TABLE originals RENAME TO elsewhere")
        reply = client.post("/v1/cases", content=f"{CANARY} {SURE}", headers=headers)
        assert reply.status_code == 503
    database.close()


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the service wrote while all of that happened."""
    with running(tmp_path_factory.mktemp("logs"), APP_LOG_LEVEL="debug") as site:
        send_cases(site)
        knock(site)
        asyncio.run(use_pages(site))
        break_database(site)
        until(lambda: '"status": 503' in site.text())
    return site.text().splitlines()


def test_nothing_of_anybody_is_logged(lines: list[str]) -> None:
    assert len(lines) > 20
    assert [line for line in lines if CANARY.lower() in line.lower()] == []


def test_every_line_is_json_and_carries_the_ids_of_its_request(lines: list[str]) -> None:
    events: list[dict[str, Any]] = [json.loads(line) for line in lines]
    kinds = {event["event"] for event in events}
    assert {"request", "request.failed", "library", "identity.token_refused"} <= kinds
    for event in events:
        if event.get("logger") != "uvicorn.error":
            assert event["request_id"], event
            assert len(event["trace_id"]) == 32, event
        assert {"level", "timestamp"} <= event.keys()
    requests = [event for event in events if event["event"] == "request"]
    assert len({event["request_id"] for event in requests}) == len(requests)


def test_a_fault_is_logged_with_its_type_and_place(lines: list[str]) -> None:
    faults = [json.loads(line) for line in lines if "request.failed" in line]
    assert "RuntimeError" in {fault["error_type"] for fault in faults}
    assert any(fault["error_at"].startswith("usecase.py:") for fault in faults)


def test_a_request_is_logged_with_its_route_not_its_address(lines: list[str]) -> None:
    requests = [json.loads(line) for line in lines if '"event": "request"' in line]
    routes = {(one["method"], one["route"], one["status"]) for one in requests}
    assert ("POST", "/v1/cases", 201) in routes
    assert ("GET", "/cases/{case_id}", 303) in routes
    assert ("GET", "unmatched", 404) in routes
    assert ("other", "/try", 405) in routes


def test_lines_of_libraries_are_kept_without_what_they_quote(lines: list[str]) -> None:
    told = [json.loads(line) for line in lines if '"logger": "library"' in line]
    messages = {one["message"] for one in told}
    assert messages == {"quoting %s", "ValueError", "A constant line"}
    (warning,) = {one["message"] for one in map(json.loads, lines) if "warnings" in one.values()}
    assert warning == "UserWarning"
