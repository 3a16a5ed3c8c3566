"""The rows of a delimited table, also of one that no program would call well formed.

A quoted cell may hold line ends. A quote that nobody closes would swallow the rest of the file:
when a row of several lines has not the header's number of cells, or goes on after a closing quote,
its first line is a row alone and the others are read again.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
# How much may be read again because of quotes nobody closes, in longest rows.
AGAIN = 64


@dataclass(frozen=True, slots=True)
class Record:
    """One row; `damaged` when a quote in it is never closed."""

    cells: list[str]
    damaged: bool = False


def is_open(line: str, delimiter: str, inside: bool = False) -> bool:
    """True when a quoted cell goes on after this line; `inside` when it did before it.

    A quote opens a cell only at its start; within a quoted cell two of them are one.
    """
    position, size = 0, len(line)
    while position < size:
        if inside or line[position] == '"':
            position = _end(line, position if inside else position + 1)
            if position < 0:
                return True
            inside = False
        following = line.find(delimiter, position)
        if following < 0:
            return False
        position = following + 1
    return inside


def _end(line: str, position: int) -> int:
    """Where a quoted cell is over, -1 when not in this line."""
    while (quote := line.find('"', position)) >= 0:
        if line[quote + 1 : quote + 2] != '"':
            return quote + 1
        position = quote + 2
    return -1


def records(source: Iterable[str], delimiter: str, most: int) -> Iterator[Record]:
    """Every row that is not blank, the header first; `most` is the longest row in characters."""
    csv.field_size_limit(max(2 * most, csv.field_size_limit()))
    lines, waiting = iter(source), deque[str]()
    budget, width = AGAIN * most, 0

    def following() -> str | None:
        return waiting.popleft() if waiting else next(lines, None)

    while (first := following()) is not None:
        taken, size, inside = [first], len(first), is_open(first, delimiter)
        while inside and size <= most and budget > 0 and (line := following()) is not None:
            taken.append(line)
            size += len(line)
            inside = is_open(line, delimiter, inside)
        row = None if inside else _cells("".join(taken), delimiter, len(taken) > 1)
        if row is not None and (len(taken) == 1 or len(row) == (width or len(row))):
            if any(cell.strip() for cell in row):
                width = width or len(row)
                yield Record(row)
            continue
        budget -= size
        waiting.extendleft(reversed(taken[1:]))
        yield Record(_unquoted(first, delimiter), damaged=True)


def _cells(text: str, delimiter: str, strict: bool) -> list[str] | None:
    """The cells of one whole row; None for one that is none, such as one with a lone CR."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=strict), [])
    except csv.Error:
        return None


def _unquoted(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    except csv.Error:
        return [line]
