"""Reads whatever a company can export, one message at a time, in the same order every time."""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from app.intake import Raw
from poc.engine.problems import Refused
from poc.sources import jsonrows, mailbox, tables
from poc.sources.columns import NoTable
from poc.sources.found import Found, Unread
from poc.sources.options import Options
from poc.sources.walking import File, walk

MAIL = "message/rfc822"
DAMAGED = "is damaged or cut from here on; export it again."
GONE = "cannot be read: {}."


def read(path: Path, options: Options) -> Iterator[Found | Unread]:
    """Every message below a path, or the reason why there is none.

    Memory is that of one message, of which no more than `options.most` bytes are kept. Raises
    `Refused` when nothing is there, or when a single file is a table without a required column.
    """
    for one in walk(path):
        yield from [one] if isinstance(one, Unread) else messages(one, options, path.is_file())


def fetch(path: Path, options: Options, places: set[str]) -> Iterator[Found]:
    """The messages of these places again, in the order of `read`."""
    files = places | {place.rpartition("#")[0] for place in places}
    left = len(places)
    for one in walk(path):
        if not left:
            return
        if isinstance(one, Unread) or one.name not in files:
            continue
        for found in messages(one, options):
            if isinstance(found, Found) and found.place in places:
                left -= 1
                yield found


def messages(
    file: File, options: Options, alone: bool = False, dropped: dict[str, None] | None = None
) -> Iterator[Found | Unread]:
    """The messages of one file; `dropped` takes the names of columns nothing reads.

    Raises `Refused` for a table without a required column when the file stands `alone`.
    """
    try:
        yield from _reader(file, options)(file, options, {} if dropped is None else dropped)
    except NoTable as problem:
        if alone:
            raise Refused(f"{file.name} {problem}") from None
        yield Unread(file.name, str(problem))
    except (EOFError, UnicodeError, zlib.error):
        yield Unread(file.name, DAMAGED)
    except OSError as error:
        yield Unread(file.name, GONE.format(error.strerror or "damaged"))


Reader = Callable[[File, Options, dict[str, None]], Iterator[Found | Unread]]


def _reader(file: File, options: Options) -> Reader:
    if file.form == "text" and file.path.suffix.lower() in (".txt", ".gz"):
        return tables.read if tables.fits(file, options) else _whole
    readers: dict[str, Reader] = {
        "table": tables.read,
        "lines": jsonrows.read,
        "list": jsonrows.read,
        "mailbox": _mailbox,
    }
    return readers.get(file.form, _whole)


def _whole(file: File, options: Options, _: dict[str, None]) -> Iterator[Found | Unread]:
    with file.open() as stream:
        body = stream.read(options.most)
        more = 0
        while chunk := stream.read(1 << 20):
            more += len(chunk)
    size = len(body) + more if more else None
    if file.form == "mail":
        yield Found(file.name, "mail", Raw(MAIL, body), size=size)
    else:
        yield Found(file.name, "text", Raw("text/plain", body), size=size)


def _mailbox(file: File, options: Options, _: dict[str, None]) -> Iterator[Found | Unread]:
    with file.open() as stream:
        for number, piece in enumerate(mailbox.split(stream, options.most), 1):
            size = piece.size if piece.size > options.most else None
            raw = Raw(MAIL, bytes(piece.body))
            yield Found(f"{file.name}#{number}", "mailbox", raw, size=size)
