"""Attachments are named safely, kept whole, and never read as the text of a mail."""

import pytest

from app.intake import Kept, NoteCode, QuarantineReason

from .support import body_of, clean, held, mail, message_of, multipart

pytestmark = pytest.mark.item("DATA-1")

PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
PDF = (
    "Content-Type: application/pdf\nContent-Disposition: attachment; {}\n"
    "Content-Transfer-Encoding: base64\n\nJVBERi0xLjc="
)


@pytest.mark.parametrize(
    ("parameter", "name"),
    [
        ('filename="Rechnung.pdf"', "Rechnung.pdf"),
        ('filename="../../etc/passwd"', "passwd"),
        ('filename="C:\\\\Users\\\\anna\\\\x.pdf"', "x.pdf"),
        ('filename="=?utf-8?Q?=C3=9Cbersicht=2Epdf?="', "Übersicht.pdf"),
        ("filename*=utf-8''%C3%9Cbersicht.pdf", "Übersicht.pdf"),
        ('filename="fdp.\u202ecod.exe"', "fdp.cod.exe"),
        ("filename*a=x", "part-3"),
        ('filename=".."', "part-3"),
        ("size=3", "part-3"),
        (f'filename="{"n" * 300}.pdf"', "n" * 90 + ".pdf"),
    ],
)
def test_attachments_are_named_safely_and_kept_whole(parameter: str, name: str) -> None:
    content = multipart(PLAIN + "Siehe Anhang", PDF.format(parameter))
    assert clean(mail(content)).attachments == (Kept(name, "application/pdf", 8),)
    assert message_of(content).attachments[0].content == b"%PDF-1.7"


def test_attachments_are_noted_without_their_names() -> None:
    outcome = mail(multipart(PLAIN + "Siehe Anhang", PDF.format('filename="anna.pdf"')))
    notes = [note for note in outcome.notes if note.code == NoteCode.ATTACHMENT_KEPT]
    assert [(note.field, note.detail) for note in notes] == [("attachments", "1: application/pdf")]


def test_calendars_tnef_named_texts_and_mails_are_attachments_not_text() -> None:
    outcome = mail(
        multipart(
            PLAIN + "Der Text",
            "Content-Type: text/calendar\n\nBEGIN:VCALENDAR",
            "Content-Type: application/ms-tnef; name=winmail.dat\n\nx",
            'Content-Type: text/plain; name="log.txt"\n\nProtokoll',
            "Content-Type: message/rfc822\n\nSubject: innen\n\nfremder Text",
            "Content-Type: text/html\nContent-Disposition: attachment\n\n<p>fremd</p>",
        )
    )
    assert body_of(outcome) == "Der Text"
    kept = {one.media_type: one for one in clean(outcome).attachments}
    assert set(kept) == {
        "text/calendar", "application/ms-tnef", "text/plain", "message/rfc822", "text/html",
    }  # fmt: skip
    assert kept["application/ms-tnef"].name == "winmail.dat"
    assert kept["message/rfc822"].size > 20


def test_a_named_inline_text_is_the_text_when_there_is_no_other() -> None:
    content = b'Content-Type: text/plain; name="body.txt"\n\nWo ist meine Lieferung?'
    assert body_of(mail(content)) == "Wo ist meine Lieferung?"


def test_a_mail_of_attachments_only_is_held() -> None:
    content = multipart(PDF.format("filename=a.pdf"))
    assert held(mail(content, "Subject: Scan")) is QuarantineReason.NO_TEXT
