"""Tells text from files, damaged data and cut-off messages."""

import binascii
import re
import unicodedata

from app.intake.outcome import NoteCode, Notes, QuarantineReason, Rejected

SIGNATURES = (
    ("%PDF-", "a PDF file"),
    ("PK\x03\x04", "a ZIP or Office file"),
    ("\x89PNG\r\n", "a PNG picture"),
    ("\x89PNG\n", "a PNG picture"),
    ("\u2030PNG", "a PNG picture"),
    ("\xff\xd8\xff", "a JPEG picture"),
    ("GIF87a", "a GIF picture"),
    ("GIF89a", "a GIF picture"),
    ("\xd0\xcf\x11\xe0", "an old Office file"),
    ("\x1f\x8b\x08", "a gzip file"),
    ("Rar!\x1a", "a RAR archive"),
    ("7z\xbc\xaf'\x1c", "a 7z archive"),
    ("\x7fELF", "a program"),
    ("MZ\x90\x00", "a program"),
    ("{\\rtf", "an RTF document"),
)
BASE64_LINE = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
SOFT_BREAK = re.compile(r"=\n")
ESCAPE = re.compile(r"=[0-9A-F]{2}")
CUT_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}\Z")
CUT_WORDS = (
    "truncated|clipped|cut off|gekürzt|abgeschnitten|tronqué|coupé|truncado|cortado|recortado"
    "|troncato|tagliato|ingekort|afgekapt|obcięt[aoey]|skrócon[aoy]|afkortet|trunkerat|обрезано"
    "|усечено|省略されました"
)
MARKER = re.compile(
    rf"(?:[\[(<{{*]+[^\[\](){{}}<>\n]{{0,60}}(?:{CUT_WORDS})[^\[\](){{}}<>\n]{{0,60}}[\])>}}*]+"
    rf"|[\[(]\s*(?:\.{{2,}}|…|cut|snip)\s*[\])]"
    rf"|(?:^|\n)[^\n]{{0,40}}(?:has been|wurde|a été|ha sido|è stato) (?:{CUT_WORDS})\.?"
    rf"|\[Message clipped\][^\n]{{0,60}})\s*\Z",
    re.IGNORECASE,
)
TAIL = 300


def refuse(text: str) -> None:
    """Raise `Rejected` for a text that is a file, damaged data or lost characters."""
    head = text.lstrip("\ufeff \n\r\t")[:16]
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            raise Rejected(QuarantineReason.CORRUPT, f"The text is {kind}.")
    size = sum(1 for character in text if not character.isspace())
    lost = text.count("\ufffd") + (text.count("?") if size >= 20 else 0)
    if lost * 2 > size:
        raise Rejected(QuarantineReason.UNDECODABLE, f"{lost} of {size} characters are lost.")
    controls = sum(1 for character in text if _unreadable(character))
    if controls > 3 and controls * 10 > size:
        detail = f"{controls} of {size} characters are no text."
        raise Rejected(QuarantineReason.CORRUPT, detail)
    if _blob(text):
        raise Rejected(QuarantineReason.CORRUPT, "The text is a block of base64 data.")


def _unreadable(character: str) -> bool:
    if character in "\t\n\r\f\v":
        return False
    return character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")


def _blob(text: str) -> bool:
    words = text.split()
    blocks = "".join(word for word in words if BASE64_LINE.fullmatch(word))
    # Long words of few characters are no base64: a gene sequence, a ruler, a number.
    size = sum(map(len, words))
    return size >= 100 and len(blocks) * 10 >= size * 8 and len(set(blocks)) > 30


def quoted_printable(text: str) -> str | None:
    """The text behind a quoted-printable body whose header was lost; None when it is none."""
    breaks, escapes = len(SOFT_BREAK.findall(text)), len(ESCAPE.findall(text))
    if not breaks or not escapes or breaks + escapes != text.count("="):
        return None
    try:
        return binascii.a2b_qp(text.encode("utf-8")).decode("utf-8")
    except UnicodeDecodeError:
        return None


def cut_in_tag(html: str) -> bool:
    """True when markup ends inside a tag."""
    return CUT_TAG.search(html[-TAIL * 2 :].rstrip()) is not None


def note_cut(text: str, field: str, cut: bool, notes: Notes) -> None:
    """Note a text that says so itself, ends in a base64 block, or was `cut` before.

    Raises `Rejected` when nothing but the marker is left.
    """
    tail = text[-TAIL:]
    marker = MARKER.search(tail)
    if marker and not text[: len(text) - len(tail) + marker.start()].strip(" .…\n-"):
        raise Rejected(QuarantineReason.TRUNCATED, "Nothing is left before the cut.")
    if cut or marker or _cut_block(text):
        notes.add(NoteCode.TRUNCATED, field)


def _cut_block(text: str) -> bool:
    lines = text.rstrip().rsplit("\n", 2)[-2:]
    if len(lines) < 2 or not BASE64_LINE.fullmatch(lines[0]):
        return False
    return re.fullmatch(r"[A-Za-z0-9+/]{1,80}", lines[1]) is not None and len(lines[1]) % 4 != 0
