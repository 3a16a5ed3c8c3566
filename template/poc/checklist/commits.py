"""Who worked on what, as git tells it."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from poc.engine.situation import git

# Author, mail, the committer's day, and the co-authors, each ended by a separator of its own.
_FORMAT = "%aN%x1f%aE%x1f%cI%x1f%(trailers:key=Co-authored-by,valueonly,separator=%x1e)%x00"


class Person(NamedTuple):
    """An author, by name and mail."""

    name: str
    mail: str


class Commit(NamedTuple):
    """A commit with everybody who worked on it. `at` has a zone."""

    people: tuple[Person, ...]
    at: datetime


def commits(root: Path, *paths: str) -> list[Commit] | None:
    """The commits that touch these paths, all without any; None where git cannot tell.

    A clone without its whole history cannot tell either.
    """
    if (git(root, "rev-parse", "--is-shallow-repository") or "").strip() != "false":
        return None
    log = git(root, "log", f"--format={_FORMAT}", "--", *(paths or (".",)))
    if log is None:
        return None
    return [_commit(one.strip("\n")) for one in log.split("\0") if one.strip("\n")]


def distinct(found: list[Commit]) -> int:
    """How many people these are. Two names with one mail, or two mails of one name, are one."""
    people = {one for commit in found for one in commit.people if not _machine(one)}
    names = {one.name.casefold() for one in people}
    mails = {one.mail.casefold() for one in people}
    return min(len(names), len(mails))


def _commit(line: str) -> Commit:
    name, mail, at, others = line.split("\x1f")
    people = [Person(name, mail)]
    for one in filter(None, others.split("\x1e")):
        other, _, rest = one.partition("<")
        people.append(Person(other.strip(), rest.rstrip("> \n")))
    return Commit(tuple(people), datetime.fromisoformat(at))


def _machine(one: Person) -> bool:
    return one.name.endswith("[bot]") or one.mail.split("@")[0].endswith("[bot]")
