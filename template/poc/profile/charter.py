"""Writes the shares of the kinds of input into the charter, and where they come from."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from poc.engine.files import SHARED, replace
from poc.engine.problems import PocError, Refused
from poc.profile.figures import Profile

FILE = Path("governance") / "profile.json"
CHARTER = "charter"
# Words of the charter's kinds that mean a channel; the first kind that has one is meant.
MEANT: Mapping[str, frozenset[str]] = {
    "mail": frozenset(("mail", "mails", "email", "emails")),
    "form": frozenset(("form", "forms", "webform", "web")),
    "chat": frozenset(("chat", "chats", "messenger")),
    "text": frozenset(("text", "texts")),
    "table": frozenset(("table", "tables", "export", "csv", "row", "rows")),
}
FORMATS = {"mail": ["plain text", "html"], "text": ["plain text"]}


def write(root: Path, profile: Profile, today: date) -> list[str]:
    """Set each kind's share, keep all comments, and return what was written.

    Raises `Refused` when nothing usable was read or the charter cannot be edited, `InvalidFile`
    when it holds a mistake.
    """
    if not profile.messages:
        raise Refused("Nothing was written: there is no message to take a share of.")
    try:
        from poc.kickoff.changes import Change
        from poc.kickoff.desk import Desk, Stale, Wrong
    except ImportError:
        raise Refused(
            "The charter is edited with ruamel-yaml, which comes with the development tools:"
            " make setup"
        ) from None
    desk = Desk(root)
    document = desk.open([CHARTER])[CHARTER]
    inputs: list[dict[str, Any]] = document.data["inputs"]
    changes = [
        Change(("inputs", *path), value) for path, value in _changes(inputs, shares(profile))
    ]
    try:
        written = desk.save({CHARTER: document.digest}, {CHARTER: changes})
    except Stale:
        raise Refused("governance/charter.yaml was changed meanwhile; run this again.") from None
    except Wrong as error:
        raise PocError(*[line for lines in error.lines.values() for line in lines]) from None
    replace(root / FILE, _source(profile, today), SHARED)
    return [*written, FILE.as_posix()]


def shares(profile: Profile) -> dict[str, float]:
    """The share of each channel in all messages, of three decimals that add up to 1."""
    rounded = {one: round(1000 * n / profile.messages) for one, n in profile.channels.items() if n}
    first = next(iter(rounded))
    rounded[first] += 1000 - sum(rounded.values())
    return {one: n / 1000 for one, n in rounded.items()}


def _changes(
    inputs: Sequence[Mapping[str, Any]], found: Mapping[str, float]
) -> list[tuple[tuple[str | int, ...], Any]]:
    """New shares of known kinds, none for kinds without a message, an entry for each other."""
    by_kind: dict[int, float] = {}
    others: list[tuple[str, float]] = []
    for channel, share in found.items():
        place = _place(inputs, channel)
        if place is None:
            others.append((channel, share))
        else:
            by_kind[place] = round(by_kind.get(place, 0.0) + share, 3)
    changed: list[tuple[tuple[str | int, ...], Any]] = [
        ((place, "share"), by_kind.get(place, 0.0))
        for place, one in enumerate(inputs)
        if one.get("share") != by_kind.get(place, 0.0)
    ]
    for number, (channel, share) in enumerate(others, len(inputs)):
        entry = {
            "kind": channel,
            "share": share,
            "formats": FORMATS.get(channel, ["json"]),
            "onFailure": "quarantine",
        }
        changed.append(((number,), entry))
    return changed


def _place(inputs: Sequence[Mapping[str, Any]], channel: str) -> int | None:
    """The entry whose kind is the channel's name, or else has a word that means it."""
    kinds = [str(one.get("kind", "")).casefold().replace("e-mail", "email") for one in inputs]
    if channel.casefold() in kinds:
        return kinds.index(channel.casefold())
    meant = MEANT.get(channel, frozenset())
    return next((i for i, kind in enumerate(kinds) if meant & set(re.findall(r"\w+", kind))), None)


def _source(profile: Profile, today: date) -> bytes:
    """Counts and days only: nothing of a message, no name of a file."""
    when = profile.time
    body = {
        "version": 1,
        "profiledOn": today.isoformat(),
        "index": profile.digest,
        "files": profile.files,
        "messages": profile.messages,
        "outcomes": profile.outcomes,
        "channels": profile.channels,
        "shares": shares(profile),
        "languages": profile.languages,
        "families": profile.families,
        "repeats": profile.repeats,
        "quarantined": profile.quarantined,
        "personal": profile.personal,
        "first": when.first.isoformat() if when.first else None,
        "last": when.last.isoformat() if when.last else None,
        "undated": when.undated,
    }
    return json.dumps(body, indent=1, ensure_ascii=False).encode() + b"\n"
