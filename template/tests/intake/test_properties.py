"""For any bytes at all, intake answers; it never fails in another way than the documented one."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import InvalidInput
from app.intake import EXPLANATIONS, MEDIA_TYPES, Clean, Quarantined
from app.intake.characters import visible
from app.intake.charset import decode
from app.intake.quotes import has_words, split

from .support import LIMITS, Request, send

pytestmark = pytest.mark.item("DATA-1")

steady = settings(deadline=None, derandomize=True, max_examples=150)
TOKENS = st.sampled_from(
    [b"\n", b"\n\n", b"\r\n", b"\x00", b"\xff", b"\xc3", b"--b", b"--b--", b"=", b"=C3", b"> ",
     b"Content-Type: ", b"multipart/mixed; boundary=b", b"multipart/alternative; boundary=b",
     b"message/rfc822", b"text/plain", b"text/html", b"; charset=utf-16", b"; charset=idna",
     b'; charset="\x00"', b"; name*0*=", b"; name*=utf-8''%ff", b"Content-Transfer-Encoding: ",
     b"base64", b"quoted-printable", b"QUJD", b"Subject: ", b"From: ", b"Date: ", b"=?utf-8?B?",
     b"?=", b"<a@b>", b"<p hidden>", b"<style>", b"</p>", b"<!--", b"-- ", b"On 1.1.2024 wrote:",
     b"Hallo", b"{", b'"text":', b'"', b"\\ud800", b"}", b"1e999", b"[...]", b"\xe2\x80\x8d"]
)  # fmt: skip

LINES = st.sampled_from(
    ["> a", "Hallo", "--", "", "Von: a@b", "An: b", "Betreff: c", "____", "Sent from my iPhone",
     "Am 1.1.2024 10:00 schrieb Bo:", "-----Original Message-----", "Begin forwarded message:"]
)  # fmt: skip


def answers(content_type: str, body: bytes) -> None:
    try:
        outcome = send(content_type, body)
    except InvalidInput as error:
        assert content_type.startswith("application/json")
        assert error.detail
        return
    assert all(json.loads(note.model_dump_json()) for note in outcome.notes)
    if isinstance(outcome, Quarantined):
        assert outcome.reason in EXPLANATIONS
        return
    assert isinstance(outcome, Clean)
    assert isinstance(outcome.case, Request)
    assert outcome.case.body.strip()
    assert len(outcome.case.body) <= LIMITS.characters
    assert "\x00" not in outcome.case.body
    outcome.case.model_dump_json()


@steady
@given(st.sampled_from(MEDIA_TYPES), st.binary(max_size=400), st.text(max_size=12))
def test_any_bytes_are_answered(media_type: str, body: bytes, charset: str) -> None:
    answers(f"{media_type}; charset={charset}", body)


@steady
@given(st.sampled_from(MEDIA_TYPES), st.lists(TOKENS | st.binary(max_size=6), max_size=40))
def test_any_mixture_of_mail_and_markup_is_answered(media_type: str, parts: list[bytes]) -> None:
    answers(media_type, b"".join(parts))


@steady
@given(st.text(min_size=1, max_size=300))
def test_any_json_text_is_answered(text: str) -> None:
    answers("application/json", json.dumps({"text": text, "subject": text}).encode())


@steady
@given(st.text(min_size=1, max_size=300), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_text_survives_its_own_charset(text: str, charset: str) -> None:
    text = text.removeprefix("\ufeff")
    assert decode(text.encode(charset), charset).text == text


@steady
@given(st.lists(LINES))
def test_the_splitter_never_empties_a_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert has_words([split(text).text]) == has_words([text])


@steady
@given(st.text(max_size=300))
def test_making_text_visible_twice_changes_nothing(text: str) -> None:
    once, _ = visible(text)
    assert visible(once) == (once, 0)
