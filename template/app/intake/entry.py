"""The way into the service for a case: one function for every content type."""

import re

from pydantic import ValidationError

from app.case import AnyUseCase, Message, Unusable
from app.errors import UnsupportedMedia
from app.intake import jsonbody, language, mail
from app.intake.charset import decode
from app.intake.outcome import (
    MEDIA_TYPES,
    Clean,
    Kept,
    Limits,
    NoteCode,
    Notes,
    Quarantined,
    QuarantineReason,
    Raw,
    Rejected,
)
from app.intake.treatment import treat

CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]{1,60})", re.IGNORECASE)


def take(raw: Raw, usecase: AnyUseCase, limits: Limits) -> Clean | Quarantined:
    """Make a clean case of messy input, or say why it has to be held.

    Raises `app.errors.UnsupportedMedia` for a content type outside `MEDIA_TYPES`, and
    `app.errors.InvalidInput` for JSON that is malformed or of the wrong shape. Nothing else
    is refused: the caller keeps the original of every `Quarantined`.
    """
    media_type = raw.content_type.partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        raise UnsupportedMedia(f"Send one of {', '.join(MEDIA_TYPES)}.")
    notes = Notes()
    try:
        return _read(media_type, raw, usecase, limits, notes)
    except Rejected as rejected:
        return Quarantined(rejected.reason, rejected.detail, tuple(notes))


def _read(media_type: str, raw: Raw, usecase: AnyUseCase, limits: Limits, notes: Notes) -> Clean:
    size = len(raw.body)
    if size > limits.bytes:
        detail = f"The body has {size} bytes, the limit is {limits.bytes}."
        raise Rejected(QuarantineReason.TOO_LARGE, detail)
    charset = CHARSET.search(raw.content_type)
    declared = charset[1] if charset else None
    if media_type == "application/json":
        return jsonbody.read(raw.body, declared, usecase, limits, notes)
    if not raw.body.strip():
        raise Rejected(QuarantineReason.EMPTY, "The body has no content.")
    if media_type == "text/plain":
        return _case(_plain(raw.body, declared, limits, notes), usecase, notes)
    return _case(mail.read(raw.body, limits, notes), usecase, notes)


def _plain(body: bytes, declared: str | None, limits: Limits, notes: Notes) -> Message:
    decoded = decode(body, declared)
    if decoded.replaced:
        notes.add(NoteCode.CHARSET_REPLACED, "text", decoded.replaced)
    text = treat(decoded.text, "text", limits, notes, cut=decoded.cut)
    if not text:
        raise Rejected(QuarantineReason.EMPTY, "No text is left after cleaning.")
    code = language.settle(text, None, "text", notes)
    return Message("", text, "", None, "text", code)


def _case(message: Message, usecase: AnyUseCase, notes: Notes) -> Clean:
    try:
        case = usecase.from_message(message)
    except Unusable as error:
        raise Rejected(QuarantineReason.UNUSABLE, str(error)) from None
    except ValidationError as error:
        fields = sorted({str(one["loc"][0]) for one in error.errors() if one["loc"]})
        detail = f"The message does not fit the input: {', '.join(fields) or 'as a whole'}."
        raise Rejected(QuarantineReason.UNUSABLE, detail) from None
    kept = tuple(Kept(one.name, one.media_type, len(one.content)) for one in message.attachments)
    return Clean(case, message.language, tuple(notes), kept)
