"""When a message was sent: its Date header, a field of the input, or a cell of a table."""

from datetime import UTC, date, datetime, time
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import Any

from pydantic import BaseModel

from app.intake import Raw, headers

DOTTED = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")
HEADERS = 64 * 1024
# An older date is the clock of a machine that had none.
FIRST_YEAR = 1980


def of_mail(raw: Raw) -> datetime | None:
    """The Date header of a mail."""
    if raw.content_type != "message/rfc822":
        return None
    start = raw.body[:HEADERS].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return headers.sent_at(headers.all_of(BytesHeaderParser(policy=compat32).parsebytes(start)))


def of_case(case: BaseModel) -> datetime | None:
    """The first moment or day among the input's fields."""
    for name in type(case).model_fields:
        value = getattr(case, name)
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time(), UTC)
    return None


def told(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC; null for no date, and for one of a clock that was never set."""
    if moment is None or moment.year < FIRST_YEAR:
        return None
    known = _utc(moment)
    return known.isoformat(timespec="seconds")


def read(text: object, form: str = "") -> datetime | None:
    """A moment in UTC as exports write it; one without a zone is taken as UTC.

    ISO 8601, RFC 5322 and days before months with dots are read; other orders only by --dates,
    because nothing tells the 3rd of April from the 4th of March; its strptime format is `form`.
    """
    given = str(text or "").strip()[:60]
    for reader in (_by_format(form), datetime.fromisoformat, *map(_by_format, DOTTED)):
        try:
            return _utc(reader(given))
        except (ValueError, OverflowError):
            continue
    try:
        return _utc(parsedate_to_datetime(given))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _by_format(form: str) -> Any:  # noqa: ANN401 - a function of text
    def read(text: str) -> datetime:
        if not form:
            raise ValueError
        return datetime.strptime(text, form)  # noqa: DTZ007 - given its zone by the caller

    return read


def _utc(found: datetime) -> datetime:
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
