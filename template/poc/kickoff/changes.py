"""A change of one key, and what data looks like after a list of them."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

KeyPath = tuple[str | int, ...]
# Whatever YAML can hold.
Value = Any


class Gone:
    """The value of a key that is taken out."""


GONE = Gone()


@dataclass(frozen=True, slots=True)
class Change:
    """`value` is new at `path`; `GONE` takes the key or the list's entry out.

    An index one past the end of a list adds an entry. Indices count as before all changes, so
    entries are taken out last, from the end.
    """

    path: KeyPath
    value: Value


def ordered(changes: Sequence[Change]) -> list[Change]:
    """New values first, then what goes, from the end of each list."""
    gone = [one for one in changes if one.value is GONE]
    indices = sorted(
        gone, key=lambda one: [part if isinstance(part, int) else -1 for part in one.path]
    )
    return [one for one in changes if one.value is not GONE] + indices[::-1]


def at(data: Value, path: KeyPath) -> Value:
    """The value at a path, None where there is nothing."""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def applied(data: Value, changes: Sequence[Change]) -> Value:
    """A copy of plain data with these changes; dates become text, as the reader has them."""
    result = copy.deepcopy(data)
    for one in ordered(changes):
        _apply(result, one.path, one.value)
    return result


def _apply(data: Value, path: KeyPath, value: Value) -> None:
    *parents, last = path
    for part, below in zip(parents, path[1:], strict=True):
        if isinstance(data, dict) and not isinstance(data.get(part), dict | list):
            data[part] = [] if isinstance(below, int) else {}
        data = data[part]
    if value is GONE:
        del data[last]
    elif isinstance(data, list) and last == len(data):
        data.append(plain(value))
    else:
        data[last] = plain(value)


def plain(value: Value) -> Value:
    """A value as the YAML reader would give it."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
