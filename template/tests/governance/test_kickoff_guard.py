"""Who may talk to the kickoff page, and what every answer of it carries."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from poc.kickoff.app import build
from poc.kickoff.questions import steps
from tests.governance.sample import project

PORT = 8123
ORIGIN = f"http://127.0.0.1:{PORT}"


class Page:
    """An answer of the server, read as a person's browser would."""

    def __init__(self, answer: Any) -> None:  # noqa: ANN401
        self.status: int = answer.status_code
        self.headers: Mapping[str, str] = answer.headers
        self.path: str = answer.url.path
        self.html: str = answer.text
        self.tree = LexborHTMLParser(self.html)
        self.text = " ".join(self.tree.root.text(separator=" ").split()) if self.tree.root else ""

    @property
    def fields(self) -> dict[str, str]:
        """What the form would send as it stands."""
        sent: dict[str, str] = {}
        for one in self.tree.css("#answers input, #answers textarea, #answers select"):
            name, kind = one.attributes.get("name"), one.attributes.get("type")
            if not name or (kind in ("radio", "checkbox") and "checked" not in one.attributes):
                continue
            if one.tag == "select":
                chosen = one.css("option[selected]") or one.css("option")
                sent[name] = chosen[0].attributes.get("value") or ""
            elif one.tag == "textarea":
                sent[name] = one.text().removeprefix("\n")
            else:
                value = one.attributes.get("value")
                sent[name] = ("on" if kind == "checkbox" else "") if value is None else value
        return sent

    def error_at(self, name: str) -> str:
        """What is said at a field."""
        place = re.sub(r"[^A-Za-z0-9]+", "-", name)
        node = self.tree.css_first(f"#{place}-error")
        return node.text(strip=True) if node else ""

    def part(self, selector: str) -> str:
        """The words of one part of the page."""
        node = self.tree.css_first(selector)
        return " ".join(node.text(separator=" ").split()) if node else ""


class Meeting:
    """A browser in front of the page of one project."""

    def __init__(self, root: Path, enter: bool = True) -> None:
        self.root = root
        self.guard, self.kickoff = build(root, PORT)
        self.client = self.browser()
        if enter:
            self.client.get(self.guard.address)

    def browser(self) -> TestClient:
        """Another browser."""
        return TestClient(self.guard, base_url=ORIGIN, headers={"origin": ORIGIN})

    def file(self, name: str) -> Path:
        return self.root / "governance" / f"{name}.yaml"

    def bytes(self) -> dict[str, bytes]:
        """Everything in governance/, hidden files too."""
        return {one.name: one.read_bytes() for one in (self.root / "governance").glob("*.*")}

    def open(self, step: str) -> Page:
        return Page(self.client.get(f"/step/{step}"))

    def save(self, page: Page, answers: Mapping[str, str] | None = None, go: str = "stay") -> Page:
        """Send the form of a page with these answers changed."""
        sent = page.fields | dict(answers or {}) | {"go": go}
        return Page(self.client.post(page.path, data=sent))

    def answer(self, step: str, answers: Mapping[str, str], go: str = "stay") -> Page:
        """Open a page, change answers and save."""
        return self.save(self.open(step), answers, go)


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    return Meeting(project(tmp_path))


def test_the_address_lets_a_browser_in_and_leaves_no_token_behind(tmp_path: Path) -> None:
    meeting = Meeting(project(tmp_path), enter=False)
    answer = meeting.client.get(meeting.guard.address, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert meeting.guard.token not in cookie
    assert meeting.open("purpose").status == 200


@pytest.mark.parametrize("path", ["/", "/?token=", "/?token=wrong", "/step/purpose", "/contract"])
def test_without_the_token_nothing_is_shown(tmp_path: Path, path: str) -> None:
    meeting = Meeting(project(tmp_path), enter=False)
    answer = meeting.client.get(path)
    assert answer.status_code == 403
    assert "Open the address that poc kickoff printed" in answer.text
    assert "Letters" not in answer.text


def test_a_cookie_of_another_kickoff_opens_nothing(tmp_path: Path, meeting: Meeting) -> None:
    (tmp_path / "other").mkdir()
    other = Meeting(project(tmp_path / "other"), enter=False)
    stranger = other.browser()
    stranger.cookies.update(meeting.client.cookies)
    assert stranger.get("/step/purpose").status_code == 403


def test_without_the_token_nothing_is_written(tmp_path: Path, meeting: Meeting) -> None:
    page, before = meeting.open("purpose"), meeting.bytes()
    sent = page.fields | {"charter:component": "Something else"}
    assert meeting.browser().post("/step/purpose", data=sent).status_code == 403
    assert meeting.bytes() == before


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"127.1:{PORT}"]
)
def test_another_name_for_this_machine_is_refused(meeting: Meeting, host: str) -> None:
    page, before = meeting.open("purpose"), meeting.bytes()
    assert meeting.client.get("/step/purpose", headers={"host": host}).status_code == 421
    sent = page.fields | {"charter:component": "Something else"}
    headers = {"host": host, "origin": f"http://{host}"}
    assert meeting.client.post("/step/purpose", data=sent, headers=headers).status_code == 421
    assert meeting.bytes() == before


@pytest.mark.parametrize(
    "origin", ["", "null", "http://evil.example", "http://127.0.0.1:1", f"https://127.0.0.1:{PORT}"]
)
def test_a_form_of_another_site_writes_nothing(meeting: Meeting, origin: str) -> None:
    page, before = meeting.open("purpose"), meeting.bytes()
    sent = page.fields | {"charter:component": "Something else"}
    answer = meeting.client.post("/step/purpose", data=sent, headers={"origin": origin})
    assert answer.status_code == 403
    assert meeting.bytes() == before


def test_a_form_without_an_origin_writes_nothing(meeting: Meeting) -> None:
    page, before = meeting.open("purpose"), meeting.bytes()
    sent = page.fields | {"charter:component": "Something else"}
    del meeting.client.headers["origin"]
    assert meeting.client.post("/step/purpose", data=sent).status_code == 403
    assert meeting.bytes() == before


@pytest.mark.parametrize("seal", [None, "", "wrong"])
@pytest.mark.parametrize("path", ["/step/purpose", "/step/criteria/figures"])
def test_a_form_without_the_seal_of_the_page_is_refused(
    meeting: Meeting, seal: str | None, path: str
) -> None:
    page, before = meeting.open("purpose"), meeting.bytes()
    sent = page.fields | {"charter:component": "Something else", "seal": seal or ""}
    if seal is None:
        del sent["seal"]
    answer = Page(meeting.client.post(path, data=sent))
    assert answer.status == 403
    assert "Load the page again" in answer.text
    assert meeting.bytes() == before


def test_other_methods_and_huge_forms_are_refused(meeting: Meeting) -> None:
    assert meeting.client.put("/step/purpose").status_code == 405
    assert meeting.client.delete("/step/purpose").status_code == 405
    page = meeting.open("purpose")
    huge = page.fields | {"charter:component": "x" * 2_000_000}
    assert meeting.client.post("/step/purpose", data=huge).status_code == 413


def test_every_answer_forbids_storing_framing_and_foreign_scripts(meeting: Meeting) -> None:
    paths = [f"/step/{one.id}" for one in steps()]
    paths += ["/static/kickoff.js", "/static/nothing", "/step/nothing", "/nothing"]
    stranger = meeting.browser()
    for answer in [*map(meeting.client.get, paths), stranger.get("/")]:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_contract_is_shown_without_any_script(meeting: Meeting) -> None:
    answer = meeting.client.get("/contract")
    assert answer.status_code == 200
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "Letters go to the right department." in answer.text


def test_no_page_holds_script_or_style_of_its_own(meeting: Meeting) -> None:
    for one in steps():
        tree = meeting.open(one.id).tree
        assert [node.attributes for node in tree.css("script:not([src]), style")] == []
        for node in tree.css("body *"):
            assert not [name for name in node.attributes if name == "style" or name[:2] == "on"]


def test_no_two_things_on_a_page_share_an_id(meeting: Meeting) -> None:
    for one in steps():
        ids = [node.attributes["id"] for node in meeting.open(one.id).tree.css("[id]")]
        assert len(ids) == len(set(ids)), one.id


def test_an_unknown_page_says_so(meeting: Meeting) -> None:
    page = meeting.open("nothing")
    assert page.status == 404
    assert "There is no such page." in page.text


def test_hostile_answers_are_shown_as_text(meeting: Meeting) -> None:
    hostile = "</textarea><script>alert(1)</script>\"'>&{{ 7*7 }}"
    meeting.answer("purpose", {"charter:component": hostile})
    page = meeting.open("purpose")
    assert page.fields["charter:component"] == hostile
    assert len(page.tree.css("script")) == 1


def test_an_error_nobody_foresaw_is_said_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("nobody thought of this")

    meeting = Meeting(project(tmp_path))
    meeting.client = TestClient(
        meeting.guard, base_url=ORIGIN, headers={"origin": ORIGIN}, raise_server_exceptions=False
    )
    meeting.client.get(meeting.guard.address)
    monkeypatch.setattr("poc.kickoff.views.sections", broken)
    page = meeting.open("purpose")
    assert page.status == 500
    assert "An error nobody foresaw: ZeroDivisionError: nobody thought of this" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "POC_DEBUG=1" in capsys.readouterr().err
