"""The full cleaning of a text that people wrote freely."""

from app.intake import damage, markup, quotes
from app.intake.characters import repair, tidy, visible
from app.intake.outcome import Limits, NoteCode, Notes


def treat(
    text: str,
    field: str,
    limits: Limits,
    notes: Notes,
    *,
    html: bool | None = None,
    forwarded: bool = False,
    cut: bool = False,
) -> str:
    """Make readable text: no markup, hidden text, quotes, signature, invisible characters.

    `html` None means that the text itself has to tell; `cut` that its end is known to be
    missing. Returns an empty string when nothing readable is left.
    Raises `Rejected` for damaged data and for texts longer than the limit.
    """
    damage.refuse(text)
    text = _transfer(text, field, notes)
    if markup.is_html(text) if html is None else html:
        cut = cut or damage.cut_in_tag(text)
        text = _strip(text, field, notes)
    shown, removed = visible(text)
    if removed:
        notes.add(NoteCode.CONTROL_REMOVED, field, f"characters: {removed}")
    own = _split(shown, field, notes, forwarded)
    repaired = repair(own, field, limits.characters, notes)
    if NoteCode.ENCODING_REPAIRED in {note.code for note in notes if note.field == field}:
        repaired = _split(repaired, field, notes, forwarded)
    repaired = tidy(repaired.replace(markup.QUOTE_MARK, ""))
    damage.note_cut(repaired, field, cut, notes)
    return repaired


def _transfer(text: str, field: str, notes: Notes) -> str:
    if "=\r\n" not in text and "=\n" not in text:
        return text
    decoded = damage.quoted_printable(text.replace("\r\n", "\n"))
    if decoded is None:
        return text
    notes.add(NoteCode.QUOTED_PRINTABLE_REPAIRED, field)
    return decoded


def _strip(text: str, field: str, notes: Notes) -> str:
    stripped = markup.to_text(text)
    notes.add(NoteCode.HTML_STRIPPED, field)
    if stripped.hidden:
        notes.add(NoteCode.HIDDEN_TEXT_REMOVED, field, f"pieces: {stripped.hidden}")
    return stripped.text


def _split(text: str, field: str, notes: Notes, forwarded: bool) -> str:
    parts = quotes.split(text, forwarded)
    if parts.quoted and not parts.only_quote:
        notes.add(NoteCode.QUOTE_REMOVED, field, f"lines: {parts.quoted}")
    if parts.only_quote:
        notes.add(NoteCode.QUOTE_ONLY, field)
    if parts.signature:
        notes.add(NoteCode.SIGNATURE_REMOVED, field, f"lines: {parts.signature}")
    return parts.text
