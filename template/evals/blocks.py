"""The parts of a report, and their Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's title."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; a warning stands out."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, column heads and rows whose first cell names the row."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts by row and column; a cell is right where both names are equal."""

    caption: str
    rows: Sequence[str]
    columns: Sequence[str]
    counts: Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a chart with the ends of its interval, y from 0 to 1."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over x from 0 to `end`; the same figures stand in a table beside it.

    `diagonal` draws where x equals y.
    """

    title: str
    x_label: str
    y_label: str
    end: float
    series: Sequence[tuple[str, Sequence[Point]]]
    diagonal: bool = False


Block = Heading | Text | Table | Matrix | Chart


def markdown(title: str, blocks: Sequence[Block]) -> str:
    """Render as Markdown; charts are left out, as their figures stand in tables."""
    parts = [f"# {_plain(title)}"]
    for block in blocks:
        match block:
            case Heading(text):
                parts.append(f"## {_plain(text)}")
            case Text(text, warning):
                parts.append(f"> **{_plain(text)}**" if warning else _plain(text))
            case Table(caption, head, rows):
                parts.append(f"{_plain(caption)}\n\n{_table(head, rows)}")
            case Matrix(caption, names, columns, counts):
                rows = [[n, *map(str, line)] for n, line in zip(names, counts, strict=True)]
                parts.append(f"{_plain(caption)}\n\n{_table(['expected', *columns], rows)}")
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(map(_plain, line))} |" for line in (head, rule, *rows))


def _plain(text: str) -> str:
    """Text that Markdown takes literally: no markup, no cell or line breaks."""
    for mark in "\\`*_<>[]|#":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())
