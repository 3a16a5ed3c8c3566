"""A mail as the sender meant it: subject, own words, sender, time, attachments."""

from app.case import Message
from app.intake import headers, language, mime
from app.intake.outcome import Limits, NoteCode, Notes, QuarantineReason, Rejected
from app.intake.treatment import treat

MIN_TOPIC_WORDS = 2


def read(raw: bytes, limits: Limits, notes: Notes) -> Message:
    """Read a mail; notes what had to be repaired.

    Raises `Rejected` when nothing readable is in it.
    """
    parts = mime.parse(raw)
    found = headers.all_of(parts.message)
    if parts.cut:
        notes.add(NoteCode.TRUNCATED_MIME, "text")
    if parts.attachments:
        kinds = sorted({one.media_type for one in parts.attachments})
        detail = f"{len(parts.attachments)}: {', '.join(kinds[:20])}"
        notes.add(NoteCode.ATTACHMENT_KEPT, "attachments", detail)
    subject = headers.subject_of(found, limits.characters, notes)
    text = _text(parts, headers.is_forward(subject), limits, notes)
    if not text:
        text = _instead(subject, parts, notes)
    return Message(
        subject=subject,
        text=text,
        sender=headers.sender_of(found),
        sent_at=headers.sent_at(found),
        channel="mail",
        language=language.settle(text, None, "text", notes),
        attachments=tuple(parts.attachments),
    )


def _text(parts: mime.Parts, forwarded: bool, limits: Limits, notes: Notes) -> str:
    texts: list[str] = []
    for body in parts.bodies:
        decoded = body.decoded
        if decoded.replaced:
            notes.add(NoteCode.CHARSET_REPLACED, "text", decoded.replaced)
        if body.repaired:
            notes.add(NoteCode.BASE64_REPAIRED, "text")
        html = True if body.html else None
        cut = body.cut or decoded.cut
        if decoded.text.strip():
            texts.append(
                treat(decoded.text, "text", limits, notes, html=html, forwarded=forwarded, cut=cut)
            )
    text = "\n\n".join(one for one in texts if one)
    if len(text) > limits.characters:
        detail = f"text has {len(text)} characters, the limit is {limits.characters}."
        raise Rejected(QuarantineReason.TOO_LARGE, detail)
    return text


def _instead(subject: str, parts: mime.Parts, notes: Notes) -> str:
    topic = headers.topic(subject)
    if len([word for word in topic.split() if any(map(str.isalpha, word))]) >= MIN_TOPIC_WORDS:
        notes.add(NoteCode.BODY_EMPTY, "text")
        return topic
    if parts.cut or any(body.cut for body in parts.bodies):
        raise Rejected(QuarantineReason.TRUNCATED, "The mail ends before any text.")
    if parts.attachments:
        detail = f"There is no text beside {len(parts.attachments)} attachments."
        raise Rejected(QuarantineReason.NO_TEXT, detail)
    raise Rejected(QuarantineReason.EMPTY, "The mail has no text, and its subject says nothing.")
