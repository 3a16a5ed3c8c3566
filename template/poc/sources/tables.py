"""Rows of a delimited table as bodies that the service would take."""

import json
from collections.abc import Iterator, Sequence
from io import BufferedReader
from itertools import chain, islice

from app.intake import Raw
from poc.sources import columns, moments
from poc.sources.columns import Match, NoTable
from poc.sources.found import Found, Unread
from poc.sources.lines import lines
from poc.sources.options import Options
from poc.sources.records import DELIMITERS, Record, records
from poc.sources.walking import File

MEDIA = "application/json"
HEAD = 20
BROKEN = "is a row with a quote that nobody closes; mend it in the export."
CROWDED = "has more cells than the header; quote the cells that hold the delimiter."


def read(file: File, options: Options, dropped: dict[str, None]) -> Iterator[Found | Unread]:
    """Every row of a table. Raises `NoTable` when no column is that of a required field."""
    with file.open() as stream:
        rows, names, found = opened(stream, options)
        if found.missing or not found.fields:
            raise NoTable(columns.lacking(names, found))
        dropped.update(dict.fromkeys(found.dropped))
        for number, row in enumerate(rows, 1):
            yield _found(f"{file.name}#{number}", row, names, found, options)


def fits(file: File, options: Options) -> bool:
    """True when the first row names every required field: the file is a table, no plain text."""
    with file.open() as stream:
        _, names, found = opened(stream, options)
    return bool(found.fields) and not found.missing and len(names) > 1


def opened(
    stream: BufferedReader, options: Options
) -> tuple[Iterator[Record], Sequence[str], Match]:
    """The rows after the header, the header's names, and which fields they are."""
    source = lines(stream, options.encoding, options.most)
    head = list(islice(source, HEAD))
    while head and (not head[0].strip() or head[0].lower().startswith("sep=")):
        head.pop(0)
    best: tuple[tuple[int, int], str] = ((-1, -1), ",")
    for delimiter in DELIMITERS:
        row = next(records(head, delimiter, options.most), Record([]))
        known = columns.match([one.strip() for one in row.cells], options)
        best = max(best, ((len(known.fields), len(row.cells)), delimiter), key=lambda one: one[0])
    rows = records(chain(head, source), best[1], options.most)
    names = [one.strip() for one in next(rows, Record([])).cells]
    return rows, names, columns.match(names, options)


def _found(
    place: str, row: Record, names: Sequence[str], found: Match, options: Options
) -> Found | Unread:
    if row.damaged and len(row.cells) != len(names):
        return Unread(place, BROKEN)
    if any(cell.strip() for cell in row.cells[len(names) :]):
        return Unread(place, CROWDED)
    cells = row.cells
    if row.damaged:
        cells = [cell.strip().removeprefix('"') for cell in cells]
    # Of two columns of one name the first counts, as in `columns.match`.
    by_name = dict(reversed(list(zip(names, cells, strict=False))))
    made = columns.document(by_name, found, options)
    sent = moments.read(by_name.get(found.sent, ""), options.dates) if found.sent else None
    body = json.dumps(made, ensure_ascii=False).encode("utf-8", "replace")
    return Found(place, "table", Raw(MEDIA, body), sent)
