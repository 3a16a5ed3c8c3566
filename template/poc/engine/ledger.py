"""`governance/ledger.jsonl`: what was locked, amended, looked at, scored and decided. Append-only.

Each line holds the digest of itself and of the line before it, so an edit, a removed line and two
people writing at once all show. The end can still be cut off; the gate compares with the base
branch to see that.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ValidationError

from poc.engine.digest import of
from poc.engine.goalposts import Kind
from poc.engine.problems import Damaged, InvalidFile, Refused
from poc.engine.situation import Situation
from poc.engine.yamlfile import Strict

PATH = Path("governance") / "ledger.jsonl"
NO_PROJECT = (
    "There is no folder governance/ here; run poc in the project's own folder, or name it with"
    " --root."
)
Event = Literal["lock", "amend", "look", "score", "decision"]


class Entry(Strict):
    """One line. `body` depends on the event; `run` is the CI run, empty on a laptop."""

    seq: int
    event: Event
    at: AwareDatetime
    by: str
    commit: str
    run: str
    body: dict[str, Any]
    previous: str
    digest: str


class _Agreed(BaseModel):
    """What the line of a lock holds at least."""

    contract: str
    terms: dict[str, Any]
    scope: dict[str, Any]


class _Move(BaseModel):
    what: str
    kind: Kind
    before: str
    after: str
    blind: bool


class _Amended(_Agreed):
    """What the line of an amendment holds at least."""

    changes: list[_Move]
    why: str


_BODIES: dict[Event, type[_Agreed]] = {"lock": _Agreed, "amend": _Amended}


class Ledger(Strict):
    """All lines, oldest first; they hold together."""

    entries: list[Entry] = []

    def of(self, *events: Event) -> list[Entry]:
        """The lines of these events, oldest first."""
        return [one for one in self.entries if one.event in events]

    @property
    def in_force(self) -> Entry | None:
        """The line that put the contract of today in force, None before the first lock."""
        return next(iter(reversed(self.of("lock", "amend"))), None)

    @property
    def original(self) -> Entry | None:
        """The first lock."""
        return next(iter(self.of("lock")), None)


def load(root: Path) -> Ledger:
    """Read the ledger; an absent file is an empty one. Raises `Damaged` naming the line."""
    path = root / PATH
    try:
        return read(path.read_bytes()) if path.exists() else Ledger()
    except OSError as error:
        raise Damaged(f"{PATH} cannot be read: {error.strerror}.") from None


def read(content: bytes) -> Ledger:
    """Check and return the lines. Raises `Damaged`."""
    if content and not content.endswith(b"\n"):
        raise Damaged(f"{PATH}: its last line is cut; {_RESTORE}")
    entries: list[Entry] = []
    for number, line in enumerate(content.splitlines(), 1):
        entries.append(_entry(line, number, entries))
    return Ledger(entries=entries)


_RESTORE = f"bring it back with: git checkout -- {PATH.as_posix()}"


def _entry(line: bytes, number: int, before: list[Entry]) -> Entry:
    place = f"{PATH}:{number}"
    try:
        data = json.loads(line)
        stated = data.pop("digest")
        whole = of(data)
        entry = Entry(**data, digest=stated)
        model = _BODIES.get(entry.event)
        agreed = model.model_validate(entry.body) if model else None
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError, RecursionError):
        raise Damaged(f"{place}: this line is no ledger line; {_RESTORE}") from None
    if whole != stated or (agreed and of(agreed.terms) != agreed.contract):
        raise Damaged(f"{place}: this line was edited after it was written; {_RESTORE}")
    last = before[-1] if before else None
    if entry.previous == (last.digest if last else "") and entry.seq == number:
        return entry
    rival = next((one for one in before if one.previous == entry.previous), None)
    if rival:
        raise Damaged(
            f"{place}: lines {rival.seq} and {number} were written at once, by {rival.by} and"
            f" {entry.by}. Remove the lines that are not on the main branch yet, and run their"
            " commands again."
        )
    raise Damaged(f"{place}: a line before it was removed or moved; {_RESTORE}")


def append(root: Path, event: Event, body: dict[str, Any], by: str, where: Situation) -> Entry:
    """Write one line and return it. Raises `Damaged`, or `Refused` when somebody else is writing.

    A clock that is behind the last line is refused: the order of events decides whether a change
    came after results.
    """
    with writing(root):
        return append_held(root, event, body, by, where)


def append_held(root: Path, event: Event, body: dict[str, Any], by: str, where: Situation) -> Entry:
    """`append` for a caller that holds `writing` already."""
    ledger = load(root)
    last = ledger.entries[-1] if ledger.entries else None
    at = where.now.astimezone(UTC)
    if last and at < last.at - timedelta(minutes=5):
        raise Refused(
            f"The clock says {at:%Y-%m-%d %H:%M}, but the last ledger line is of"
            f" {last.at:%Y-%m-%d %H:%M} UTC; set the clock of this machine right."
        )
    data = {
        "seq": len(ledger.entries) + 1,
        "event": event,
        "at": at.isoformat(timespec="seconds"),
        "by": by,
        "commit": where.commit,
        "run": where.run,
        "body": body,
        "previous": last.digest if last else "",
    }
    data["digest"] = of(data)
    with (root / PATH).open("ab") as file:
        file.write(json.dumps(data, ensure_ascii=False, sort_keys=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return load(root).entries[-1]


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Hold the governance files alone, so that a check and its write are one.

    Raises `Refused` while somebody else does, `InvalidFile` where there is no such folder.
    """
    folder = root / "governance"
    if not folder.is_dir():
        raise InvalidFile(NO_PROJECT)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Refused(
            "Somebody else is writing the ledger right now; wait, and run it again."
        ) from None
    finally:
        os.close(handle)
