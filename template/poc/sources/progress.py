"""What a long run says on standard error while it reads."""

import sys
import time
from typing import TextIO

# Seconds before the first word, and between two.
QUIET = 2.0
EVERY = 1.0
EVERY_IN_A_LOG = 30.0


class Progress:
    """Says how many messages are read and how fast, once it takes longer than two seconds."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out, self._started = out or sys.stderr, time.monotonic()
        self._next = self._started + QUIET
        self._first: int | None = None
        self._spoke = False
        self.messages = 0

    def __call__(self, messages: int) -> None:
        """Hear the number of messages known so far."""
        now = time.monotonic()
        self.messages = messages
        if self._first is None:
            self._first, self._started = messages, now
        if now < self._next:
            return
        self._next = now + (EVERY if self._out.isatty() else EVERY_IN_A_LOG)
        # The first report may hold what an earlier run had read.
        rate = (messages - self._first) / max(now - self._started, 0.001)
        line = f"{messages:,} messages read, {rate:,.0f} a second; Ctrl-C stops, and loses nothing"
        end = "\r" if self._out.isatty() else "\n"
        print(line.ljust(78), end=end, file=self._out, flush=True)
        self._spoke = True

    def done(self) -> None:
        """Leave the line."""
        if self._spoke and self._out.isatty():
            print(" " * 78, end="\r", file=self._out, flush=True)
