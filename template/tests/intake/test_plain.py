"""Plain text: charsets, damage, truncation, size and content types."""

import pytest

from app.errors import UnsupportedMedia
from app.intake import EXPLANATIONS, Limits, NoteCode, QuarantineReason

from .support import body_of, codes, held, plain, send

pytestmark = pytest.mark.item("DATA-1")

GERMAN = "Guten Tag, die Lieferung ist beschädigt. Bitte schicken Sie Ersatz für den Kühlschrank."


@pytest.mark.parametrize("content_type", ["", "text/html", "application/pdf", "garbage"])
def test_other_content_types_are_refused_with_the_list(content_type: str) -> None:
    with pytest.raises(UnsupportedMedia, match="message/rfc822"):
        send(content_type, b"Hallo")


def test_the_content_type_is_read_in_any_spelling() -> None:
    text = "Grüße".encode("cp1251", "ignore") + "Привет, где мой заказ?".encode("cp1251")
    outcome = send('TEXT/Plain ; Charset="Windows-1251"', text)
    assert "Привет, где мой заказ?" in body_of(outcome)


@pytest.mark.parametrize(
    ("declared", "actual", "noted"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8", "cp1252", True),
        ("iso-8859-1", "utf-8", True),
        ("iso-8859-1", "cp1252", False),
        ("us-ascii", "utf-8", True),
        ("x-unknown", "cp1252", True),
        ("unicode_escape", "utf-8", True),
        ("utf-8", "utf-16", False),
        ("utf-8", "utf-16-le", True),
        ("utf-8", "utf-8-sig", False),
        ("iso-8859-15", "iso-8859-15", False),
    ],
)
def test_the_text_is_right_whatever_charset_was_declared(
    declared: str, actual: str, noted: bool
) -> None:
    outcome = send(f"text/plain; charset={declared}", GERMAN.encode(actual))
    assert body_of(outcome) == GERMAN
    assert (NoteCode.CHARSET_REPLACED in codes(outcome)) is noted


def test_a_lying_charset_never_executes_escapes() -> None:
    outcome = send("text/plain; charset=unicode_escape", rb"Der Pfad ist C:\x41\neu auf dem PC")
    assert body_of(outcome) == r"Der Pfad ist C:\x41\neu auf dem PC"


def test_notes_never_repeat_an_invented_charset_name() -> None:
    outcome = send("text/plain; charset=anna.muster", GERMAN.encode("cp1252"))
    assert "anna" not in "".join(note.detail for note in outcome.notes)


def test_double_encoded_text_is_repaired() -> None:
    outcome = plain(GERMAN.encode().decode("cp1252"))
    assert body_of(outcome) == GERMAN
    assert NoteCode.ENCODING_REPAIRED in codes(outcome)


def test_escaped_markup_stays_escaped() -> None:
    assert body_of(plain("Wie schreibe ich &lt;b&gt; richtig?")) == (
        "Wie schreibe ich &lt;b&gt; richtig?"
    )


def test_comparisons_are_no_markup() -> None:
    text = "Der Wert ist 3 < 5 und b > a, <bitte> prüfen."
    assert body_of(plain(text)) == text


def test_invisible_characters_go_and_emoji_and_persian_stay() -> None:
    outcome = plain("Ab\u202ec\u200bd\x00 \U000e0041👩\u200d💻 می\u200cخواهم\ufeff x\u200dy")
    assert body_of(outcome) == "Abcd 👩\u200d💻 می\u200cخواهم xy"
    removed = [one.detail for one in outcome.notes if one.code == NoteCode.CONTROL_REMOVED]
    assert removed == ["characters: 6"]


def test_combining_letters_are_composed() -> None:
    outcome = plain("Gru\u0308\u00dfe")
    assert body_of(outcome) == "Grüße"
    assert NoteCode.NORMALISED in codes(outcome)
    assert body_of(plain("„Zitat“ ist so getippt")) == "„Zitat“ ist so getippt"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", QuarantineReason.EMPTY),
        (b" \r\n\t ", QuarantineReason.EMPTY),
        ("\u200b\u202e".encode(), QuarantineReason.EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3", QuarantineReason.CORRUPT),
        (b"PK\x03\x04\x14\x00", QuarantineReason.CORRUPT),
        (b"\x89PNG\r\n\x1a\n\x00\x00", QuarantineReason.CORRUPT),
        (b"{\\rtf1\\ansi Hallo}", QuarantineReason.CORRUPT),
        (bytes(range(256)) * 4, QuarantineReason.CORRUPT),
        (b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\n" * 3,
         QuarantineReason.CORRUPT),
        ("\ufffd\ufffd\ufffd\ufffd ja".encode(), QuarantineReason.UNDECODABLE),
        (b"????? ???????? ????? ?????????", QuarantineReason.UNDECODABLE),
        (b"[Nachricht gek\xc3\xbcrzt]", QuarantineReason.TRUNCATED),
        (b"unsubscribe me", QuarantineReason.UNUSABLE),
    ],
)  # fmt: skip
def test_what_is_no_text_is_held_with_its_reason(body: bytes, reason: QuarantineReason) -> None:
    assert held(send("text/plain", body)) is reason


def test_long_words_are_no_base64() -> None:
    gene = "Die Sequenz lautet so:\n" + "ATGGAGAGAATAAAGGAATTAAGAGATCTAATGTCACAGTCCCGCACTCGC\n" * 9
    assert "Sequenz" in body_of(plain(gene))


@pytest.mark.parametrize(
    "body",
    [
        (GERMAN + " Danke, grüß").encode()[:-1],
        (GERMAN + "\n[message truncated]").encode(),
        (GERMAN + "\n(Nachricht wurde gekürzt)").encode(),
        (GERMAN + " [...]").encode(),
        (GERMAN + "\nThis message has been truncated.").encode(),
        f"<div><p>{GERMAN}</p><br><p sty".encode(),
        (GERMAN + "\n" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZn" * 2 + "\nQUJDREV").encode(),
    ],
)
def test_a_cut_text_stays_usable_and_is_noted(body: bytes) -> None:
    outcome = send("text/plain; charset=utf-8", body)
    assert GERMAN in body_of(outcome)
    assert "\ufffd" not in body_of(outcome)
    assert NoteCode.TRUNCATED in codes(outcome)


def test_an_accent_at_the_end_is_no_cut() -> None:
    outcome = send("text/plain", "Wir waren im Café".encode("latin-1"))
    assert body_of(outcome) == "Wir waren im Café"
    assert NoteCode.TRUNCATED not in codes(outcome)
    assert NoteCode.TRUNCATED not in codes(plain(GERMAN + " Also..."))


def test_quoted_printable_without_its_header_is_decoded() -> None:
    outcome = send("text/plain", b"Gr=C3=BC=C3=9Fe aus M=C3=BCnchen und noch ein Sa=\ntz.")
    assert body_of(outcome) == "Grüße aus München und noch ein Satz."
    assert NoteCode.QUOTED_PRINTABLE_REPAIRED in codes(outcome)
    for text in ("Es gilt a=3 und b=\n4.", "Feld=41, es gilt a=3 und b=\n4."):
        assert body_of(plain(text)) == text


def test_sizes_are_limits_not_beyond() -> None:
    limits = Limits(bytes=50, characters=10)
    assert held(send("text/plain", b"x" * 51, limits)) is QuarantineReason.TOO_LARGE
    assert held(send("text/plain", b"x" * 11, limits)) is QuarantineReason.TOO_LARGE
    assert body_of(send("text/plain", b"x" * 10, limits)) == "x" * 10


def test_every_reason_tells_an_operator_what_to_do() -> None:
    assert set(EXPLANATIONS) == set(QuarantineReason)
    assert all(text.endswith(".") and len(text) > 40 for text in EXPLANATIONS.values())
