"""A tiny use case and short ways to send it synthetic input. Every message here is invented."""

import base64
import json
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.case import Ask, Guess, Message, ReviewSheet, Sample, Unusable
from app.intake import Clean, Limits, NoteCode, Quarantined, QuarantineReason, Raw, take

LIMITS = Limits(bytes=1024 * 1024, characters=20_000)


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid")

    subject: str = ""
    body: str = Field(alias="text", validation_alias="text", max_length=30_000)
    amount: float | None = None
    tags: list[str] = []
    kind: Literal["mail", "text", "form"] = "form"
    sender: str | None = Field(None, max_length=60)
    language: str | None = Field(None, pattern=r"^([a-z]{2,3}(-[A-Z]{2})?)?$")


class Answer(BaseModel):
    ok: bool


@dataclass
class Desk:
    """Keeps the last message it was given."""

    name: str = "desk"
    input_type: type[Request] = Request
    answer_type: type[Answer] = Answer
    prompt_version: str = "1"
    long_text: frozenset[str] = frozenset({"body"})
    language_field: str | None = "language"
    seen: list[Message] = field(default_factory=list)

    def from_message(self, message: Message) -> Request:
        self.seen.append(message)
        if "unsubscribe me" in message.text:
            raise Unusable("Nothing to answer.")
        return Request(
            subject=message.subject,
            text=message.text,
            kind=message.channel,
            sender=message.sender or None,
            language=None if message.language == "und" else message.language,
        )

    def ask(self, case: Request) -> Ask:
        return Ask("", case.body)

    def baseline(self, case: Request) -> Guess[Answer]:
        return Guess(Answer(ok=True), {})

    def baseline_digest(self) -> str:
        return ""

    def objections(self, case: Request, answer: Answer) -> list[str]:
        return []

    def review_sheet(self, case: Request, answer: Answer | None) -> ReviewSheet:
        return ReviewSheet("", ())

    def samples(self) -> list[Sample]:
        return []


def send(content_type: str, body: bytes, limits: Limits = LIMITS) -> Clean | Quarantined:
    return take(Raw(content_type, body), Desk(), limits)


def send_json(**fields: object) -> Clean | Quarantined:
    return send("application/json", json.dumps(fields).encode())


def clean(outcome: Clean | Quarantined) -> Clean:
    assert isinstance(outcome, Clean), outcome
    return outcome


def held(outcome: Clean | Quarantined) -> QuarantineReason:
    assert isinstance(outcome, Quarantined), outcome
    return outcome.reason


def body_of(outcome: Clean | Quarantined) -> str:
    case = clean(outcome).case
    assert isinstance(case, Request)
    return case.body


def codes(outcome: Clean | Quarantined) -> set[NoteCode]:
    return {note.code for note in outcome.notes}


def plain(text: str | bytes, charset: str = "utf-8") -> Clean | Quarantined:
    body = text.encode(charset) if isinstance(text, str) else text
    return send(f"text/plain; charset={charset}", body)


def mail(content: bytes, headers: str = "Subject: Lieferung 4711") -> Clean | Quarantined:
    return send("message/rfc822", headers.encode("utf-8") + b"\n" + content)


def message_of(content: bytes, headers: str = "Subject: Lieferung 4711") -> Message:
    desk = Desk()
    take(Raw("message/rfc822", headers.encode("utf-8") + b"\n" + content), desk, LIMITS)
    return desk.seen[-1]


def html(markup: str) -> Clean | Quarantined:
    encoded = base64.encodebytes(markup.encode("utf-8"))
    head = b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    return mail(head + encoded)


def multipart(*parts: str, kind: str = "mixed", end: bool = True) -> bytes:
    lines = "".join(f"--edge\n{part}\n" for part in parts) + ("--edge--\n" if end else "")
    return f"Content-Type: multipart/{kind}; boundary=edge\n\n{lines}".encode()
