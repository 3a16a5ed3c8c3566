"""Which column or key of a source is which field of the use case's input."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from app.intake.vocabulary import words
from poc.sources import moments
from poc.sources.options import SENT, Options

# Names under which exports keep the moment a message came in.
DATES = words(
    "sent date datum sentat senton created createdat createdon received receivedat receivedon"
    " timestamp datetime time zeit erstellt erstelltam eingang eingangsdatum gesendet"
)
MOMENTS = ("date-time", "date")
SHOWN = 20
LONGEST = 40
Row = dict[str, JsonValue]


class NoTable(Exception):
    """A source that lacks a required field; the message is the sentence about it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the input: `key` is its name in JSON, `closed` says that its values are few.

    `moment` is the JSON schema format of a day or a moment, empty for other fields.
    """

    name: str
    key: str
    required: bool
    moment: str
    closed: bool
    adapter: TypeAdapter[Any]


@dataclass(frozen=True, slots=True)
class Match:
    """`fields` by the source's names; `dropped` names nothing takes, `missing` required fields."""

    fields: Mapping[str, Field]
    sent: str | None
    dropped: Sequence[str]
    missing: Sequence[str]


def fields(model: type[BaseModel]) -> list[Field]:
    """The fields of an input as JSON knows them."""
    found = []
    for name, info in model.model_fields.items():
        alias = info.validation_alias or info.alias
        kind: Any = Annotated[info.annotation, info]
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        kinds = str(adapter.json_schema())
        moment = next((form for form in MOMENTS if f"'{form}'" in kinds), "")
        key = alias if isinstance(alias, str) else name
        closed = "'enum'" in kinds or "'const'" in kinds
        found.append(Field(name, key, info.is_required(), moment, closed, adapter))
    return found


def match(names: Sequence[str], options: Options) -> Match:
    """Match names to fields without case, blanks and dashes; the options come first."""
    known = fields(options.usecase.input_type)
    by_name = {plain(name): name for name in reversed(names)}
    chosen: dict[str, Field] = {}
    for one in known:
        wanted = options.columns.get(one.name)
        tried = [one.name, one.key] if wanted is None else [wanted]
        found = next((by_name[plain(name)] for name in tried if plain(name) in by_name), None)
        if found is not None and found not in chosen:
            chosen[found] = one
    wanted = options.columns.get(SENT)
    dates = DATES if wanted is None else {plain(wanted)}
    rest = [name for name in names if name not in chosen]
    sent = next((name for name in rest if plain(name) in dates), None)
    held = set(chosen.values())
    return Match(
        chosen,
        sent,
        [name for name in rest if name != sent and name.strip()],
        [one.name for one in known if one.required and one not in held],
    )


def plain(name: str) -> str:
    """A name without case, blanks, dashes and their like."""
    return re.sub(r"[\W_]+", "", name.casefold())


def lacking(names: Sequence[str], found: Match) -> str:
    """The sentence for a source without a required field, with the option to add."""
    shown = [repr(name[:LONGEST]) for name in names if name.strip()][:SHOWN]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    wanted = found.missing or ["FIELD"]
    example = " ".join(f"--column {name}=NAME" for name in wanted)
    said = f"has no column for {', '.join(found.missing) or 'any field of the input'}"
    return f"{said}; its columns are {', '.join(shown) or 'none'}{more}. Add {example}."


def document(cells: Mapping[str, str], found: Match, options: Options) -> Row:
    """A row of text as JSON of the input; empty cells of other fields than texts are left out."""
    made: Row = {}
    for name, one in found.fields.items():
        cell = cells.get(name)
        if cell is None:
            continue
        value = dated(cell, one, options) if one.moment else _value(cell, one)
        if value is not None:
            made[one.key] = value
    return made


def _value(cell: str, one: Field) -> JsonValue:
    """The cell as the field's own type; as it is where it fits none, for intake to judge."""
    tried = [cell, cell.strip(), cell.strip().lower()] if len(cell) < 200 else [cell]
    for text in tried:
        try:
            value: JsonValue = one.adapter.dump_python(
                one.adapter.validate_strings(text), mode="json"
            )
        except ValidationError:
            continue
        return value if text.strip() or one.required else None
    return cell if cell.strip() else None


def dated(text: str, one: Field, options: Options) -> str | None:
    """A day or a moment as JSON has it; null where it is none that can be read."""
    found = moments.read(text, options.dates)
    if found is None:
        return None
    return found.isoformat() if one.moment == "date-time" else found.date().isoformat()
