"""Invoice fields by rules: number, date and total, from a text or a text attachment."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from app.case import Ask, Guess, Message, ReviewSheet, Sample, Unusable

NUMBER = re.compile(
    r"(?:invoice|rechnung|facture)\s*(?:no|nr|number|n°)?[.:#\s]+([A-Z0-9-]{4,})", re.I
)
DATE = re.compile(r"\b(20\d\d-\d\d-\d\d)\b")
TOTAL = re.compile(r"total[^0-9\n]{0,20}(\d+[.,]\d\d)", re.I)


class Invoice(BaseModel):
    """The readable text of one invoice."""

    model_config = ConfigDict(extra="forbid")

    text: str


class Fields(BaseModel):
    """What stands on it; null where nothing was found."""

    model_config = ConfigDict(extra="forbid")

    number: str | None
    date: str | None
    total: str | None


class InvoiceFields:
    """Implements `app.case.UseCase` with rules instead of a trained model."""

    name = "invoice-fields"
    input_type = Invoice
    answer_type = Fields
    prompt_version = "1"
    long_text: frozenset[str] = frozenset({"text"})
    language_field: str | None = None

    def from_message(self, message: Message) -> Invoice:
        """Prefer the one text attachment over the words around it."""
        texts = [part for part in message.attachments if part.media_type == "text/plain"]
        if len(texts) > 1:
            raise Unusable("There is more than one text attachment.")
        text = texts[0].content.decode("utf-8", errors="replace") if texts else message.text
        if not text.strip():
            raise Unusable("There is no invoice text.")
        return Invoice(text=text)

    def ask(self, case: Invoice) -> Ask:
        """Fixed instructions; the invoice as untrusted content."""
        return Ask("Read number, date (YYYY-MM-DD) and total of the invoice.", case.text)

    def baseline(self, case: Invoice) -> Guess[Fields]:
        """First match of each rule; how many matched is the signal."""
        number, date = NUMBER.search(case.text), DATE.search(case.text)
        totals = TOTAL.findall(case.text)
        answer = Fields(
            number=number[1] if number else None,
            date=date[1] if date else None,
            total=totals[-1].replace(",", ".") if totals else None,
        )
        found = sum(value is not None for value in (answer.number, answer.date, answer.total))
        return Guess(answer, {"found": found / 3, "one_total": float(len(set(totals)) == 1)})

    def baseline_digest(self) -> str:
        """SHA-256 of these rules."""
        return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()

    def objections(self, case: Invoice, answer: Fields) -> Sequence[str]:
        """An invoice without a total cannot be paid."""
        return [] if answer.total else ["There is no total."]

    def review_sheet(self, case: Invoice, answer: Fields | None) -> ReviewSheet:
        """The fields first, then the text."""
        fields = [] if answer is None else [(k, str(v)) for k, v in answer.model_dump().items()]
        return ReviewSheet(headline="Invoice", fields=(*fields, ("Text", case.text)))

    def samples(self) -> Sequence[Sample]:
        """One synthetic invoice, and one that breaks the rules."""
        text = b"ACME Ltd\nInvoice No: A-10442\n2026-11-03\nTotal due EUR 129.90\n"
        return (
            Sample("plain", "A plain invoice", "text/plain; charset=utf-8", text),
            Sample("empty", "Nothing at all", "text/plain; charset=utf-8", b" \n"),
        )
