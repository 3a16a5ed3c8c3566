"""The mails of a mailbox file, one at a time: memory is that of one mail, cut at a limit.

A mailbox is a row of mails, each after a line that starts with "From " (RFC 4155). Programs differ
in how they protect such a line inside of a mail; only one after an empty line (or at the start)
and before a header begins a mail here. ">From " loses one ">" again, as the mboxrd form has it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

START = b"From "
HEADER = re.compile(rb"[!-9;-~]{1,70}[ \t]*:")
QUOTED = re.compile(rb">+From ")
LINE = 1 << 20


@dataclass(slots=True)
class Piece:
    """One mail; `size` counts its bytes, `body` holds the first of them."""

    most: int
    body: bytearray = field(default_factory=bytearray)
    size: int = 0

    def add(self, line: bytes) -> None:
        """Take one more line, or as much of it as is kept."""
        self.size += len(line)
        room = self.most - len(self.body)
        if room > 0:
            self.body += line[:room]


def split(stream: IO[bytes], most: int) -> Iterator[Piece]:
    """Every mail with at most `most` bytes of it, the last one also where the file is cut.

    What stands before the first mail is one too: intake says what is wrong with it.
    """
    piece = Piece(most)
    held = b""  # a line that starts a mail, if a header comes next
    empty = True
    for line in iter(lambda: stream.readline(LINE), b""):
        if held:
            if HEADER.match(line):
                if piece.body.strip():
                    yield piece
                piece = Piece(most)
            else:
                piece.add(held)
            held = b""
        if line.startswith(START) and empty:
            held = line
        else:
            piece.add(line[1:] if QUOTED.match(line) else line)
        empty = not line.strip()
    piece.add(held)
    if piece.body.strip():
        yield piece
