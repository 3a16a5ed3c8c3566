"""What `poc` refuses, and the exit code of each kind of ending. One code has one meaning."""

from collections.abc import Sequence
from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every `poc` command."""

    OK = 0  # done; a verdict of GO; every gate passes
    BUG = 1  # an error nobody foresaw
    USAGE = 2  # the command line is not one this command knows
    INVALID = 3  # a governance file holds a mistake
    REFUSED = 4  # a gate or a precondition says no
    NO_GO = 5
    NOT_YET_MEASURED = 6
    INCONCLUSIVE = 7
    DAMAGED = 8  # the ledger does not hold together


class PocError(Exception):
    """Ends a command with a message for people. `lines` has one sentence per problem."""

    code = Exit.REFUSED

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines: Sequence[str] = lines


class InvalidFile(PocError):
    """A governance file cannot be read or holds a mistake; each line names file, line and key."""

    code = Exit.INVALID


class Refused(PocError):
    """What was asked for is not allowed now; the lines say what has to happen first."""

    code = Exit.REFUSED


class Damaged(PocError):
    """The ledger was edited by hand, cut, or written by two people at once."""

    code = Exit.DAMAGED
