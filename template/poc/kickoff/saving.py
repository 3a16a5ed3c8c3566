"""Saves a page: writes what changed, or hands the page back with what is in the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from poc.engine.problems import InvalidFile, Refused
from poc.kickoff.answers import Answers, read
from poc.kickoff.blame import blame
from poc.kickoff.desk import Desk, Stale, Wrong, data
from poc.kickoff.document import Document
from poc.kickoff.fields import Field, Row, Section, every
from poc.kickoff.filling import sections
from poc.kickoff.questions import Step

BASE = "base."


class Conflict(NamedTuple):
    """An answer that was not saved: as it stands in the file, and as it was typed."""

    label: str
    field: str
    disk: str
    mine: str


@dataclass
class Saved:
    """What was written, possibly nothing."""

    files: list[str] = field(default_factory=list)


@dataclass
class Again:
    """The page once more, with everything that was typed. Nothing was written."""

    status: int
    parts: list[Section]
    bases: dict[str, str]
    title: str
    lines: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def bases(documents: Mapping[str, Document]) -> dict[str, str]:
    """The versions that a page is filled from, as its form carries them."""
    return {name: one.digest for name, one in documents.items()}


def save(desk: Desk, step: Step, names: list[str], form: Mapping[str, str]) -> Saved | Again:
    """Save what was typed into a page that was filled from the files `names`."""
    given = {name: form.get(f"{BASE}{name}", "") for name in names}
    seen = {name: desk.seen(name, digest) for name, digest in given.items()}
    known = {name: one for name, one in seen.items() if one is not None}
    if len(known) < len(seen):
        return _unknown(desk, step, names, form)
    old = data(known)
    parts = sections(step, old, form)
    answers = read(parts, old)
    if answers.errors:
        return _wrong(parts, given, answers)
    if not answers.changes:
        return Saved()
    try:
        return Saved(desk.save(given, answers.changes))
    except Stale:
        return _stale(desk, step, names, parts, given)
    except Wrong as error:
        blame(answers, parts, error.lines)
        return _wrong(parts, given, answers)
    except InvalidFile as error:
        return Again(409, parts, given, _BROKEN, list(error.lines))
    except Refused as error:
        return Again(409, parts, given, "Not saved", list(error.lines))


_BROKEN = "Not saved: a file holds a mistake now. Mend it in an editor, then save again"
_CHANGED = "Not saved: somebody changed a file since this page was loaded"


def _wrong(parts: list[Section], given: dict[str, str], answers: Answers) -> Again:
    for one in every(parts):
        one.error = answers.errors.get(one.name, "")
    return Again(422, parts, given, "Not saved: some answers need another look", answers.general)


def _stale(
    desk: Desk, step: Step, names: list[str], mine: list[Section], given: dict[str, str]
) -> Again:
    """The page as the files are now, with what was typed on top, and both values shown."""
    try:
        documents = desk.open(names)
    except InvalidFile as error:
        return Again(409, mine, given, _BROKEN, list(error.lines))
    now = data(documents)
    fresh = sections(step, now)
    typed: dict[str, str] = {}
    conflicts: list[Conflict] = []
    for section in mine:
        there = next((one for one in fresh if one.group.title == section.group.title), None)
        for number, row in enumerate(section.rows):
            other = None if there is None else _same_row(section, there, number)
            conflicts += _carry(row, other, typed)
    parts = sections(step, now, typed)
    return Again(409, parts, bases(documents), _CHANGED, conflicts=conflicts)


def _same_row(mine: Section, there: Section, number: int) -> Row | None:
    """The row that people would call the same; of two alike, the one in the same order."""
    row = mine.rows[number]
    before = sum(_alike(one, row) for one in mine.rows[:number])
    return next(iter([one for one in there.rows if _alike(one, row)][before:]), None)


def _alike(one: Row, other: Row) -> bool:
    if one.new or other.new:
        return one.name == other.name
    return one.identity == other.identity


def _carry(row: Row, other: Row | None, typed: dict[str, str]) -> list[Conflict]:
    """Lay what was typed into a row over the same row of today."""
    fields = {} if other is None else {one.question.key: one for one in other.fields}
    found = []
    if row.removed:
        if other is None:
            return []
        typed[f"{other.name}#remove"] = "on"
        where = other.fields[0].id
        found.append(Conflict(row.title, where, "stands in the file", "taken out"))
    for one in row.fields:
        if one.text.strip() == one.base.strip():
            continue
        target = fields.get(one.question.key)
        label = f"{row.title}: {one.question.label}" if row.title else one.question.label
        if target is None:
            found.append(Conflict(label, "", "no longer in the file", said(one, one.text)))
            continue
        typed[target.name] = one.text
        if not row.new:
            disk = said(target, target.base)
            found.append(Conflict(label, target.id, disk, said(one, one.text)))
    return found


def said(one: Field, text: str) -> str:
    """An answer as people read it."""
    text = one.options.get(text, text) if one.question.options or one.kind in _CHOSEN else text
    unit = one.unit.partition(",")[0]
    return f"{text} {unit}".rstrip() if text else "empty"


_CHOSEN = ("role", "yesno", "presence", "treatment")


def _unknown(desk: Desk, step: Step, names: list[str], form: Mapping[str, str]) -> Again:
    """A form of a version this server never gave out: all it says is shown beside the files."""
    documents = desk.open(names)
    parts = sections(step, data(documents), form)
    conflicts = [
        Conflict(one.question.label, one.id, said(one, one.base), said(one, one.text))
        for one in every(parts)
        if one.text.strip() != one.base.strip()
    ]
    return Again(409, parts, bases(documents), _CHANGED, conflicts=conflicts)
