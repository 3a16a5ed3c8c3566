"""JSON objects one a line, or in one list, as bodies that the service would take."""

import json
from collections.abc import Iterator
from io import BufferedReader
from typing import Any

from app.intake import Raw
from poc.sources import columns, moments
from poc.sources.columns import Match, NoTable
from poc.sources.found import Found, Unread
from poc.sources.lines import lines
from poc.sources.options import Options
from poc.sources.walking import File

CHUNK = 64 * 1024
MEDIA = "application/json"
NO_OBJECT = "is no JSON object; export one object a line, or a list of objects."
NO_LIST = "is JSON, but no list of objects; export a list, or one object a line."
CUT = "is cut or no JSON from here on; export it again."
BETWEEN = " \t\r\n,"


def read(file: File, options: Options, dropped: dict[str, None]) -> Iterator[Found | Unread]:
    """Every object of the file. Raises `NoTable` when the first fits no required field."""
    matches: dict[tuple[str, ...], Match] = {}
    with file.open() as stream:
        source = _lines(stream, options) if file.form == "lines" else _items(stream, options)
        for number, (text, value) in enumerate(source, 1):
            place = f"{file.name}#{number}"
            if isinstance(value, Unread):
                yield Unread(value.place or place, value.why)
            elif not isinstance(value, dict):
                yield Unread(place, NO_OBJECT)
            else:
                names = tuple(value)
                found = matches.get(names)
                if found is None:
                    found = columns.match(names, options)
                    if not matches and (found.missing or not found.fields):
                        raise NoTable(columns.lacking(names, found))
                    if len(matches) < 1000:
                        matches[names] = found
                    dropped.update(dict.fromkeys(found.dropped))
                yield _found(place, text, value, found, options)


def _found(place: str, text: str, value: dict[str, Any], found: Match, options: Options) -> Found:
    sent = moments.read(value[found.sent], options.dates) if found.sent else None
    made = dict[str, Any]()
    for name, one in found.fields.items():
        cell = value[name]
        dated = columns.dated(cell, one, options) if one.moment and isinstance(cell, str) else None
        made[one.key] = dated or cell
    # What fits as it is goes in as it is, with every mark of where it comes from.
    body = text.strip() if made == value else json.dumps(made, ensure_ascii=False)
    return Found(place, "lines", Raw(MEDIA, body.encode("utf-8", "replace")), sent)


def _lines(stream: BufferedReader, options: Options) -> Iterator[tuple[str, Any]]:
    for line in lines(stream, options.encoding, options.most):
        if line.strip():
            try:
                yield line, json.loads(line)
            except (ValueError, RecursionError):
                yield "", Unread("", NO_OBJECT)


def _items(stream: BufferedReader, options: Options) -> Iterator[tuple[str, Any]]:
    """The objects of a list one by one, or a single object; memory is that of the largest."""
    decoder = json.JSONDecoder()
    source = lines(stream, options.encoding, CHUNK)
    buffer, ended = "", False
    listed = False
    while True:
        buffer = buffer.lstrip(BETWEEN if listed else " \t\r\n")
        if not listed and buffer.startswith("["):
            buffer, listed = buffer[1:], True
            continue
        if listed and buffer.startswith("]"):
            return
        try:
            value, end = decoder.raw_decode(buffer)
        except (ValueError, RecursionError):
            if ended or len(buffer) > options.most:
                if buffer or listed:
                    yield "", Unread("", CUT)
                return
            more, ended = _more(source)
            buffer += more
            continue
        yield buffer[:end], value
        buffer = buffer[end:]
        if not listed:
            return


def _more(source: Iterator[str]) -> tuple[str, bool]:
    """About a chunk of text more, and whether that was the last."""
    taken, size = [], 0
    for line in source:
        taken.append(line)
        size += len(line)
        if size >= CHUNK:
            return "".join(taken), False
    return "".join(taken), True
