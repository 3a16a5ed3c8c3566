"""Reads from the JSON Schema of an answer which fields people label, and how."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, JsonValue

from app.records.labels.form import NONE, Choice, Field, Kind

_PLAIN: Mapping[str, Kind] = {"integer": "integer", "number": "number"}


def fields_of(answer_type: type[BaseModel]) -> tuple[Field, ...]:
    """The required fields in the order of the schema; empty when it requires none."""
    schema = answer_type.model_json_schema(by_alias=False)
    wanted, parts = schema.get("required", []), schema.get("$defs", {})
    return tuple(
        _field(name, part, parts) for name, part in schema["properties"].items() if name in wanted
    )


def _field(name: str, schema: dict[str, Any], parts: dict[str, Any]) -> Field:
    options = [_resolved(one, parts) for one in schema.get("anyOf", [schema])]
    given = [one for one in options if one.get("type") != "null"]
    nullable = len(given) < len(options)
    values = _closed(given)
    if values is None:
        return Field(name=name, kind=_kind(given, parts), nullable=nullable)
    choices = [Choice(text=_shown(one), value=one) for one in values]
    if nullable:
        none = NONE if all(one.text != NONE for one in choices) else f"({NONE})"
        choices.append(Choice(text=none, value=None))
    return Field(name=name, kind="choice", nullable=nullable, choices=tuple(choices))


def _closed(given: list[dict[str, Any]]) -> list[JsonValue] | None:
    """The values of a closed list, None where people write."""
    values: list[JsonValue] = []
    for one in given:
        if "enum" in one or "const" in one:
            values += one.get("enum", [one.get("const")])
        elif one.get("type") == "boolean":
            values += [True, False]
        else:
            return None
    return values


def _kind(given: list[dict[str, Any]], parts: dict[str, Any]) -> Kind:
    types = {one.get("type") for one in given}
    if len(given) == 1 and given[0].get("format") == "date":
        return "date"
    if len(given) == 1 and given[0].get("type") in _PLAIN:
        return _PLAIN[given[0]["type"]]
    if types == {"array"} and _resolved(given[0].get("items", {}), parts).get("type") == "string":
        return "lines"
    return "text" if "string" in types else "json"


def _resolved(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    resolved: dict[str, Any] = parts.get(name, schema)
    return resolved


def _shown(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value)
