"""Bytes to text: a byte order mark, then the declared charset, UTF-8, windows-1252, latin-1."""

import codecs
from dataclasses import dataclass

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Mislabelled all the time: they decode any bytes, so UTF-8 is tried before them.
WESTERN = frozenset({"ascii", "iso8859-1", "cp1252"})
# Codecs that execute escapes or compress are no charsets; UTF-7 hides text from every filter.
FORBIDDEN = frozenset({"unicode_escape", "raw_unicode_escape", "utf_7", "idna", "punycode"})


@dataclass(frozen=True, slots=True)
class Decoded:
    """`replaced` is empty or says which charset was declared and which was used.

    `cut` is true when the bytes end in the middle of a character.
    """

    text: str
    replaced: str = ""
    cut: bool = False


def canonical(name: str | None) -> str | None:
    """The codec's own name of a declared charset; None when it is unknown or no charset."""
    try:
        codec = codecs.lookup((name or "").strip(" \"'"))
        "".encode(codec.name)
    except (LookupError, ValueError, UnicodeError):
        return None
    return None if codec.name.replace("-", "_") in FORBIDDEN else codec.name


def decode(body: bytes, declared: str | None) -> Decoded:
    """Read bytes as text; always succeeds, because latin-1 gives every byte a character."""
    for mark, charset in BOMS:
        if body.startswith(mark):
            return _marked(body[len(mark) :], charset)
    asked = canonical(declared)
    for charset in _ladder(body, asked):
        decoded = _try(body, charset)
        if decoded is not None:
            return Decoded(decoded.text, _replaced(declared, asked, charset, body), decoded.cut)
    return Decoded(body.decode("latin-1"), _replaced(declared, asked, "iso8859-1", body))


def _marked(body: bytes, charset: str) -> Decoded:
    decoded = _try(body, charset)
    return decoded or Decoded(body.decode(charset, "replace"), f"{charset}: bytes were lost")


def _ladder(body: bytes, asked: str | None) -> list[str]:
    wide = _wide(body)
    if asked is None or asked in WESTERN:
        return [*wide, "utf-8", "cp1252"]
    return [asked, *wide, "utf-8", "cp1252"]


def _wide(body: bytes) -> list[str]:
    # UTF-16 without a mark: in Western text every other byte is NUL.
    sample = body[:4000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample) or min(even, odd) * 4 > max(even, odd):
        return []
    return ["utf-16-le" if odd > even else "utf-16-be"]


def _try(body: bytes, charset: str) -> Decoded | None:
    try:
        return Decoded(body.decode(charset))
    except UnicodeDecodeError as error:
        return _cut(body, charset, error)
    except (UnicodeError, ValueError):
        return None


def _cut(body: bytes, charset: str, error: UnicodeDecodeError) -> Decoded | None:
    # An accented last letter in latin-1 looks like a cut UTF-8 character: only earlier
    # multi-byte characters, or two bytes of the cut one, prove UTF-8.
    tail = body[error.start :]
    if error.end < len(body) or not error.start or len(tail) > 3 or "start byte" in error.reason:
        return None
    head = body[: error.start]
    if charset == "utf-8" and len(tail) == 1 and head.isascii():
        return None
    return Decoded(head.decode(charset), cut=True)


def _replaced(declared: str | None, asked: str | None, used: str, body: bytes) -> str:
    if asked == used or body.isascii() or (not declared and used == "utf-8"):
        return ""
    if asked in WESTERN and used in WESTERN and asked != "ascii":
        return ""
    return f"{asked or ('unknown' if declared else 'none')} -> {used}"
