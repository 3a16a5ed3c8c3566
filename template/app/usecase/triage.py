"""Ticket triage: the use case this project starts with. Replace it with yours."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from app.case import Ask, Guess, Message, ReviewSheet, Sample, Unusable
from app.usecase.linear import LinearModel, count
from app.usecase.samples import SAMPLES
from app.usecase.schema import Priority, Queue, Ticket, Triage

HERE = Path(__file__).parent
NO_QUEUE = "none"
NO_DRAFT = "The trained baseline sorts tickets; it writes no replies."


def text_of(case: Ticket) -> str:
    """The text a classifier reads; the subject counts like any sentence."""
    return f"{case.subject}\n{case.body}"


def guess(case: Ticket, queues: LinearModel, priorities: LinearModel) -> Guess[Triage]:
    """Answer with two trained models, and say what acceptance may rely on."""
    text = count(text_of(case))
    queue, priority = queues.predict(text), priorities.predict(text)
    answer = Triage(
        queue=None if queue.label == NO_QUEUE else Queue(queue.label),
        priority=Priority(priority.label),
        draft_reason=NO_DRAFT,
        reasons=[f"The words are about: {', '.join(queue.evidence)}."] if queue.evidence else [],
    )
    signals = {
        "probability": queue.probabilities[queue.label],
        "margin": queue.margin,
        "known_words": queue.known,
        "words": min(len(text.words), 200) / 200,
    }
    return Guess(answer, signals)


class TicketTriage:
    """Implements `app.case.UseCase` for support tickets."""

    name = "ticket-triage"
    input_type = Ticket
    answer_type = Triage
    long_text = frozenset({"body"})
    language_field: str | None = "language"

    def __init__(self, weights: Path = HERE / "weights.json") -> None:
        self._weights = weights

    @cached_property
    def prompt(self) -> str:
        """The instructions, with every queue's meaning."""
        return (HERE / "prompt.md").read_text("utf-8")

    @cached_property
    def prompt_version(self) -> str:
        """The first 12 digits of the prompt's SHA-256: an edited prompt is a new version."""
        return hashlib.sha256(self.prompt.encode()).hexdigest()[:12]

    @cached_property
    def models(self) -> tuple[LinearModel, LinearModel]:
        """The trained models for queue and priority."""
        return LinearModel.load(self._weights, "queue"), LinearModel.load(self._weights, "priority")

    def from_message(self, message: Message) -> Ticket:
        """Any readable text is a ticket."""
        if not message.text.strip():
            raise Unusable("There is no text to sort.")
        return Ticket(
            subject=message.subject,
            body=message.text,
            channel="mail" if message.channel == "mail" else "text",
            customer_reference=message.sender or None,
            language=None if message.language == "und" else message.language,
            received_at=message.sent_at,
        )

    def ask(self, case: Ticket) -> Ask:
        """Fixed instructions; the ticket as fenced, untrusted content."""
        text = text_of(case).replace("</request>", "")
        return Ask(instructions=self.prompt, content=f"<request>\n{text}\n</request>")

    def baseline(self, case: Ticket) -> Guess[Triage]:
        """The trained linear models' answer."""
        return guess(case, *self.models)

    def baseline_digest(self) -> str:
        """SHA-256 of the weights file. Asked for at start-up, which is when it is read."""
        _ = self.models
        return hashlib.sha256(self._weights.read_bytes()).hexdigest()

    def objections(self, case: Ticket, answer: Triage) -> Sequence[str]:
        """A ticket without a queue goes to a person."""
        return [] if answer.queue else ["The text fits none of the queues."]

    def review_sheet(self, case: Ticket, answer: Triage | None) -> ReviewSheet:
        """Subject first, then what was proposed, then the text."""
        proposal = "no proposal" if answer is None else f"{answer.queue or 'no queue'}"
        return ReviewSheet(
            headline=case.subject or "(no subject)",
            fields=(
                ("Proposed queue", proposal),
                ("Priority", str(answer.priority) if answer else "unknown"),
                ("Language", case.language or "unknown"),
                ("Text", case.body),
            ),
        )

    def samples(self) -> Sequence[Sample]:
        """Messy synthetic tickets."""
        return SAMPLES
