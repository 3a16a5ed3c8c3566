"""Mail headers as they come: broken encoded words, raw bytes, missing or silly dates."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from app.intake.characters import repair, visible
from app.intake.charset import decode
from app.intake.outcome import NoteCode, Notes

WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\n]{0,4000})\?=")
BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
BROKEN = re.compile(r"=\?[\w-]{1,60}\?[bBqQ]\?")
ADDRESS = re.compile(r"[^\s<>\"',;:()@]{1,64}@[^\s<>\"',;:()@]{1,255}")
FORWARD = re.compile(
    r"\s*(?:(?:re|aw|sv|vs|antw)\s*:\s*)?(?:fwd?|wg|tr|rv|i|doorst|enc|pd|vb|vl|转发)\s*:", re.I
)
REPLY = re.compile(r"\s*(?:re|aw|sv|vs|antw|odp|r|fwd?|wg|tr|rv|i|doorst|enc|pd|vb)\s*:", re.I)
FOLD = re.compile(r"\s+")
MAX_ADDRESS_HEADER = 2000
MAX_NAME = 100


def all_of(message: Message) -> dict[str, str]:
    """The first value of every header by lower-case name, undecoded."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), str(value))
    return found


def readable(value: str) -> tuple[str, bool]:
    """Decode a header value; also says whether encoded words were broken."""
    value = _octets(value)
    joined = BETWEEN.sub(r"\1", value)
    pieces: list[str] = []
    end = 0
    run: tuple[str, bytes] = ("", b"")
    for match in WORD.finditer(joined):
        charset, body = match[1].split("*")[0], _word(match[2], match[3])
        if match.start() != end or charset.lower() != run[0].lower():
            pieces += [decode(run[1], run[0]).text, joined[end : match.start()]]
            run = (charset, b"")
        # One character may be split over two words: decode their bytes together.
        run = (charset, run[1] + body)
        end = match.end()
    pieces += [decode(run[1], run[0]).text, joined[end:]]
    text = "".join(pieces)
    return FOLD.sub(" ", text).strip(), BROKEN.search(joined[end:]) is not None


def _octets(value: str) -> str:
    return decode(value.encode("utf-8", "surrogateescape"), None).text


def _word(encoding: str, text: str) -> bytes:
    if encoding in "qQ":
        return binascii.a2b_qp(text.replace("_", " ").encode("utf-8"))
    data = re.sub(r"[^A-Za-z0-9+/]", "", text)
    data = data[: len(data) - (len(data) % 4 == 1)]
    return base64.b64decode(data + "=" * (-len(data) % 4))


def subject_of(found: Mapping[str, str], limit: int, notes: Notes) -> str:
    """The subject on one line. Raises `Rejected` when it is longer than `limit`."""
    text, broken = readable(found.get("subject", ""))
    if broken:
        notes.add(NoteCode.HEADER_REPAIRED, "subject")
    return FOLD.sub(" ", repair(text, "subject", limit, notes)).strip()


def is_forward(subject: str) -> bool:
    """True for a subject that a mail client marked as forwarded."""
    return FORWARD.match(subject) is not None


def topic(subject: str) -> str:
    """The subject without `Re:`, `AW:` and their like."""
    while match := REPLY.match(subject):
        subject = subject[match.end() :]
    return subject.strip()


def sender_of(found: Mapping[str, str]) -> str:
    """The sender's address without the display name; empty when there is none."""
    value = found.get("from", "")[:MAX_ADDRESS_HEADER]
    try:
        # Before encoded words are decoded: a display name must not smuggle in an address.
        address = parseaddr(_octets(value))[1]
    except RecursionError:
        address = ""
    if not ADDRESS.fullmatch(address):
        found_all = ADDRESS.findall(WORD.sub("", _octets(value)))
        address = found_all[-1] if found_all else ""
    return visible(address)[0]


def sent_at(found: Mapping[str, str]) -> datetime | None:
    """The Date header in UTC; None when it is missing or no date."""
    try:
        sent = parsedate_to_datetime(found.get("date", "")[:MAX_NAME])
        return sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def file_name(part: Message, number: int) -> str:
    """A part's file name without path and control characters, or `part-` and its number."""
    found = all_of(part)
    for key in ("content-type", "content-disposition"):
        if key in found:
            # Raw bytes in a header would come back as replacement characters.
            part.replace_header(key, _octets(found[key]))
    try:
        name, _ = readable(part.get_filename() or "")
    except (LookupError, ValueError, TypeError):
        name = ""
    name = visible(name)[0].replace("\\", "/").rpartition("/")[2]
    name = re.sub(r"[\x00-\x1f\x7f-\x9f<>:\"|?*]", "", name).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if len(name) > MAX_NAME:
        name = stem[: MAX_NAME - 10] + dot + suffix[:9] if dot else name[:MAX_NAME]
    return name or f"part-{number}"
