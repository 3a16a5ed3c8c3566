"""Lines of text out of bytes of any encoding, also of several in one file."""

import codecs
from collections.abc import Iterator
from io import BufferedReader

from app.intake.charset import BOMS

CHUNK = 64 * 1024


def lines(stream: BufferedReader, encoding: str, most: int) -> Iterator[str]:
    """Lines with their ends. Without a mark each line is UTF-8 or else windows-1252.

    Two exports pasted into one file are told apart line by line. A line longer than `most` bytes
    comes in pieces.
    """
    start = stream.peek(4)[:4]
    mark, found = next(
        ((mark, name) for mark, name in BOMS if start.startswith(mark)), (b"", _wide(start))
    )
    stream.read(len(mark))
    if encoding or found.startswith(("utf-16", "utf-32")):
        yield from _decoded(stream, encoding or found, most)
    else:
        held = b""
        while line := held + stream.readline(most):
            whole = _whole(line) if len(line) >= most else len(line)
            line, held = line[:whole], line[whole:]
            yield _told(line)


def _whole(piece: bytes) -> int:
    """Where a piece has to end so that it cuts no UTF-8 character."""
    for back in range(1, min(4, len(piece))):
        last = piece[-back]
        if last >= 0xC0:
            size = 2 + (last >= 0xE0) + (last >= 0xF0)
            return len(piece) - back if size > back else len(piece)
        if last < 0x80:
            break
    return len(piece)


def _told(line: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")


def _wide(start: bytes) -> str:
    """UTF-16 without its mark: one byte of each of the first two characters is zero."""
    if len(start) < 4 or start.count(0) != 2:
        return ""
    places = (start.index(0), start.rindex(0))
    return {(1, 3): "utf-16-le", (0, 2): "utf-16-be"}.get(places, "")


def _decoded(stream: BufferedReader, encoding: str, most: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text, ended = "", False
    while not ended:
        chunk = stream.read(CHUNK)
        ended = not chunk
        *whole, text = (text + decoder.decode(chunk, ended)).split("\n")
        for line in whole:
            yield f"{line}\n"
        if text and (ended or len(text) > most):
            yield text
            text = ""
