"""What the service can check of a model's answer; acceptance is calibrated on nothing else.

What a model says about its own certainty is no signal: it never gets here.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, JsonValue

from app.case import AnyUseCase, Guess
from app.gateway.provider import Completion
from app.signals import BASELINE, LOG_PROBABILITY, MODEL, equal_of

LEAST = -20.0  # below, a log-probability says no more; some servers send -9999
BLANK = re.compile(r"[\s,:{]*")


@cache
def required(answer_type: type[BaseModel]) -> tuple[str, ...]:
    """The fields an answer must have: what people label. All fields where none is required."""
    schema = answer_type.model_json_schema()
    names: list[str] = schema.get("required") or list(schema.get("properties", {}))
    return tuple(sorted(names))


def key(answer: BaseModel) -> dict[str, JsonValue]:
    """The required fields as JSON; answers with equal keys are the same answer."""
    values = answer.model_dump(mode="json", by_alias=True)
    return {name: _plain(values[name]) for name in required(type(answer))}


def signals(
    usecase: AnyUseCase,
    case: BaseModel,
    guess: Guess[Any],
    answer: BaseModel,
    completion: Completion,
    equal: tuple[int, int] | None,
) -> dict[str, float]:
    """The baseline's signals, and what the model's answer adds to them.

    `equal` is (equal answers, answers asked for), None when not all were given. Names and
    conventions are those of `app.signals`. Raises what the use case itself raises.
    """
    theirs, ours = key(answer), key(guess.answer)
    agrees = {f"{MODEL}agrees.{name}": theirs[name] == ours[name] for name in theirs}
    language = usecase.language_field and getattr(case, usecase.language_field, None)
    return {
        **guess.signals,
        f"{BASELINE}{usecase.baseline_digest()[:12]}": 1.0,
        **{name: float(value) for name, value in agrees.items()},
        f"{MODEL}agrees": float(theirs == ours),
        f"{MODEL}objected": float(bool(usecase.objections(case, answer))),
        f"{MODEL}baseline_objected": float(bool(usecase.objections(case, guess.answer))),
        f"{MODEL}length": math.log1p(len(usecase.ask(case).content)) / 10,
        **({f"language={language}": 1.0} if language else {}),
        **({equal_of(equal[1]): equal[0] / equal[1]} if equal and equal[1] > 1 else {}),
        **_log_probability(completion, list(theirs)),
    }


def _plain(value: JsonValue) -> JsonValue:
    """Without what changes no meaning: case and blanks of texts."""
    match value:
        case str():
            return " ".join(value.split()).casefold()
        case list():
            return [_plain(one) for one in value]
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case _:
            return value


def _log_probability(completion: Completion, names: list[str]) -> Mapping[str, float]:
    """The log-probability of the required fields' values, where the provider gave it."""
    text = (completion.text or "").encode("utf-8", "surrogatepass")
    if not completion.tokens or b"".join(token for token, _ in completion.tokens) != text:
        return {}
    try:
        places = [place for name, place in _values(completion.text or "") if name in names]
    except ValueError:  # two readers of JSON can differ about what is one
        return {}
    total, start = 0.0, 0
    for token, log_probability in completion.tokens:
        end = start + len(token)
        if any(start < last and end > first for first, last in places):
            total += log_probability
        start = end
    return {LOG_PROBABILITY: max(total, LEAST)} if math.isfinite(total) and places else {}


def _values(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The members of a JSON object: name, and first and last byte of the value."""
    decoder, place = json.JSONDecoder(), _skip(text, 0)
    while place < len(text) and text[place] == '"':
        name, place = decoder.raw_decode(text, place)
        first = _skip(text, place)
        _, last = decoder.raw_decode(text, first)
        yield name, (_bytes(text[:first]), _bytes(text[:last]))
        place = _skip(text, last)


def _skip(text: str, place: int) -> int:
    found = BLANK.match(text, place)
    return found.end() if found else place


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
