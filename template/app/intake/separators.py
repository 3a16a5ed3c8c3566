"""Recognises where a quoted or forwarded mail begins, in the words mail clients use."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from app.intake.markup import QUOTE_MARK
from app.intake.vocabulary import ABOVE, FORWARDED, ORIGINAL, OWN_WORDS, ROLES, STARTER, VERB

RULES = " \t-_=*—–~#"
TIME = re.compile(r"\d{1,2}[:.h]\d{2}(?!\d)")
YEAR = re.compile(r"(?:19|20)\d\d")
MAX_LINE = 300
MAX_HEADER_LINES = 12


class Kind(Enum):
    """What begins at a separator."""

    QUOTED = auto()
    FORWARDED = auto()
    HEADERS = auto()


@dataclass(frozen=True, slots=True)
class Separator:
    """A separator that ends before line `end`; HEADERS may begin a quote or a forward."""

    kind: Kind
    end: int


def quoted(line: str) -> bool:
    """True for a line with a `>` prefix; `>50 kg` is a comparison."""
    start = line.lstrip(" ")
    return start.startswith(">") and not (start[1:2].isdigit() or start[1:2] == "=")


def find(lines: Sequence[str], at: int) -> Separator | None:
    """The separator that begins at line `at`; looks at most 12 lines ahead."""
    line = lines[at].strip()
    if line == QUOTE_MARK:
        return _marked(lines, at)
    if not line or len(line) > MAX_LINE:
        return None
    named = _named(line)
    if named is not None:
        return Separator(named, at + 1)
    if end := _headers(lines, at):
        return Separator(Kind.HEADERS, end)
    if end := _attribution(lines, at):
        return Separator(Kind.QUOTED, end)
    return None


def _marked(lines: Sequence[str], at: int) -> Separator:
    # HTML said that a quote begins; its first lines say which kind, in whatever language.
    empty = ("", QUOTE_MARK)
    at = next((i for i in range(at, len(lines)) if lines[i].strip() not in empty), len(lines))
    if at < len(lines) and not quoted(lines[at]) and (found := find(lines, at)):
        return found
    end = at
    while end < min(at + 6, len(lines)) and lines[end].strip() and not quoted(lines[end]):
        end += 1
    return Separator(Kind.QUOTED, end)


def _named(line: str) -> Kind | None:
    words = line.strip(RULES + ":>").replace("\u2019", "'").casefold()
    ruled = line.startswith(("--", "__", "==", "—", "–", "- -"))
    if words in FORWARDED and (ruled or line.endswith(":")):
        return Kind.FORWARDED
    if ruled and words.startswith(("forwarded by", "weitergeleitet von", "transféré par")):
        return Kind.FORWARDED
    if ruled and words in ORIGINAL:
        return Kind.HEADERS
    return Kind.QUOTED if ABOVE.match(line.casefold()) else None


def role(line: str) -> str | None:
    """Which header field a line such as `*Gesendet:* Montag` shows."""
    label, colon, _ = line.replace("：", ":", 1).partition(":")
    if not colon or len(label) > 30:
        return None
    return ROLES.get(label.strip(" \t*_>").casefold())


def _headers(lines: Sequence[str], at: int) -> int | None:
    if role(lines[at]) is None:
        return None
    roles: set[str] = set()
    end, address = at, False
    for i in range(at, min(at + MAX_HEADER_LINES, len(lines))):
        found = role(lines[i])
        if found in roles and found == "from":
            break
        if found:
            roles.add(found)
            end = i + 1
        elif not lines[i].strip() and len(roles) >= 3:
            break
        address = address or "@" in lines[i]
    # A travel claim also says From, To and Date; it has no subject and no address.
    enough = len(roles) >= 3 and "from" in roles and ("subject" in roles or address)
    return end if enough else None


def _attribution(lines: Sequence[str], at: int) -> int | None:
    first = lines[at]
    if not any(character.isdigit() for character in first) and "@" not in first:
        return None
    joined = ""
    for i in range(at, min(at + 3, len(lines))):
        line = lines[i].strip()
        if not line or quoted(line) or len(joined) + len(line) > MAX_LINE:
            return None
        if i > at and STARTER.match(line.casefold()) and YEAR.search(line) and "@" not in joined:
            return None
        joined = f"{joined} {line}".lstrip(RULES)
        if line.endswith((":", "：")):
            return i + 1 if is_attribution(joined.casefold()) else None
    return None


def is_attribution(text: str) -> bool:
    """True for `on ... wrote:` in any of the known languages; `text` is in lower case."""
    timed, address = TIME.search(text) is not None, "@" in text
    if timed and address:
        return True
    if not VERB.search(text) or OWN_WORDS.search(text) or not STARTER.match(text):
        return False
    return timed or address or YEAR.search(text) is not None
