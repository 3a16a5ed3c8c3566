"""One message of a source, as intake would receive it, or what cannot be read."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.intake import Raw

Kind = Literal["mail", "mailbox", "table", "lines", "text"]


@dataclass(frozen=True, slots=True)
class Found:
    """One message. `place` is the file below the given path, with # and a number in one of many.

    `sent` is what the source itself says of the time, when the message does not; it has a zone.
    `size` is set where `raw` holds only the beginning of a message the service would never take
    whole: the bytes of all of it, or how many were seen.
    """

    place: str
    kind: Kind
    raw: Raw = field(repr=False)
    sent: datetime | None = None
    size: int | None = None

    @property
    def bytes(self) -> int:
        """The size of the whole message in bytes."""
        return len(self.raw.body) if self.size is None else self.size


@dataclass(frozen=True, slots=True)
class Unread:
    """A file or a row that gives no message; `why` is a sentence that says what to do."""

    place: str
    why: str
