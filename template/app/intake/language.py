"""Which language a text is in, and whether it is only one."""

import re

import pycld2

from app.intake.outcome import NoteCode, Notes

UNKNOWN = "und"
# Below this many letters the detector guesses: "Hallo" alone is read as English.
ENOUGH = 20
SURE = 40
# The detector's own score: sentences reach 500, keyboard noise stays below 200.
LIKELY = 300
CHUNKS = 40
OLD_CODES = {"iw": "he", "in": "id", "jw": "jv", "mo": "ro", "nb": "no", "nn": "no"}
# Too close to tell apart in a paragraph; a switch within a group is no second language.
GROUPS = ("da no sv", "es pt gl ca", "hr sr bs sl", "cs sk", "id ms", "nl af", "ru uk be bg mk sr")
ADDRESS = re.compile(r"https?://\S+|www\.\S+|[^\s@]{1,64}@[^\s@]+")
SYLLABIC = re.compile("[\u3040-\ud7ff]")
CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9-]{1,20})?")


def code_of(value: object) -> str | None:
    """The language code of a declared value such as `de` or `pt-BR`; None for anything else."""
    match = CODE.fullmatch(str(value).strip()) if isinstance(value, str) else None
    code = match[1].lower() if match else UNKNOWN
    return None if code == UNKNOWN else OLD_CODES.get(code, code)


def letters(text: str) -> int:
    """Letters in a text; one of a syllabic or ideographic script counts as three."""
    return sum(map(str.isalpha, text)) + 2 * sum(map(str.isalpha, SYLLABIC.findall(text)))


def detect(text: str) -> tuple[str, bool]:
    """An ISO 639-1 code or `und`, and whether the detector is sure of it."""
    plain = ADDRESS.sub(" ", text)
    if letters(plain) < ENOUGH:
        return UNKNOWN, True
    try:
        # Only the strict run tells doubt: best effort calls every guess reliable.
        reliable, _, found = pycld2.detect(plain, isPlainText=True)
        if not reliable:
            _, _, found = pycld2.detect(plain, isPlainText=True, bestEffort=True)
    except (pycld2.error, ValueError):
        return UNKNOWN, False
    _, name, _, score = found[0]
    if name == "un" or name.startswith("xx") or (not reliable and score < LIKELY):
        return UNKNOWN, False
    return code_of(name.split("-")[0]) or UNKNOWN, bool(reliable)


def alike(one: str, other: str) -> bool:
    """True for the same language or two the detector cannot keep apart."""
    return one == other or any({one, other} <= set(group.split()) for group in GROUPS)


def several(text: str) -> list[str]:
    """The languages of a text's longer paragraphs, or of its lines when it has one paragraph."""
    parts = [part for part in text.split("\n\n") if letters(part) >= ENOUGH * 2]
    if len(parts) < 2:
        parts = [part for part in re.split(r"\n|(?<=[.!?])\s", text) if letters(part) >= ENOUGH * 2]
    found: list[str] = []
    for part in parts[:CHUNKS]:
        code, sure = detect(part)
        if sure and code != UNKNOWN and not any(alike(code, known) for known in found):
            found.append(code)
    return found


def settle(text: str, declared: str | None, field: str, notes: Notes) -> str:
    """The language to go on with: the declared one wins; doubt and dissent are noted."""
    code, sure = detect(text)
    found = several(text)
    if len(found) > 1:
        notes.add(NoteCode.SEVERAL_LANGUAGES, field, ", ".join(found))
    if declared is None:
        if not sure:
            notes.add(NoteCode.LANGUAGE_UNSURE, field, code)
        return code
    clear = sure and code != UNKNOWN and letters(text) >= SURE
    if clear and not alike(code, declared):
        notes.add(NoteCode.LANGUAGE_DISAGREES, field, f"declared {declared}, reads as {code}")
    return declared
