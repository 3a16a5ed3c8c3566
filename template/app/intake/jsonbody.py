"""A JSON body: checked against the use case's input, cleaned, and checked again."""

import json
import math
from typing import Any, NoReturn

from pydantic import BaseModel, JsonValue, ValidationError

from app.case import AnyUseCase
from app.errors import InvalidInput
from app.intake import language
from app.intake.characters import repair
from app.intake.charset import decode
from app.intake.outcome import Clean, Limits, NoteCode, Notes, QuarantineReason, Rejected
from app.intake.treatment import treat

INTEGERS = range(-(2**63), 2**63)
MAX_DIGITS = 20
MAX_PLACE = 80
MAX_ERRORS = 50
Document = dict[str, JsonValue]


def read(
    body: bytes, charset: str | None, usecase: AnyUseCase, limits: Limits, notes: Notes
) -> Clean:
    """Make a clean case of a JSON body.

    Raises `InvalidInput` for malformed JSON, for anything but an object and for another shape
    than the input's, and `Rejected` for an input that has the shape but no readable text.
    """
    decoded = decode(body, charset)
    document = parse(decoded.text)
    try:
        usecase.input_type.model_validate_json(decoded.text, strict=True)
    except ValidationError as error:
        raise InvalidInput("Correct the listed fields.", errors=places(error)) from None
    if decoded.replaced:
        notes.add(NoteCode.CHARSET_REPLACED, "body", decoded.replaced)
    names = _names(usecase.input_type)
    cleaned = {
        key: _clean(value, names.get(key, "other"), usecase.long_text, limits, notes)
        for key, value in document.items()
    }
    return _finish(cleaned, names, usecase, notes)


def parse(text: str) -> Document:
    """Parse a JSON object. Raises `InvalidInput`; the message never repeats the input."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_integer,
        )
    except RecursionError:
        raise InvalidInput("The JSON is nested too deep; send a flat object.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidInput(f"The body is not valid JSON, see {place}.") from None
    if not isinstance(value, dict):
        raise InvalidInput("Send one JSON object.")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> Document:
    # Two readers would see two different cases.
    document = dict(pairs)
    if len(document) < len(pairs):
        raise InvalidInput("A JSON object has the same key twice; send every key once.")
    return document


def _no_number(_: str) -> NoReturn:
    raise InvalidInput("NaN and Infinity are no JSON numbers; leave the field out.")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise InvalidInput("A number is too large to be represented; send it as a string.")
    return number


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS or int(digits) not in INTEGERS:
        raise InvalidInput("An integer has more than 64 bits; send it as a string.")
    return int(digits)


def places(error: ValidationError) -> list[dict[str, Any]]:
    """Where an input does not fit and why, without any of its values."""
    found = error.errors(include_input=False, include_context=False, include_url=False)
    return [
        {
            "loc": [part if isinstance(part, int) else part[:MAX_PLACE] for part in one["loc"]],
            "msg": one["msg"],
        }
        for one in found[:MAX_ERRORS]
    ]


def _names(model: type[BaseModel]) -> dict[str, str]:
    names = {name: name for name in model.model_fields}
    for name, info in model.model_fields.items():
        for alias in (info.alias, info.validation_alias):
            if isinstance(alias, str):
                names[alias] = name
    return names


def _clean(
    value: JsonValue, name: str, long_text: frozenset[str], limits: Limits, notes: Notes
) -> JsonValue:
    if isinstance(value, str):
        if name in long_text:
            return treat(value, name, limits, notes) if value.strip() else ""
        return repair(value, name, limits.characters, notes)
    if isinstance(value, list):
        return [_clean(one, name, long_text, limits, notes) for one in value]
    if isinstance(value, dict):
        return {key: _clean(one, name, long_text, limits, notes) for key, one in value.items()}
    return value


def _finish(document: Document, names: dict[str, str], usecase: AnyUseCase, notes: Notes) -> Clean:
    texts = [str(document[key]) for key in document if names.get(key) in usecase.long_text]
    text = "\n\n".join(one for one in texts if one.strip() and one != "None")
    if usecase.long_text and not text:
        raise Rejected(QuarantineReason.EMPTY, "No text is left after cleaning.")
    slot = usecase.language_field
    key = next((key for key in document if names.get(key) == slot), None) if slot else None
    declared = document.get(key) if key else None
    spoken = language.settle(text, language.code_of(declared), slot or "language", notes)
    if slot and not declared and spoken != language.UNKNOWN:
        filled = document | {key or _key(usecase.input_type, slot): spoken}
        case = _validated(usecase.input_type, filled)
        if case is not None:
            return Clean(case, spoken, tuple(notes))
    case = _validated(usecase.input_type, document)
    if case is None:
        detail = "The cleaned text breaks a rule of the input that the original kept."
        raise Rejected(QuarantineReason.UNUSABLE, detail)
    return Clean(case, spoken, tuple(notes))


def _key(model: type[BaseModel], name: str) -> str:
    info = model.model_fields[name]
    alias = info.validation_alias or info.alias
    return alias if isinstance(alias, str) else name


def _validated(model: type[BaseModel], document: Document) -> BaseModel | None:
    try:
        return model.model_validate_json(json.dumps(document), strict=True)
    except ValidationError:
        return None
