"""A small use case, and ways to write what a company might export. Every message is invented."""

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.case import Ask, Guess, Message, ReviewSheet, Sample, Unusable
from app.intake import Limits
from poc.sources.options import Options


class Letter(BaseModel):
    model_config = ConfigDict(extra="forbid")

    body: str
    subject: str = ""
    pages: int | None = None
    channel: Literal["mail", "form", "text"] = "form"
    received_at: datetime | None = None
    due: date | None = None


class Answer(BaseModel):
    ok: bool


class Letters:
    """The use case of these tests."""

    name = "letters"
    input_type = Letter
    answer_type = Answer
    prompt_version = "1"
    long_text = frozenset({"body"})
    language_field: str | None = None

    def from_message(self, message: Message) -> Letter:
        if "unsubscribe" in message.text:
            raise Unusable("Nothing to answer.")
        return Letter(
            body=message.text,
            subject=message.subject,
            channel=message.channel,
            received_at=message.sent_at,
        )

    def ask(self, case: Letter) -> Ask:
        return Ask("", case.body)

    def baseline(self, case: Letter) -> Guess[Answer]:
        return Guess(Answer(ok=True), {})

    def baseline_digest(self) -> str:
        return "0" * 64

    def objections(self, case: Letter, answer: Answer) -> list[str]:
        return []

    def review_sheet(self, case: Letter, answer: Answer | None) -> ReviewSheet:
        return ReviewSheet(case.subject, ())

    def samples(self) -> list[Sample]:
        return []


LETTERS = Letters()
MOST = 4 * 1024 * 1024


def letters(
    columns: dict[str, str] | None = None, most: int = MOST, region: str = "", dates: str = ""
) -> Options:
    """How the tests read; `most` is the largest body that is kept whole."""
    limits = Limits(min(most, 1024 * 1024), 20_000)
    return Options(LETTERS, limits, most, columns or {}, dates=dates, region=region)


def mail(text: str, subject: str = "A parcel", day: str = "Mon, 06 Jan 2025 10:00:00 +0000") -> str:
    """A plain mail."""
    return (
        f"From: Ann <ann@example.test>\nSubject: {subject}\nDate: {day}\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    )


def mailbox(path: Path, texts: list[str]) -> Path:
    """A mailbox of plain mails."""
    parts = [f"From ann@example.test Mon Jan  6 10:00:00 2025\n{mail(text)}\n" for text in texts]
    path.write_text("".join(parts), "utf-8")
    return path


def sentence(number: int) -> str:
    """A text of its own for each number, in no language: no two of them are alike."""
    digits = hashlib.sha256(str(number).encode()).hexdigest()
    letters = "".join(chr(ord("a") + int(one, 16)) for one in digits)
    return " ".join(letters[place : place + 7] for place in range(0, 56, 7))
