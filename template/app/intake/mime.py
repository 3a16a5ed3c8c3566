"""The parts of a mail: which of them are its text, and which are attachments."""

import re
from dataclasses import dataclass, field
from email.errors import CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from io import BytesIO

from app.case import Attachment
from app.intake import transfer
from app.intake.charset import Decoded, decode
from app.intake.headers import file_name
from app.intake.markup import to_text
from app.intake.outcome import QuarantineReason, Rejected

TEXTS = ("text/plain", "text/html")
MAX_DEPTH = 30
MAX_PARTS = 500
# A parser compares every line with the boundary of every open multipart.
MAX_COMPARISONS = 3_000_000
UNFINISHED = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)
# A parser's work on one of these grows with the square of its length.
STRUCTURED = re.compile(rb"^content-[a-z-]{1,40}:[^\n]*(?:\n[ \t][^\n]*)*", re.I | re.M)
MAX_HEADER = 8000
HEADER_END = re.compile(rb"\n\r?\n|\r\r")
META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9][a-z0-9.+-]{0,80}")
# What clients write into the plain part when only the HTML part holds the message.
STUB = re.compile(
    r"(?:support|enable|view|display|require|read)\w*\W.{0,60}html|html.{0,40}(?:required|version)"
    r"|html.{0,60}(?:anzeig|darstell|unterstütz)\w*|(?:kein|als) html|(?:au|en) (?:format )?html",
    re.IGNORECASE,
)
SHORT = 200


@dataclass(frozen=True, slots=True)
class Body:
    """One text part, its transfer encoding undone."""

    decoded: Decoded
    html: bool
    repaired: bool
    cut: bool


@dataclass(slots=True)
class Parts:
    """What a mail holds: `bodies` in reading order; `cut` when its structure is unfinished."""

    message: Message
    bodies: list[Body] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    cut: bool = False
    _spare: list[Body] = field(default_factory=list)
    _count: int = 0

    def collect(self, part: Message, depth: int = 0) -> list[Body]:
        """The text parts below `part`; everything else becomes an attachment."""
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_PARTS:
            raise Rejected(QuarantineReason.NESTED_TOO_DEEP, "The mail has too many nested parts.")
        self.cut = self.cut or any(isinstance(one, UNFINISHED) for one in part.defects)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            inner = [child for child in part.get_payload() if isinstance(child, Message)]
            groups = [self.collect(child, depth + 1) for child in inner]
            if part.get_content_subtype() == "alternative":
                return _best([group for group in groups if group])
            return [body for group in groups for body in group]
        return self._leaf(part, self._count)

    def _leaf(self, part: Message, number: int) -> list[Body]:
        textual = part.get_content_type() in TEXTS or part.get_content_maintype() == "multipart"
        if textual and part.get_content_disposition() != "attachment":
            body = _body(part)
            if not part.get_filename():
                return [body]
            self._spare.append(body)
        content = _content(part)
        self.attachments.append(Attachment(file_name(part, number), _media_type(part), content))
        return []

    def settle(self, bodies: list[Body]) -> None:
        """Take the bodies; a named inline text is one when there is no other."""
        self.bodies = bodies or self._spare[:1]


def parse(raw: bytes) -> Parts:
    """Parse a mail. Raises `Rejected` for structures nested beyond what mail systems make."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if (raw.count(b"\n") + raw.count(b"\r")) * raw.lower().count(b"boundary") > MAX_COMPARISONS:
        raise Rejected(QuarantineReason.NESTED_TOO_DEEP, "The mail has too many nested parts.")
    if any(len(match[0]) > MAX_HEADER for match in STRUCTURED.finditer(raw)):
        raise Rejected(QuarantineReason.CORRUPT, "The mail has a header no mail system writes.")
    try:
        message = BytesParser(policy=compat32).parsebytes(raw)
        parts = Parts(message, cut=HEADER_END.search(raw) is None)
        parts.settle(parts.collect(message))
    except RecursionError:
        raise Rejected(QuarantineReason.NESTED_TOO_DEEP, "The mail is nested too deep.") from None
    return parts


def _best(groups: list[list[Body]]) -> list[Body]:
    plain = [group for group in groups if not any(body.html for body in group)]
    rich = [group for group in groups if any(body.html for body in group)]
    if plain and rich:
        return rich[-1] if _is_stub(plain[0], rich[-1]) else plain[0]
    return groups[-1] if groups else []


def _is_stub(plain: list[Body], rich: list[Body]) -> bool:
    text = " ".join(body.decoded.text for body in plain).strip()
    if len(text) > SHORT:
        return False
    other = sum(len(to_text(body.decoded.text).text) for body in rich if body.html)
    return (not text or STUB.search(text) is not None) and other > 0


def _body(part: Message) -> Body:
    content = _undone(part)
    html = part.get_content_type() == "text/html"
    charset = part.get_content_charset()
    if html and charset is None and (meta := META_CHARSET.search(content.body[:2000])):
        charset = meta[1].decode("ascii")
    return Body(decode(content.body, charset), html, content.repaired, content.cut)


def _undone(part: Message) -> transfer.Bytes:
    encoding = str(part.get("content-transfer-encoding", ""))
    # Without the header the parser hands out the bytes untouched.
    del part["content-transfer-encoding"]
    payload = part.get_payload(decode=True)
    return transfer.undo(payload if isinstance(payload, bytes) else b"", encoding)


def _content(part: Message) -> bytes:
    if not part.is_multipart():
        return _undone(part).body
    out = BytesIO()
    try:
        for inner in part.get_payload():
            BytesGenerator(out, mangle_from_=False).flatten(inner)
    except (LookupError, ValueError, TypeError):
        # Too odd to be written again; the stored original holds it byte for byte.
        return b""
    return out.getvalue()


def _media_type(part: Message) -> str:
    name = part.get_content_type().lower()
    return name if MEDIA_TYPE.fullmatch(name) else "application/octet-stream"
