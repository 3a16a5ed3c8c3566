"""Repairs inside a text: mojibake, control and invisible characters, Unicode normal form C."""

import re
import unicodedata

import ftfy
from ftfy.fixes import fix_latin_ligatures, remove_terminal_escapes

from app.intake.outcome import NoteCode, Notes, QuarantineReason, Rejected

# Quotes stay as typed and `&lt;` stays escaped: undoing it after markup was stripped would
# make tags of text.
ENCODING = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)
BREAKS = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f", " "))
# C0 without tab and line feed; DEL; soft hyphen; bidi controls; zero width space, word joiner
# and kin; noncharacters; annotation marks; tag characters and variation selectors beyond
# emoji, which can smuggle whole sentences past a reader.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e"
    "\u200f\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]|(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]"
)
C1 = re.compile("[\x80-\x9f]")
JOINER = re.compile("[\u200c\u200d]+")


def visible(text: str) -> tuple[str, int]:
    """Unify line ends and spaces and take out what nobody sees; also says how many went.

    C1 controls stay: they are the evidence that `repair` reads mojibake from.
    """
    text = remove_terminal_escapes(BREAKS.sub("\n", text)).translate(SPACES)
    text, removed = INVISIBLE.subn("", text)
    joined = JOINER.sub(_joiner, text)
    return joined, removed + len(text) - len(joined)


def _joiner(match: re.Match[str]) -> str:
    # Joiners shape Arabic and Indic scripts and glue emoji; anywhere else they only hide.
    text, start, end = match.string, match.start(), match.end()
    if not start or end == len(text):
        return ""
    before, after = text[start - 1], text[end]
    if all("\u0600" <= character <= "\u0dff" for character in (before, after)):
        return match[0][0]
    glue = match[0][0] == "\u200d" and _emoji(before) and _emoji(after)
    return "\u200d" if glue else ""


def _emoji(character: str) -> bool:
    return character == "\ufe0f" or unicodedata.category(character) in ("So", "Sk")


def repair(text: str, field: str, limit: int, notes: Notes) -> str:
    """Repair one string and note what was done.

    Raises `Rejected` when more than `limit` characters are left to read.
    """
    text, removed = visible(text)
    if len(text) > limit:
        detail = f"{field} has {len(text)} characters, the limit is {limit}."
        raise Rejected(QuarantineReason.TOO_LARGE, detail)
    fixed = ftfy.fix_text(text, ENCODING)
    if fixed != text:
        notes.add(NoteCode.ENCODING_REPAIRED, field)
        fixed, again = visible(fixed)
        removed += again
    fixed, controls = C1.subn("", fixed)
    if removed + controls:
        notes.add(NoteCode.CONTROL_REMOVED, field, f"characters: {removed + controls}")
    normal = unicodedata.normalize("NFC", fix_latin_ligatures(fixed))
    if normal != fixed:
        notes.add(NoteCode.NORMALISED, field)
    return normal


def tidy(text: str) -> str:
    """Strip every line's end and the text, and leave at most one blank line in a row."""
    lines: list[str] = []
    for line in text.split("\n"):
        line = line.rstrip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip()
