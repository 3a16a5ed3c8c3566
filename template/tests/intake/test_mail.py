"""Mail: structure, transfer encodings, headers, attachments, and mails that arrive broken."""

import base64
from datetime import UTC, datetime

import pytest

from app.intake import NoteCode, QuarantineReason
from app.intake.headers import readable

from .support import (
    Request,
    body_of,
    clean,
    codes,
    held,
    mail,
    message_of,
    multipart,
    send,
)

pytestmark = pytest.mark.item("DATA-1")

GERMAN = "Guten Tag, die Lieferung ist beschädigt. Bitte schicken Sie uns Ersatz für das Gerät."
ENCODED = base64.b64encode(GERMAN.encode()).decode()
PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
HTML = "Content-Type: text/html; charset=utf-8\n\n"


def base64_mail(payload: str) -> bytes:
    head = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    return (head + payload).encode()


def test_a_mail_becomes_a_message_with_sender_time_and_language() -> None:
    message = message_of(
        PLAIN.encode() + GERMAN.encode(),
        'From: "Muster, Anna" <anna@b.example>\nSubject: =?utf-8?Q?L=C3=BCfter?= defekt\n'
        "Date: Mon, 6 May 2024 10:12:00 +0200",
    )
    assert (message.text, message.subject) == (GERMAN, "Lüfter defekt")
    assert (message.sender, message.channel, message.language) == ("anna@b.example", "mail", "de")
    assert message.sent_at == datetime(2024, 5, 6, 8, 12, tzinfo=UTC)


def test_a_mail_without_headers_is_read() -> None:
    message = message_of(b"Wo ist meine Lieferung?", "")
    assert (message.text, message.subject, message.sender, message.sent_at) == (
        "Wo ist meine Lieferung?", "", "", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "date", ["gestern", "Mon, 99 May 2024 10:12:00", "", "Fri, 31 Dec 9999 23:59:59 -2300"]
)
def test_a_date_that_is_none_is_left_out(date: str) -> None:
    assert message_of(PLAIN.encode() + b"Hallo Welt", f"Date: {date}").sent_at is None


def test_a_date_without_zone_counts_as_utc() -> None:
    sent = message_of(PLAIN.encode() + b"Hallo", "Date: Mon, 6 May 2024 10:12:00 -0000").sent_at
    assert sent == datetime(2024, 5, 6, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("=?UTF-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?=", "Grüße aus Köln"),
        ("=?iso-8859-1?q?Gr=FC=DFe_aus?=\n =?iso-8859-1?q?_K=F6ln?=", "Grüße aus Köln"),
        ("=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?= Bo", "Grüße Bo"),
        ("=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),
        ("=?x-none?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("Grüße aus Köln", "Grüße aus Köln"),
        ("Text\n folgt", "Text folgt"),
    ],
)
def test_subjects_are_decoded_however_they_were_written(raw: str, subject: str) -> None:
    assert message_of(PLAIN.encode() + b"Hallo", f"Subject: {raw}").subject == subject


def test_a_character_split_over_two_encoded_words_is_whole() -> None:
    words = "=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?= =?gb2312?B?xOM=?="
    assert readable(words) == ("Grüße你", False)


def test_a_broken_encoded_word_is_kept_and_noted() -> None:
    outcome = mail(PLAIN.encode() + b"Hallo", "Subject: =?utf-8?B?R3LDvM")
    assert NoteCode.HEADER_REPAIRED in codes(outcome)


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("anna@b.example", "anna@b.example"),
        ('"bank@good.example" <mallory@b.example>', "mallory@b.example"),
        ("=?utf-8?Q?bank=40good.example_=3Cbank=40good.example=3E?= <m@b.example>", "m@b.example"),
        ("Anna Muster", ""),
        ("(" * 5000, ""),
    ],
)
def test_the_sender_is_the_address_only(header: str, sender: str) -> None:
    assert message_of(PLAIN.encode() + b"Hallo", f"From: {header}").sender == sender


@pytest.mark.parametrize(
    ("declared", "actual"),
    [("utf-8", "cp1252"), ("x-unknown", "utf-8"), ("iso-8859-1", "utf-8"), ("utf-8", "latin-1")],
)
def test_a_part_is_read_in_its_real_charset(declared: str, actual: str) -> None:
    head = f"Content-Type: text/plain; charset={declared}\n\n".encode()
    outcome = mail(head + GERMAN.encode(actual))
    assert body_of(outcome) == GERMAN
    assert NoteCode.CHARSET_REPLACED in codes(outcome)


def test_html_without_a_declared_charset_is_read_by_its_own_word() -> None:
    page = "<meta charset=windows-1251><p>Где мой заказ? Я жду его уже две недели.</p>"
    outcome = mail(b"Content-Type: text/html\n\n" + page.encode("cp1251"))
    assert body_of(outcome) == "Где мой заказ? Я жду его уже две недели."


@pytest.mark.parametrize(
    "payload",
    [
        ENCODED.rstrip("=") + "\n",
        ENCODED[:30] + "!\n" + ENCODED[30:],
        ENCODED + "\n_______________\nDiese Liste wird betreut von Bo",
        ENCODED + "\nKundenservice Beispielhausen",
        base64.b64encode(GERMAN[:34].encode()).decode()
        + "\n"
        + base64.b64encode(GERMAN[34:].encode()).decode(),
    ],
)
def test_damaged_base64_is_repaired(payload: str) -> None:
    assert body_of(mail(base64_mail(payload))) == GERMAN


def test_text_that_claims_to_be_base64_is_read_as_it_is() -> None:
    outcome = mail(base64_mail(GERMAN))
    assert body_of(outcome) == GERMAN
    assert NoteCode.BASE64_REPAIRED in codes(outcome)


def test_a_body_cut_in_base64_keeps_what_was_there() -> None:
    outcome = mail(base64_mail(ENCODED[:-11]))
    assert body_of(outcome).startswith("Guten Tag, die Lieferung ist beschädigt.")
    assert NoteCode.TRUNCATED in codes(outcome)


@pytest.mark.parametrize(
    "content",
    [
        base64_mail("R"),
        b"Content-Type: multipart/mixed; boundary=edge\n\n--edge\nContent-Type: text/plain\n",
        b"Content-Type: multipart/mixed; boundary=edge\n",
    ],
)
def test_a_mail_cut_before_any_text_is_held_as_truncated(content: bytes) -> None:
    assert held(mail(content, "Subject: Hallo")) is QuarantineReason.TRUNCATED


def test_a_mail_cut_in_its_headers_is_held_as_truncated() -> None:
    outcome = send("message/rfc822", b"From: anna@b.example\nSubject: Hallo")
    assert held(outcome) is QuarantineReason.TRUNCATED
    for nothing in (b"", b"\n \n"):
        assert held(send("message/rfc822", nothing)) is QuarantineReason.EMPTY


def test_quoted_printable_is_decoded_and_a_cut_noted() -> None:
    head = (
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: Quoted-Printable\n\n"
    )
    body = head + "Guten Tag, die K=C3=BChlung des Ger=C3=A4ts f=C3=A4llt a=\nus."
    assert body_of(mail(body.encode())) == "Guten Tag, die Kühlung des Geräts fällt aus."
    assert NoteCode.TRUNCATED not in codes(mail(body.encode()))
    for end in (b"f=C3=", b"=", b"=C"):
        outcome = mail(body.encode() + b" Wir bitten " + end)
        assert body_of(outcome).startswith("Guten Tag, die Kühlung des Geräts fällt aus. Wir")
        assert NoteCode.TRUNCATED in codes(outcome)


def test_the_plain_alternative_wins_and_a_stub_does_not() -> None:
    both = multipart(PLAIN + "Klartext ist hier", HTML + "<p>Nur schön</p>", kind="alternative")
    assert body_of(mail(both)) == "Klartext ist hier"
    for stub in ("", " \n", "Ihr Programm kann kein HTML anzeigen.", "This mail requires HTML."):
        parts = multipart(PLAIN + stub, HTML + "<p>Das Gerät ist kaputt</p>", kind="alternative")
        assert body_of(mail(parts)) == "Das Gerät ist kaputt"


def test_text_parts_are_joined_around_a_picture() -> None:
    picture = "Content-Type: image/png\nContent-Disposition: inline\n\nxx"
    outcome = mail(multipart(PLAIN + "Vor dem Bild", picture, PLAIN + "nach dem Bild"))
    assert body_of(outcome) == "Vor dem Bild\n\nnach dem Bild"
    assert [one.media_type for one in clean(outcome).attachments] == ["image/png"]


def test_the_subject_stands_in_for_an_empty_body_when_it_says_something() -> None:
    outcome = mail(PLAIN.encode() + b"\n", "Subject: Re: Lieferung 4711 fehlt")
    assert body_of(outcome) == "Lieferung 4711 fehlt"
    assert NoteCode.BODY_EMPTY in codes(outcome)
    for subject in ("Re: Hallo", "AW: WG:", "4711 815", ""):
        outcome = mail(PLAIN.encode() + b"\n", f"Subject: {subject}")
        assert held(outcome) is QuarantineReason.EMPTY


@pytest.mark.parametrize("boundary", ["edge", "other"])
def test_an_unfinished_structure_with_text_stays_usable(boundary: str) -> None:
    content = multipart(PLAIN + GERMAN, end=False).replace(b"=edge", f"={boundary}".encode())
    outcome = mail(content)
    assert GERMAN in body_of(outcome)
    assert NoteCode.TRUNCATED_MIME in codes(outcome)
    assert NoteCode.TRUNCATED_MIME not in codes(mail(multipart(PLAIN + GERMAN)))


def test_a_text_part_that_is_a_file_is_held() -> None:
    assert held(mail(b"Content-Type: text/plain\n\n%PDF-1.7 x")) is QuarantineReason.CORRUPT


def test_a_message_the_input_cannot_hold_is_held_by_field_name_only() -> None:
    outcome = mail(PLAIN.encode() + b"Hallo Welt", f"From: {'a' * 60}@b.example")
    assert held(outcome) is QuarantineReason.UNUSABLE
    assert "sender" in getattr(outcome, "detail", "")
    assert "aaaa" not in getattr(outcome, "detail", "")


def test_subject_and_channel_reach_the_case() -> None:
    case = clean(send("message/rfc822", b"Subject: Frage\n\nWo ist es?")).case
    assert isinstance(case, Request)
    assert (case.subject, case.kind) == ("Frage", "mail")
