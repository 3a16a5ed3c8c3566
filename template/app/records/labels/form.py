"""What people fill in when they label: the required fields of the use case's answer.

Every value has a text that people choose or write, on the pages and in a table alike; `none` is
null.
"""

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

Kind = Literal["choice", "text", "integer", "number", "date", "lines", "json"]
Said = Literal["answer", "nothing", "unsure"]
NONE = "none"
_WANTED = {
    "integer": "a whole number, such as 12",
    "number": "a number with a point, such as 12.5",
    "date": "a day, such as 2026-03-31",
    "json": "JSON of the answer's schema",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Frozen):
    """One of a closed list: the text people choose, and the value it stands for."""

    text: str
    value: JsonValue


class Field(_Frozen):
    """One field to label. `choices` is empty where people write; `nullable` allows null."""

    name: str
    kind: Kind
    nullable: bool = False
    choices: tuple[Choice, ...] = ()

    @property
    def title(self) -> str:
        """The name as a person reads it."""
        words = self.name.replace("_", " ")
        return words[:1].upper() + words[1:]

    @property
    def may_be_none(self) -> bool:
        """True when people may write `none`: null, or a list without an entry."""
        return self.nullable or self.kind == "lines"


class Edge(_Frozen):
    """An edge category to choose; in a `held` one no case has an answer."""

    id: str
    title: str
    held: bool


class Form(_Frozen):
    """The fields of one round, and the edge categories of its register."""

    fields: tuple[Field, ...]
    edges: tuple[Edge, ...] = ()


def read(
    form: Form, answer_type: type[BaseModel], said: Said, texts: Mapping[str, str], edge: str
) -> tuple[dict[str, JsonValue], dict[str, str]]:
    """The value of what somebody filled in, and a sentence for each field that does not fit.

    An answer needs every field. What has no answer has no value.
    """
    value: dict[str, JsonValue] = {}
    wrong: dict[str, str] = {}
    for field in form.fields if said == "answer" else ():
        try:
            value[field.name] = _value(field, answer_type, texts.get(field.name, "").strip())
        except ValueError as error:
            wrong[field.name] = str(error)
    chosen = next((one for one in form.edges if one.id == edge), None)
    if edge and chosen is None:
        wrong["edge"] = "There is no edge category with this name."
    elif chosen and said != "unsure" and chosen.held != (said == "nothing"):
        wrong["edge"] = (
            f"“{chosen.title}” is for cases with nothing to answer."
            if chosen.held
            else f"“{chosen.title}” is for cases that have an answer."
        )
    return value, wrong


def text_of(field: Field, value: JsonValue) -> str:
    """The text that stands for a value; `read` makes the same value of it."""
    for choice in field.choices:
        if choice.value == value and type(choice.value) is type(value):
            return choice.text
    if value is None or value == []:
        return NONE
    if field.kind == "lines" and isinstance(value, list):
        return "\n".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)


def _value(field: Field, answer_type: type[BaseModel], text: str) -> JsonValue:
    """Raises `ValueError` with a sentence that says what to do."""
    if field.kind == "choice":
        for choice in field.choices:
            if choice.text == text:
                return choice.value
        allowed = ", ".join(choice.text for choice in field.choices)
        raise ValueError(f"Choose one for “{field.title}”: {allowed}.")
    if field.nullable and text == NONE:
        return None
    hint = f", or {NONE} if there is none" if field.may_be_none else ""
    if not text:
        raise ValueError(f"Fill in “{field.title}”{hint}.")
    try:
        raw: object = text
        if field.kind == "lines":
            written = "" if text == NONE else text
            raw = [line.strip() for line in written.splitlines() if line.strip()]
        elif field.kind in ("integer", "number", "json"):
            raw = json.loads(text)
        adapter: TypeAdapter[Any] = TypeAdapter(
            answer_type.model_fields[field.name].rebuild_annotation()
        )
        dumped: JsonValue = adapter.dump_python(adapter.validate_python(raw), mode="json")
        json.dumps(dumped, allow_nan=False)
    except (ValueError, RecursionError, KeyError) as error:
        told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else ""
        wanted = _WANTED.get(field.kind) or told or "something else"
        raise ValueError(f"“{field.title}” has to be {wanted}{hint}.") from None
    return dumped
