"""A use case of the tests' own: is a note urgent? Its words steer what the service makes of it.

The service under test must not depend on the use case that the project happens to have.
"""

import hashlib
import logging
import re
import warnings
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.acceptance import Calibration, CalibrationFile, FittedOn
from app.case import Ask, Guess, Message, ReviewSheet, Sample, Unusable

SURE, EXACT, UNSURE = "certainty 0.90", "certainty 0.75", "certainty 0.50"
UNUSABLE, OBJECTIONABLE = "not a note at all", "please object"
FAULTY, NOISY = "please fail", "please chatter"


class NoteIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    subject: str = ""
    body: str
    reference: str | None = Field(None, max_length=200)


class Label(BaseModel):
    model_config = ConfigDict(extra="forbid")

    label: Literal["plain", "urgent"]
    words: list[str] = []


class Labelling:
    name = "labelling"
    input_type = NoteIn
    answer_type = Label
    long_text = frozenset({"body"})
    language_field: str | None = None

    def __init__(self, prompt_version: str = "1", weights: str = "1") -> None:
        self.prompt_version = prompt_version
        self.weights = weights

    def from_message(self, message: Message) -> NoteIn:
        if UNUSABLE in message.text:
            raise Unusable("The text is no note.")
        return NoteIn(subject=message.subject, body=message.text, reference=message.sender or None)

    def ask(self, case: NoteIn) -> Ask:
        return Ask("Say whether the note is urgent.", case.body)

    def baseline(self, case: NoteIn) -> Guess[Label]:
        found = re.search(r"certainty (\d\.\d+)", case.body)
        return Guess(Label(label="plain"), {"certainty": float(found[1]) if found else 0.9})

    def baseline_digest(self) -> str:
        return hashlib.sha256(self.weights.encode()).hexdigest()

    def objections(self, case: NoteIn, answer: Label) -> Sequence[str]:
        if FAULTY in case.body:
            raise RuntimeError(f"cannot look at {case.subject}: {case.body}")
        if NOISY in case.body:
            be_noisy(case.body)
        return ["A rule objects."] if OBJECTIONABLE in case.body else []

    def review_sheet(self, case: NoteIn, answer: Label | None) -> ReviewSheet:
        proposed = "nothing" if answer is None else answer.label
        return ReviewSheet(
            case.subject or "(no subject)", (("Proposed", proposed), ("Text", case.body))
        )

    def samples(self) -> Sequence[Sample]:
        return (
            Sample("sure", "A note that is answered", "text/plain", text(SURE)),
            Sample("unsure", "A note that waits", "text/plain", text(UNSURE)),
            Sample("nothing", "No note", "text/plain", text(UNUSABLE)),
        )


def be_noisy(words: str) -> None:
    """Do what libraries do: quote what they were given in warnings and log lines."""
    warnings.warn(f"odd: {words}", stacklevel=2)
    log = logging.getLogger("library")
    log.warning("quoting %s", words)
    log.error(ValueError(words))
    try:
        raise ValueError(words)
    except ValueError:
        log.exception("A constant line\nthen %r", words)


def text(words: str) -> bytes:
    """A plain text that intake reads without a note, with these words in it."""
    return f"Could you look at the printer in the hall on Monday morning, {words}".encode()


def model_of(usecase: Labelling) -> str:
    return f"baseline@{usecase.baseline_digest()[:12]}"


def calibration(
    provider: str, model: str, prompt_version: str = "1", threshold: float | None = None
) -> Calibration:
    """p = 1 / (1 + exp(-(10 * certainty - 5))); answered from a certainty of 0.75 on."""
    fitted = Calibration(
        provider=provider,
        model=model,
        prompt_version=prompt_version,
        signals=["certainty"],
        mean=[0.0],
        scale=[1.0],
        coefficients=[10.0],
        intercept=-5.0,
        threshold=threshold,
        precision_target=0.9,
        fitted_on=FittedOn(dataset_digest="0", cases=1, families=1, method="fixed", seed=0),
    )
    exact = fitted.probability({"certainty": 0.75})
    return fitted if threshold is not None else fitted.model_copy(update={"threshold": exact})


def offline_calibration() -> CalibrationFile:
    """The calibration of the baseline as it is without any argument."""
    return CalibrationFile(calibrations=[calibration("offline", model_of(Labelling()))])
