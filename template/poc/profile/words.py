"""What the codes of intake and of personal data mean, for people who never saw the code."""

from collections.abc import Mapping

from app.intake import EXPLANATIONS, NoteCode, QuarantineReason
from poc.pages.words import count, percent

NOTES: dict[NoteCode, str] = {
    NoteCode.CHARSET_REPLACED: "in another character set than it says",
    NoteCode.ENCODING_REPAIRED: "characters garbled on the way, restored",
    NoteCode.NORMALISED: "characters brought to one form",
    NoteCode.CONTROL_REMOVED: "invisible characters removed",
    NoteCode.BASE64_REPAIRED: "damaged base64, repaired",
    NoteCode.QUOTED_PRINTABLE_REPAIRED: "undecoded quoted-printable, repaired",
    NoteCode.HEADER_REPAIRED: "subject with broken encoding",
    NoteCode.HTML_STRIPPED: "HTML turned into text",
    NoteCode.HIDDEN_TEXT_REMOVED: "hidden text removed",
    NoteCode.QUOTE_REMOVED: "quoted earlier mail removed",
    NoteCode.QUOTE_ONLY: "nothing but a quoted mail, kept",
    NoteCode.SIGNATURE_REMOVED: "signature removed",
    NoteCode.TRUNCATED: "text ends in the middle",
    NoteCode.TRUNCATED_MIME: "mail cut before its end",
    NoteCode.BODY_EMPTY: "only the subject says something",
    NoteCode.ATTACHMENT_KEPT: "attachments kept, not read",
    NoteCode.LANGUAGE_UNSURE: "language not sure",
    NoteCode.LANGUAGE_DISAGREES: "in another language than it says",
    NoteCode.SEVERAL_LANGUAGES: "more than one language",
}
REASONS: dict[QuarantineReason, str] = {
    QuarantineReason.EMPTY: "empty",
    QuarantineReason.NO_TEXT: "no text",
    QuarantineReason.TOO_LARGE: "too large",
    QuarantineReason.UNDECODABLE: "characters lost",
    QuarantineReason.CORRUPT: "damaged data",
    QuarantineReason.TRUNCATED: "cut off",
    QuarantineReason.NESTED_TOO_DEEP: "nested too deep",
    QuarantineReason.UNUSABLE: "no case of this kind",
}
PERSONAL = {
    "email": "e-mail addresses",
    "phone": "telephone numbers",
    "iban": "bank accounts (IBAN)",
    "card": "payment cards",
    "tax_id": "tax and VAT numbers",
    "ip": "IP addresses",
}
CHANNELS = {"table": "table or JSON row", "text": "plain text"}
MORE = "and others"


def note(code: str) -> str:
    """A repair in words."""
    return NOTES[NoteCode(code)]


def held(code: str) -> tuple[str, str]:
    """A reason of quarantine in words, and what the service advises."""
    reason = QuarantineReason(code)
    return REASONS[reason], EXPLANATIONS[reason]


def refusal(code: str) -> tuple[str, str]:
    """Why the service takes no case of it, and what to do."""
    fields = code.removeprefix("fields: ")
    if fields != code:
        return (
            f"does not fit the input: {fields}",
            "Mend the export, or name another column or none: --column FIELD=NAME, --column FIELD=",
        )
    if code == "too large":
        return "above the size that reaches the service", "Raise the limit, or leave them out."
    return code, "Send what the service reads: mail, plain text, or JSON of the input."


def share(part: int, whole: int) -> str:
    """Such as "12.5 %"; what is there is never nought, what is missing never all."""
    if not whole:
        return "-"
    value = 100 * part / whole
    if 0 < value < 0.1:
        return "under 0.1 %"
    return percent(min(value, 99.9) if part < whole else value)


def top(counts: Mapping[str, int], most: int) -> list[tuple[str, int]]:
    """The largest counts; those that are left become one line."""
    every = list(counts.items())
    rest = every[most - 1 :] if len(every) > most else []
    kept = every[: most - 1] if rest else every
    return kept + ([(f"{MORE} ({len(rest)})", sum(n for _, n in rest))] if rest else [])


def messages(number: int) -> str:
    """Such as "1 message" and "2,000 messages"."""
    return count(number, "message")
