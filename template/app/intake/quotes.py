"""Keeps what the sender wrote: quoted threads and signatures out, forwards and answers in.

Line by line, each looked at a bounded number of times, so the work grows with the length only.
"""

import re
from dataclasses import dataclass

from app.intake.markup import QUOTE_MARK
from app.intake.separators import Kind, find, quoted

RULE = re.compile(r"[\s*_\-=–—~]{3,200}")
MOBILE = re.compile(
    r"(?:sent from|sent with|sent via|sent by|get outlook|outlook for (?:ios|android)"
    r"|von meinem|gesendet (?:mit|von)|diese nachricht wurde (?:von|mit)|holen sie sich outlook"
    r"|envoyé (?:de|depuis|à partir)|télécharge[rz] outlook|enviado (?:desde|do|a partir)"
    r"|obtener outlook|inviato da|scarica outlook|verzonden (?:vanaf|met|via)"
    r"|wysłan[eo] z|sendt fra|skickat från|отправлено (?:с|из)|iphoneから送信)",
    re.IGNORECASE,
)
MAX_MOBILE = 100
MAX_SIGNATURE = 12


@dataclass(frozen=True, slots=True)
class Split:
    """What is kept; `quoted` and `signature` count the lines left out.

    `only_quote` is true when there was nothing but a quote, which is kept then.
    """

    text: str
    quoted: int = 0
    signature: int = 0
    only_quote: bool = False


def split(text: str, forwarded: bool = False) -> Split:
    """Leave out quotes and signatures; never empty for a text that is not.

    `forwarded` says that the subject announces a forward, whose first mail is kept.
    """
    splitter = _Splitter(text.split("\n"), forwarded)
    splitter.run()
    kept = "\n".join(splitter.kept)
    if has_words(splitter.kept):
        return Split(kept, splitter.quoted, splitter.signature, splitter.only_quote)
    whole = [_unquoted(line) for line in text.split("\n") if line.strip() != QUOTE_MARK]
    return Split("\n".join(whole), only_quote=splitter.quoted > 0)


def has_words(lines: list[str]) -> bool:
    """True when any line holds a letter or a digit."""
    return any(character.isalnum() for line in lines for character in line)


def _unquoted(line: str) -> str:
    return line.lstrip(" ")[1:].removeprefix(" ") if quoted(line) else line


class _Splitter:
    def __init__(self, lines: list[str], forwarded: bool) -> None:
        self.kept: list[str] = []
        self.quoted = 0
        self.signature = 0
        self.only_quote = False
        self._lines = lines
        self._keep_next = forwarded
        self._worded = 0

    def run(self) -> None:
        at = 0
        while at < len(self._lines):
            at = self._step(at)
        self._trim()

    def _step(self, at: int) -> int:
        line = self._lines[at]
        if quoted(line):
            self._trim()
            # What was above and what is below the quote stay two paragraphs.
            self.kept.append("")
            self.quoted += 1
            return at + 1
        separator = find(self._lines, at)
        if separator is not None:
            return self._separate(at, separator.end, separator.kind)
        if line.rstrip() == "--" and self._worded:
            return self._sign(at)
        self._keep(line)
        return at + 1

    def _keep(self, line: str) -> None:
        self.kept.append(line)
        self._worded += has_words([line])

    def _separate(self, at: int, end: int, kind: Kind) -> int:
        self._trim()
        prefixed = self._prefixed(end)
        first = self._keep_next or not self._worded
        if kind is Kind.FORWARDED or (kind is Kind.HEADERS and first and not prefixed):
            return self._forward(at, end)
        if not prefixed and self._worded:
            self.quoted += len(self._lines) - at
            return len(self._lines)
        self.only_quote = self.only_quote or not prefixed
        self.quoted += end - at
        return end

    def _forward(self, at: int, end: int) -> int:
        # The forwarded mail is kept with its header lines; a quote inside it goes like any other.
        inner = find(self._lines, end) if end < len(self._lines) else None
        stop = inner.end if inner is not None and inner.kind is Kind.HEADERS else end
        if self._prefixed(end):
            self._unquote(end)
            stop = end
        for line in self._lines[at:stop]:
            if line.strip() != QUOTE_MARK:
                self._keep(line)
        self._keep_next = False
        return stop

    def _unquote(self, at: int) -> None:
        while at < len(self._lines) and (quoted(self._lines[at]) or not self._lines[at].strip()):
            self._lines[at] = _unquoted(self._lines[at])
            at += 1

    def _prefixed(self, at: int) -> bool:
        following = (line for line in self._lines[at : at + 4] if line.strip())
        return quoted(next(following, ""))

    def _sign(self, at: int) -> int:
        stop = min(at + MAX_SIGNATURE + 1, len(self._lines))
        ends = (i for i in range(at + 1, stop) if self._ends_signature(i))
        end = next(ends, stop)
        if end - at > MAX_SIGNATURE and end < len(self._lines):
            self._keep(self._lines[at])
            return at + 1
        self.signature += end - at
        return end

    def _ends_signature(self, at: int) -> bool:
        return quoted(self._lines[at]) or find(self._lines, at) is not None

    def _trim(self) -> None:
        while self.kept and self._droppable(self.kept[-1].strip()):
            line = self.kept.pop()
            self._worded -= has_words([line])
            self.signature += MOBILE.match(line.strip()) is not None

    def _droppable(self, line: str) -> bool:
        if not line or RULE.fullmatch(line):
            return True
        return self._worded > 1 and len(line) <= MAX_MOBILE and MOBILE.match(line) is not None
