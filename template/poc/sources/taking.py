"""What the service's own intake makes of a message, as a row of the index."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ValidationError

from app.errors import InvalidInput, ServiceError
from app.intake import Clean, NoteCode, Quarantined, take
from app.intake.outcome import Note
from poc.profile.personal import kinds
from poc.sources import likeness, moments
from poc.sources.columns import Field, fields
from poc.sources.found import Found
from poc.sources.options import Options

CHANNELS = {"message/rfc822": "mail", "text/plain": "text", "application/json": "table"}
TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True)
class Taken:
    """`values` by the names of the index's columns; `text` is normalised, for likeness."""

    values: Mapping[str, str | int | bytes | None]
    text: str


class Taker:
    """Runs intake as the service does under the same settings."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._fields = fields(options.usecase.input_type)
        self._channel = next((one for one in self._fields if one.name == "channel"), None)

    def take(self, found: Found) -> Taken:
        """Take one message. What the service refuses outright is an outcome too."""
        options, raw = self._options, found.raw
        if found.bytes > options.most:
            return self._row(found, "refused", TOO_LARGE)
        try:
            taken = take(raw, options.usecase, options.limits)
        except InvalidInput as error:
            return self._row(found, "refused", _places(error))
        except ServiceError as error:
            return self._row(found, "refused", error.code)
        if isinstance(taken, Quarantined):
            return self._row(found, "quarantined", str(taken.reason), taken.notes)
        return self._clean(found, taken)

    def _clean(self, found: Found, taken: Clean) -> Taken:
        usecase, case = self._options.usecase, taken.case
        values = case.model_dump(mode="json")
        free = "\n".join(str(values.get(name) or "") for name in sorted(usecase.long_text))
        other = "\n".join(_strings([values[one] for one in values if one not in usecase.long_text]))
        text = likeness.normalised(free or other)
        region = self._options.region
        personal = [f"text:{one}" for one in sorted(kinds(free, region))]
        personal += [f"field:{one}" for one in sorted(kinds(other, region))]
        empty = [one.name for one in self._fields if _is_empty(values.get(one.name))]
        row = self._row(found, "clean", None, taken.notes, text)
        more: dict[str, str | int | bytes | None] = {
            "language": taken.language,
            "characters": len(free or other),
            "channel": self._told(case, values) or row.values["channel"],
            "empty": json.dumps(empty),
            "personal": json.dumps(personal),
            "sent_at": row.values["sent_at"] or moments.told(moments.of_case(case)),
        }
        return Taken({**row.values, **more}, text)

    def _told(self, case: BaseModel, values: Mapping[str, object]) -> str:
        """The channel that the case itself names, out of a closed list; empty without one."""
        if self._channel is None or "channel" not in case.model_fields_set:
            return ""
        value = str(values["channel"])
        return value if _holds(self._channel, value) else ""

    def _row(
        self,
        found: Found,
        outcome: str,
        reason: str | None,
        notes: Sequence[Note] = (),
        text: str = "",
    ) -> Taken:
        body = found.raw.body
        kept = [one.detail for one in notes if one.code is NoteCode.ATTACHMENT_KEPT]
        media = [kind for detail in kept for kind in detail.partition(": ")[2].split(", ") if kind]
        channel, when = self._seen(found)
        values: dict[str, str | int | bytes | None] = {
            "place": found.place,
            "sha256": hashlib.sha256(body).hexdigest(),
            "kind": found.kind,
            "content_type": found.raw.content_type,
            "bytes": found.bytes,
            "outcome": outcome,
            "reason": reason,
            "language": "und",
            "characters": 0,
            "sent_at": moments.told(moments.of_mail(found.raw) or when or found.sent),
            "notes": json.dumps(list(dict.fromkeys(str(one.code) for one in notes))),
            "channel": channel,
            "attachments": json.dumps(media),
            "empty": "[]",
            "personal": "[]",
            "likeness": likeness.digest(text) if text else hashlib.sha256(body).digest(),
        }
        return Taken(values, text)

    def _seen(self, found: Found) -> tuple[str, datetime | None]:
        """Channel and moment of a row that may make no case: only what the input knows counts."""
        channel, when = CHANNELS.get(found.raw.content_type, "other"), None
        document = _document(found) if found.kind in ("table", "lines") else {}
        for one in self._fields:
            value = document.get(one.key)
            if one.name == "channel" and isinstance(value, str) and _holds(one, value):
                channel = value[:40]
            if one.moment and when is None and isinstance(value, str):
                when = moments.read(value, self._options.dates)
        return channel, when


def _document(found: Found) -> Mapping[str, object]:
    try:
        value = json.loads(found.raw.body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _holds(one: Field, value: str) -> bool:
    """True for one of a closed list's values; a free text is never a channel to show."""
    try:
        one.adapter.validate_python(value)
    except ValidationError:
        return False
    return one.closed


def _places(error: InvalidInput) -> str:
    """The fields that do not fit; names of the input only, never a value."""
    names = sorted({str(one["loc"][0]) for one in error.errors if one.get("loc")})
    return f"fields: {', '.join(names[:5])}" if names else error.code


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in _strings(one)]
    return [text for one in value for text in _strings(one)] if isinstance(value, list) else []
