"""A small use case: is the answer to this note yes or no? The baseline always says no."""

import hashlib
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.case import Ask, Guess, Message, ReviewSheet, Sample, Unusable

INSTRUCTIONS = "Say yes or no."
PERSON = "Erika Mustermann"
DIGEST = hashlib.sha256(b"weights").hexdigest()


class Note(BaseModel):
    text: str


class Verdict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    label: Literal["yes", "no"]
    remark: str = ""


class YesNo:
    name = "yes-no"
    input_type = Note
    answer_type: type[BaseModel] = Verdict
    prompt_version = "1"
    long_text = frozenset({"text"})
    language_field: str | None = None

    def __init__(self, *samples: Sample) -> None:
        self._samples = samples or (Sample("one", "A note", "text/plain", PERSON.encode()),)

    def from_message(self, message: Message) -> Note:
        if not message.text.strip():
            raise Unusable("There is no text.")
        return Note(text=message.text)

    def ask(self, case: Note) -> Ask:
        return Ask(INSTRUCTIONS, case.text)

    def baseline(self, case: Note) -> Guess[Verdict]:
        return Guess(Verdict(label="no"), {"probability": 0.25})

    def baseline_digest(self) -> str:
        return DIGEST

    def objections(self, case: Note, answer: Verdict) -> Sequence[str]:
        return []

    def review_sheet(self, case: Note, answer: Verdict | None) -> ReviewSheet:
        return ReviewSheet(case.text, ())

    def samples(self) -> Sequence[Sample]:
        return self._samples


CASE = Note(text=f"My name is {PERSON}. Can I return it?")
