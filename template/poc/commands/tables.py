"""Tables and paragraphs for a terminal."""

import shutil
import textwrap
from collections.abc import Sequence


def width() -> int:
    """The columns to write in: those of the terminal, 60 to 120; 100 where there is none."""
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 120))


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Columns as wide as their widest cell; the last wraps. `right` names those set flush right."""
    cells = [list(map(_flat, row)) for row in [headers, *rows]]
    sizes = [max(len(row[i]) for row in cells) for i in range(len(headers))]
    before = sum(sizes[:-1]) + 2 * (len(sizes) - 1)
    sizes[-1] = max(20, min(sizes[-1], width() - before))
    cells.insert(1, ["-" * size for size in sizes])
    return "\n".join(line for row in cells for line in _row(row, sizes, before, right))


def _row(row: list[str], sizes: list[int], before: int, right: Sequence[int]) -> list[str]:
    last = textwrap.wrap(row[-1], sizes[-1], break_on_hyphens=False) or [""]
    fixed = [
        text.rjust(size) if i in right else text.ljust(size)
        for i, (text, size) in enumerate(zip(row[:-1], sizes[:-1], strict=True))
    ]
    if len(row) - 1 in right:
        last = [one.rjust(sizes[-1]) for one in last]
    lines = ["  ".join([*fixed, last[0]]).rstrip()]
    return lines + [" " * before + one for one in last[1:]]


def paragraph(text: str, indent: str = "") -> str:
    """Wrap one sentence or more to the terminal's width."""
    return _filled(text, indent, indent)


def bullets(lines: Sequence[str], sign: str = "-") -> str:
    """One wrapped line each, with a sign before it."""
    return "\n".join(_filled(one, f"  {sign} ", "    ") for one in lines)


def _filled(text: str, first: str, others: str) -> str:
    # A command that is cut at a hyphen can no longer be copied.
    return textwrap.fill(
        _flat(text),
        width(),
        initial_indent=first,
        subsequent_indent=others,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _flat(text: str) -> str:
    """One line without control characters: a name in a file must not move the cursor."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split(" ")).strip()
