"""Reads a YAML file into a model, strictly; each mistake is a sentence with file, line and key."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from app.settings import SettingsError

ModelT = TypeVar("ModelT", bound=BaseModel)
Key = tuple[str | int, ...]

_SAID = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not a key of this file; check its spelling",
    "float_type": "write a number",
    "string_type": "write a text, in quotes if it looks like a number",
}


class _Loader(yaml.SafeLoader):
    """The safe loader; dates stay texts, as YAML's own would depend on a time zone."""


_Loader.yaml_implicit_resolvers = {
    first: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path, model: type[ModelT]) -> ModelT:
    """Read and check one file. Raises `SettingsError` with a line for each mistake."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text; save it as UTF-8") from None
    data, lines = _parse(text, path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentences(error, path, lines))) from None


def _parse(text: str, path: Path) -> tuple[Any, dict[Key, int]]:
    """The data, and the line (from 1) of each key."""
    lines: dict[Key, int] = {}
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise SettingsError(f"{path} is empty; bring it back from the repository's history")
        _walk(node, (), lines, path)
        return loader.construct_document(node), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}:{mark.line + 1}" if mark else f"{path}"
        raise SettingsError(f"{place}: is not valid YAML ({error.problem})") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SettingsError(f"{path} is not valid YAML ({type(error).__name__})") from None


def _walk(node: yaml.Node, key: Key, lines: dict[Key, int], path: Path) -> None:
    """Note the line of each key.

    Refuses what YAML lets pass: of a key that stands twice it keeps one, and `off` is no word.
    """
    lines.setdefault(key, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            inner, line = (*key, str(name.value)), name.start_mark.line + 1
            if name.tag != "tag:yaml.org,2002:str":
                raise SettingsError(f"{path}:{line}: a key must be a word")
            if inner in lines:
                raise SettingsError(f"{path}:{line}: {_name(inner)}: stands here twice; keep one")
            lines[inner] = line
            _walk(value, inner, lines, path)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*key, index), lines, path)


def _sentences(error: ValidationError, path: Path, lines: dict[Key, int]) -> list[str]:
    found = []
    for one in error.errors(include_url=False, include_context=False):
        key = known = tuple(one["loc"])
        while known not in lines:
            known = known[:-1]
        text = one["msg"].removeprefix("Value error, ").removeprefix("Input ")
        text = _SAID.get(one["type"], text)
        given = one["input"]
        if isinstance(given, str | int | float) and one["type"] != "extra_forbidden":
            text += f", not {given!r}"
        found.append(f"{path}:{lines[known]}: {_name(key)}: {text}")
    return found


def _name(key: Key) -> str:
    """A key as a person counts: the second entry of a list is 2."""
    return ".".join(str(one + 1 if isinstance(one, int) else one) for one in key) or "the file"
