"""Hostile input ends in bounded work; a regression here hangs instead of failing an assertion."""

import pytest

from app.intake import Clean, Limits, Quarantined, QuarantineReason
from app.intake.guard import defuse
from app.intake.quotes import split

from .support import clean, codes, held, html, mail, send

pytestmark = pytest.mark.item("DATA-1")

SIZE = 200_000
ROOMY = Limits(bytes=2 * SIZE, characters=2 * SIZE)
FORWARD = "---------- Forwarded message ----------\n"


@pytest.mark.parametrize(
    "unit",
    ["Am Mo. schrieb ", "Am 1.1.2024 schrieb\n", "\n", ">\n", "> > > ", "Von: a@b\n", ":\n",
     FORWARD, FORWARD + "> a\n", FORWARD + "Von: a@b\nAn: x\nBetreff: y\n", "--\n", "x\n--\n",
     "Sent from my iPhone\n", "***\nSent from my iPhone\n>\n", "From: a\nTo: b\nDate: c\n",
     "[truncated ", "reply above ", "_", "a@", "1:00 ", "\U0010fffd\n", "\U0010fffd\n--\n"],
)  # fmt: skip
def test_the_quote_splitter_is_linear_and_never_empties_a_text(unit: str) -> None:
    kept = split("Hallo\n" + unit * (SIZE // len(unit)))
    assert "Hallo" in kept.text


@pytest.mark.parametrize(
    "unit",
    ["Ã¼", "â€", "Ã¼\n", "<a ", "<", "=E2=\n", "http://", "\u200d", "\u202e", "a\u0301", "@@ "],
)
def test_texts_of_one_repeated_unit_are_read(unit: str) -> None:
    body = b"Guten Tag " + (unit * (SIZE // len(unit.encode()))).encode()
    assert isinstance(send("text/plain; charset=utf-8", body, ROOMY), Clean | Quarantined)


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 150_000,
        "<span>" * 100_000,
        "<p>" + "".join(f"<b a={n}>" for n in range(5000)) + "</p>" + "<p>x</p>" * 50_000,
        "<div " + " ".join(f"a{n}=1" for n in range(60_000)) + ">x",
        '<div a="</div>">' * 40_000,
        "<div><!--</div>-->" * 40_000,
        "<table><tr><td>" * 40_000,
    ],
)
def test_html_bombs_are_held_before_a_tree_is_built(page: str) -> None:
    assert held(html(page)) is QuarantineReason.NESTED_TOO_DEEP


@pytest.mark.parametrize(
    "page",
    ["<style>" + "a" * SIZE, "<style>" + "/*" * SIZE, "<style>" + "{" * SIZE, "<!--" * SIZE,
     "<a '" * 50, '<p style="' + ";" * SIZE + '">', "<" * SIZE, "&" * SIZE, "<br>" * 50_000],
)  # fmt: skip
def test_odd_html_is_read_in_linear_time(page: str) -> None:
    assert isinstance(html("<p>Guten Tag</p>" + page), Clean | Quarantined)


def test_a_realistic_large_page_passes() -> None:
    rows = "".join(f"<tr><td><b>Posten {n}</b></td><td>{n},50</td></tr>" for n in range(800))
    assert "Posten 799\t799,50" in getattr(clean(html(f"<table>{rows}</table>")).case, "body", "")


@pytest.mark.parametrize("depth", [40, 300, 2000, 15_000])
def test_mails_nested_beyond_reason_are_held(depth: int) -> None:
    parts = (f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    assert held(mail("".join(parts).encode() + b"\nHallo")) is QuarantineReason.NESTED_TOO_DEEP
    inner = b"Content-Type: message/rfc822\n\n" * depth
    assert isinstance(mail(inner), Clean | Quarantined)


def test_many_lines_under_many_boundaries_are_held() -> None:
    heads = (f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(25))
    content = "".join(heads).encode() + b"\n" + b"x\n" * 130_000
    assert held(mail(content)) is QuarantineReason.NESTED_TOO_DEEP


def test_formatting_is_renamed_so_that_no_parser_rebuilds_it() -> None:
    page = "<B a=1>x</b> <br><i/><font\ncolor=red>y</font> 1<b"
    assert defuse(page) == "<x-B a=1>x</x-b> <br><x-i/><x-font\ncolor=red>y</x-font> 1<b"


def test_a_mail_of_very_many_parts_is_held() -> None:
    content = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000
    assert held(mail(content)) is QuarantineReason.NESTED_TOO_DEEP


@pytest.mark.parametrize(
    "value",
    ["text/plain; " + "a=b; " * 150_000, "text/plain; " + "a*0*=b; " * 90_000,
     "multipart/mixed; boundary=" + "b" * 900_000, "text/plain;\n " + "a=b;\n " * 100_000],
)  # fmt: skip
def test_headers_that_make_a_parser_quadratic_are_held(value: str) -> None:
    outcome = mail(f"Content-Type: {value}\n\nHallo".encode())
    assert held(outcome) is QuarantineReason.CORRUPT


@pytest.mark.parametrize(
    "header",
    ["Subject: " + "=?utf-8?q?" * 20_000, "Subject: " + "=?utf-8?q?=C3?= " * 20_000,
     "From: " + '"' * SIZE, "From: " + "(<a@" * 50_000, "Date: " + "1 " * SIZE],
)  # fmt: skip
def test_odd_headers_are_read_in_linear_time(header: str) -> None:
    assert isinstance(mail(b"\nGuten Tag", header), Clean | Quarantined)


def test_notes_and_details_hold_no_personal_data() -> None:
    content = (
        b"Content-Type: multipart/mixed; boundary=edge\n\n--edge\n"
        b"Content-Type: text/html; charset=geheim\n\n<p hidden>geheim</p>Guten Tag\n"
        b"--edge\nContent-Type: geheim/geheim; name=geheim.pdf\n\nx\n"
    )
    outcome = mail(content, "From: geheim@b.example\nSubject: =?geheim?Q?x")
    assert len(codes(outcome)) > 3
    said = " ".join(note.detail for note in outcome.notes)
    assert "geheim@" not in said
    assert "geheim.pdf" not in said
    assert "<p" not in said
