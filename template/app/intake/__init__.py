"""Messy input in; a clean case, or a quarantined one with a reason, out. Nothing is dropped.

`take` reads JSON, plain text and mail. What it repairs or removes is noted; what cannot be
read is held with a reason from a closed list. The caller keeps the original bytes either way.
"""

from app.intake.entry import take
from app.intake.outcome import (
    EXPLANATIONS,
    MEDIA_TYPES,
    Clean,
    Kept,
    Limits,
    Note,
    NoteCode,
    Quarantined,
    QuarantineReason,
    Raw,
)

__all__ = [
    "EXPLANATIONS",
    "MEDIA_TYPES",
    "Clean",
    "Kept",
    "Limits",
    "Note",
    "NoteCode",
    "QuarantineReason",
    "Quarantined",
    "Raw",
    "take",
]
