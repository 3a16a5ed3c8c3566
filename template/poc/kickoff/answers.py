"""What was typed into a page, as changes of the files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from poc.kickoff.changes import GONE, Change, KeyPath, at
from poc.kickoff.fields import Field, Row, Section, sensitive
from poc.kickoff.kinds import Mistake, typed

_SHORT_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,39}")


@dataclass
class Answers:
    """The changes of each file, the fields that differ, and what could not be read.

    `errors` goes by field name, `general` fits no field. `places` gives the key that a field will
    have in the changed file, as messages write it: "blockers.2.due" is the second one's.
    """

    changes: dict[str, list[Change]] = field(default_factory=dict)
    changed: list[Field] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)
    places: dict[tuple[str, str], Field] = field(default_factory=dict)

    def add(self, file: str, path: KeyPath, value: Any) -> None:  # noqa: ANN401
        """Note one change."""
        self.changes.setdefault(file, []).append(Change(path, value))


def read(parts: list[Section], data: Mapping[str, Any]) -> Answers:
    """Compare the fields' text with their base. `data` is what the fields were filled from."""
    answers = Answers()
    for section in parts:
        index = 0
        old = sum(not row.new for row in section.rows)
        for row in section.rows:
            if row.removed:
                answers.add(section.file, row.path, GONE)
                answers.changed += row.fields[:1]
                continue
            if row.new and not any(_differs(one) for one in row.fields):
                continue
            _place(answers, row, index if section.listed else None)
            index += 1
            if row.new:
                old += _added(answers, section, row, old)
            else:
                _changed(answers, row, data)
    return answers


def _differs(one: Field) -> bool:
    return _tidy(one.text) != _tidy(one.base)


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _place(answers: Answers, row: Row, index: int | None) -> None:
    for one in row.fields:
        path = list(one.path)
        if index is not None:
            path[len(row.path) - 1] = index
        words = (str(part + 1) if isinstance(part, int) else part for part in path)
        answers.places[one.file, ".".join(words)] = one


def _value(answers: Answers, one: Field) -> Any:  # noqa: ANN401
    try:
        return typed(one.kind, one.text, one.question.needed)
    except Mistake as error:
        answers.errors[one.name] = str(error)
        return None


def _added(answers: Answers, section: Section, row: Row, index: int) -> int:
    """Add a row's entry; the number of entries that makes."""
    answers.changed += [one for one in row.fields if _differs(one)]
    if not section.listed:
        name = row.fields[0]
        if not _SHORT_NAME.fullmatch(name.text.strip()):
            answers.errors[name.name] = "Write a short name in lower case, such as crm."
            return 0
        answers.add(section.file, (*section.path, name.text.strip()), {"allow": [], "redact": []})
        return 1
    entry = {one.question.key: _value(answers, one) for one in row.fields}
    answers.add(section.file, (*section.path, index), entry)
    return 1


def _changed(answers: Answers, row: Row, data: Mapping[str, Any]) -> None:
    different = [one for one in row.fields if _differs(one) and one.kind != "shown"]
    answers.changed += different
    treatments = [one for one in different if one.kind == "treatment"]
    if treatments:
        _treat(answers, row, treatments, at(data[row.fields[0].file], row.path))
    gone = any(one.kind == "presence" and one.text == "no" for one in different)
    for one in different:
        if one.kind == "withdraw":
            _withdraw(answers, one, data)
        if one.kind in ("treatment", "withdraw"):
            continue
        value = _value(answers, one)
        if one.kind == "presence":
            answers.add(one.file, one.path, {} if one.text == "yes" else GONE)
        elif not gone and one.name not in answers.errors:
            empty = one.question.gone and value is None
            answers.add(one.file, one.path, GONE if empty else value)


def _treat(answers: Answers, row: Row, treatments: list[Field], entry: Any) -> None:  # noqa: ANN401
    """Move classes of data between the lists of a destination."""
    for name in ("allow", "redact"):
        old = list(entry.get(name) or [])
        moved = {str(one.path[-1]) for one in treatments}
        kept = [one for one in old if one not in moved]
        new = kept + [str(one.path[-1]) for one in treatments if one.text == name]
        if new != old:
            answers.add(treatments[0].file, (*row.path, name), new)


def _withdraw(answers: Answers, one: Field, data: Mapping[str, Any]) -> None:
    """Take the classes that research may not have out of the data policy and its destinations."""
    gone = sensitive(data)
    for name in gone:
        answers.add(one.file, (*one.path, "classes", name), GONE)
    for place, entry in (at(data[one.file], (*one.path, "destinations")) or {}).items():
        for key in ("allow", "redact"):
            old = list(entry.get(key) or [])
            new = [name for name in old if name not in gone]
            if new != old:
                answers.add(one.file, (*one.path, "destinations", place, key), new)
