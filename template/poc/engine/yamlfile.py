"""Reads a YAML file into a model; every mistake is one sentence with file, line and key."""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from poc.engine.problems import InvalidFile

LARGEST = 1_000_000
MOST_VALUES = 50_000  # a few names that stand for each other can be worth billions
# YAML reads 010 as 8 and 1:30 as 90, which nobody means.
_OTHER_BASE = re.compile(r"[-+]?(0[0-9_]+|.*:.*)")

ModelT = TypeVar("ModelT", bound=BaseModel)
Key = tuple[str | int, ...]


class Strict(BaseModel):
    """A value that does not change; its keys are written in camelCase and unknown ones refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        allow_inf_nan=False,
    )


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader with dates left as text: a date must not turn into a moment of some zone."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path, model: type[ModelT], shown: str = "") -> ModelT:
    """Read and check one file. Raises `InvalidFile` with a line per mistake, never a traceback.

    `shown` is how messages call the file, by default its path as given.
    """
    shown = shown or path.as_posix()
    data, lines = parse(path, shown)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidFile(*_sentences(error, shown, lines)) from None


def parse(path: Path, shown: str) -> tuple[Any, dict[Key, int]]:
    """Read the data of one file, and the line (from 1) of each key path. Raises `InvalidFile`."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise InvalidFile(
                f"{shown} is larger than {LARGEST} bytes; it is not what it should be."
            )
        text = raw.decode("utf-8")
    except FileNotFoundError:
        raise InvalidFile(
            f"{shown} is missing; bring it back from the repository's history."
        ) from None
    except OSError as error:
        raise InvalidFile(f"{shown} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InvalidFile(f"{shown} is not UTF-8 text; save it as UTF-8.") from None
    return _compose(text, shown)


def _compose(text: str, shown: str) -> tuple[Any, dict[Key, int]]:
    loader = _Loader(text)
    lines: dict[Key, int] = {}
    try:
        node = loader.get_single_node()
        if node is None:
            raise InvalidFile(f"{shown} is empty; bring it back from the repository's history.")
        _walk(node, (), lines, shown)
        return loader.construct_document(node), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{shown}:{mark.line + 1}" if mark else shown
        hint = " Indent with spaces." if "tab character" in str(error.problem) else ""
        raise InvalidFile(f"{place}: this is not valid YAML: {error.problem}.{hint}") from None
    except ValueError:
        raise InvalidFile(
            f"{shown} holds a number that cannot be read; write it plainly."
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise InvalidFile(f"{shown} is not valid YAML: {type(error).__name__}.") from None
    finally:
        loader.dispose()


def _walk(node: yaml.Node, key: Key, lines: dict[Key, int], shown: str) -> None:
    """Note the line of every key; refuse what YAML lets pass and people do not mean."""
    lines.setdefault(key, node.start_mark.line + 1)
    if len(lines) > MOST_VALUES:
        raise InvalidFile(f"{shown} holds more than {MOST_VALUES} values; write it out plainly.")
    if isinstance(node, yaml.ScalarNode):
        _plain(node, f"{shown}:{lines[key]}")
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for name, value in node.value:
            line = name.start_mark.line + 1
            if not isinstance(name, yaml.ScalarNode):
                raise InvalidFile(f"{shown}:{line}: a key must be a word.")
            if not name.tag.endswith((":str", ":merge")):
                raise InvalidFile(f"{shown}:{line}: the key {name.value} is no word; quote it.")
            if name.value in seen:
                raise InvalidFile(f"{shown}:{line}: {name.value} stands here twice; keep one.")
            seen.add(name.value)
            lines[(*key, name.value)] = line
            _walk(value, (*key, name.value), lines, shown)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*key, index), lines, shown)


def _plain(node: yaml.ScalarNode, place: str) -> None:
    kind, text = node.tag.rpartition(":")[2], node.value
    if kind in ("int", "float") and _OTHER_BASE.fullmatch(text):
        raise InvalidFile(f"{place}: {text} is read as another number; write it plainly, or quote.")
    if kind == "float" and not math.isfinite(_float(text)):
        raise InvalidFile(f"{place}: {text} is no number to reckon with; write a finite one.")


def _float(text: str) -> float:
    try:
        return float(text.replace("_", ""))
    except ValueError:  # YAML's own spelling of infinity and of no number
        return math.nan


def _sentences(error: ValidationError, shown: str, lines: dict[Key, int]) -> list[str]:
    found = []
    for one in error.errors(include_url=False, include_context=True):
        place: Key = tuple(one["loc"])
        known = place
        while known and known not in lines:
            known = known[:-1]
        name = ".".join(str(part + 1 if isinstance(part, int) else part) for part in place)
        found.append(f"{shown}:{lines.get(known, 1)}: {name or 'the file'}: {_said(one)}")
    return found


def _said(one: Mapping[str, object]) -> str:
    """One mistake in plain words."""
    kind, given = str(one["type"]), one.get("input")
    if kind == "missing":
        return "is missing; add it."
    if kind == "extra_forbidden":
        return "is not a key this file knows; check its spelling."
    if kind.startswith("date_"):
        return f"write the date as YYYY-MM-DD, not {given!r}."
    if kind == "value_error":  # a sentence of ours
        return str(one["msg"]).removeprefix("Value error, ") + "."
    text = str(one["msg"])
    text = text[:1].lower() + text[1:]
    return f"{text}, not {given!r}." if isinstance(given, str | int | float) else f"{text}."
