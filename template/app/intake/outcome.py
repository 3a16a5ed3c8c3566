"""What goes into intake and what comes out of it; every list of codes is closed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

MEDIA_TYPES = ("application/json", "text/plain", "message/rfc822")


@dataclass(frozen=True, slots=True)
class Raw:
    """A request body as it arrived, with its whole Content-Type header value."""

    content_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest body in bytes and the longest single text in characters."""

    bytes: int
    characters: int


class NoteCode(StrEnum):
    """What intake repaired, removed or could not be sure of."""

    CHARSET_REPLACED = "charset_replaced"
    ENCODING_REPAIRED = "encoding_repaired"
    NORMALISED = "normalised"
    CONTROL_REMOVED = "control_removed"
    BASE64_REPAIRED = "base64_repaired"
    QUOTED_PRINTABLE_REPAIRED = "quoted_printable_repaired"
    HEADER_REPAIRED = "header_repaired"
    HTML_STRIPPED = "html_stripped"
    HIDDEN_TEXT_REMOVED = "hidden_text_removed"
    QUOTE_REMOVED = "quote_removed"
    QUOTE_ONLY = "quote_only"
    SIGNATURE_REMOVED = "signature_removed"
    TRUNCATED = "truncated"
    TRUNCATED_MIME = "truncated_mime"
    BODY_EMPTY = "body_empty"
    ATTACHMENT_KEPT = "attachment_kept"
    LANGUAGE_UNSURE = "language_unsure"
    LANGUAGE_DISAGREES = "language_disagrees"
    SEVERAL_LANGUAGES = "several_languages"


class Note(BaseModel):
    """One repair. `field` is an input field or `text`, `subject`, `attachments` of a message.

    `detail` holds counts, charsets, languages and media types, never a person's words.
    """

    model_config = ConfigDict(frozen=True)

    code: NoteCode
    field: str
    detail: str = ""


class Notes:
    """Collects the notes of one case; the same note is kept once."""

    def __init__(self) -> None:
        self._notes: dict[Note, None] = {}

    def add(self, code: NoteCode, field: str, detail: str = "") -> None:
        """Remember one repair."""
        self._notes[Note(code=code, field=field, detail=detail)] = None

    def __iter__(self) -> Iterator[Note]:
        return iter(self._notes)


class QuarantineReason(StrEnum):
    """Why a case is held for an operator instead of being answered."""

    EMPTY = "empty"
    NO_TEXT = "no_text"
    TOO_LARGE = "too_large"
    UNDECODABLE = "undecodable"
    CORRUPT = "corrupt"
    TRUNCATED = "truncated"
    NESTED_TOO_DEEP = "nested_too_deep"
    UNUSABLE = "unusable"


EXPLANATIONS: dict[QuarantineReason, str] = {
    QuarantineReason.EMPTY: "Nothing readable was sent; ask the sender what they meant to say.",
    QuarantineReason.NO_TEXT: (
        "Only attachments or an encrypted part came, no text; open the original and handle it"
        " by hand."
    ),
    QuarantineReason.TOO_LARGE: (
        "The case is above the size limit; ask for a shorter text, or raise the limit and replay."
    ),
    QuarantineReason.UNDECODABLE: (
        "The characters were lost before they reached us; ask the sender to send it again."
    ),
    QuarantineReason.CORRUPT: (
        "The body is a file or damaged data instead of text; check the sending system."
    ),
    QuarantineReason.TRUNCATED: (
        "The message was cut off before anything readable; ask the sender to send it again."
    ),
    QuarantineReason.NESTED_TOO_DEEP: (
        "The message is nested deeper than real mail ever is; treat it as an attack until seen."
    ),
    QuarantineReason.UNUSABLE: (
        "The text is readable but makes no case of this kind; route it by hand."
    ),
}


class Rejected(Exception):
    """Raised inside intake to end a case in quarantine; `take` turns it into `Quarantined`."""

    def __init__(self, reason: QuarantineReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Kept:
    """An attachment that is kept in the original and not opened; `size` in bytes."""

    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Clean:
    """A case ready to be answered; `language` is an ISO 639-1 code or `und`."""

    case: BaseModel
    language: str
    notes: tuple[Note, ...] = ()
    attachments: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A case that is held; `detail` says what was found, without the sender's words."""

    reason: QuarantineReason
    detail: str
    notes: tuple[Note, ...] = ()
