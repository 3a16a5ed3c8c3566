"""Fills a page's fields from the files."""

from collections.abc import Mapping
from typing import Any, cast

from poc.engine.contract import POINTS
from poc.engine.owners import DUTIES, RoleName
from poc.kickoff.changes import KeyPath, at
from poc.kickoff.fields import AREAS, CLASSES, Data, Field, Row, Section, sensitive
from poc.kickoff.kinds import resolved, shown
from poc.kickoff.questions import Group, Question, Step, options

NEW = "new"
REMOVE = "remove"


def sections(step: Step, data: Data, given: Mapping[str, str] | None = None) -> list[Section]:
    """The page's fields with the files' answers, or with those `given` by field name."""
    found = [_section(group, data) for group in step.groups if asked(group, data)]
    for row in (row for section in found for row in section.rows):
        row.removed = bool((given or {}).get(f"{row.name}#{REMOVE}"))
        for one in row.fields:
            one.text = (given or {}).get(one.name, one.base)
    return found


def asked(group: Group, data: Data) -> bool:
    """Research is asked about its purpose, its component and its users, and nothing else."""
    if at(data.get("charter"), ("intent",)) != "research":
        return True
    keys = {group.each or one.key for one in group.questions}
    return bool(keys & {"charter:intent", "charter:component", "charter:users"})


def _section(group: Group, data: Data) -> Section:
    if group.each is None:
        row = Row(group.questions[0].key, "", "", (), "")
        row.fields = [
            _field(one, *_split(one.key), data, {})
            for one in group.questions
            if one.kind != "withdraw" or sensitive(data)
        ]
        return Section(group, row.fields[0].file, (), [row])
    file, path = _split(group.each)
    entries = at(data[file], path)
    if isinstance(entries, list) or (entries is None and group.identity and not group.keys):
        keys: list[Any] = list(range(len(entries or [])))
        listed = True
    else:
        keys, listed = _keys(group, data, entries), False
    rows = [_row(group, file, path, key, data, number) for number, key in enumerate(keys, 1)]
    for index in range(group.spare):
        rows.append(_spare(group, file, path, index, listed))
    return Section(group, file, path, rows, listed)


def _keys(group: Group, data: Data, entries: Any) -> list[Any]:  # noqa: ANN401
    present = list(entries or {})
    if group.keys == "datasets":
        criteria = data["criteria"].get("criteria") or []
        named = [at(one, ("indicator", "dataset")) for one in criteria]
        return list(dict.fromkeys([*present, *filter(None, named)]))
    return list(group.keys) or present


def _row(group: Group, file: str, path: KeyPath, key: Any, data: Data, number: int) -> Row:  # noqa: ANN401
    whole = (*path, key)
    entry = at(data[file], whole)
    values = entry if isinstance(entry, dict) else {}
    title = group.row.format_map(_Words(values, key=key, number=number))
    row = Row(
        name=_name(file, whole),
        title=title,
        note=_duty(cast(RoleName, key), values) if path == ("roles",) else "",
        path=whole,
        identity=str(values.get(group.identity, key)),
        removable=bool(group.spare),
    )
    for one in group.questions:
        if one.only == "sampled" and values.get("type") in POINTS:
            continue
        below = tuple(one.key.split(".")) if one.key else ()
        row.fields.append(_field(one, file, (*whole, *below), data, values))
    return row


def _duty(role: RoleName, values: Mapping[str, Any]) -> str:
    """What the role is for, and until when it may stay open."""
    due = f" May stay open until {values['due']}." if values.get("due") else ""
    return f"{DUTIES[role].capitalize()}.{due}"


def _spare(group: Group, file: str, path: KeyPath, index: int, listed: bool) -> Row:
    """An empty row, in which a further entry can be written."""
    whole = (*path, f"{NEW}{index}")
    row = Row(_name(file, whole), "One more", "", whole, "", new=True)
    questions = list(group.questions)
    if not listed:
        label = Question(key="", kind="text", label="Name", help="Its short name in lower case.")
        questions = [label]
    for one in questions:
        below = tuple(one.key.split(".")) if one.key else ()
        row.fields.append(_field(one, file, (*whole, *below), {}, {}))
    return row


def _field(question: Question, file: str, path: KeyPath, data: Data, row: Any) -> Field:  # noqa: ANN401
    kind, unit = resolved(question, row)
    if kind == "treatment":
        value: Any = treatment(row, str(path[-1]))
    else:
        value = at(data.get(file), path)
    base = shown(kind, value)
    if kind in ("select", "role") and not base:
        base = next(iter(options(question)))
    return Field(_name(file, path), file, path, question, kind, unit, base, base)


def treatment(destination: Any, name: str) -> str:  # noqa: ANN401
    """What a destination gets of a class of data."""
    for key in ("allow", "redact"):
        if name in (destination.get(key) or []):
            return key
    return "never"


def _split(key: str) -> tuple[str, KeyPath]:
    file, _, dotted = key.partition(":")
    return file, tuple(dotted.split("."))


def _name(file: str, path: KeyPath) -> str:
    return f"{file}:{'.'.join(map(str, path))}"


class _Words(dict[str, Any]):
    """What a row's title may name: its own keys, and the words for roles, areas and classes."""

    def __init__(self, values: Mapping[str, Any], key: Any, number: int) -> None:  # noqa: ANN401
        from poc.pages.words import TITLES

        titles = {
            "role": TITLES.get(key, key),
            "area": f"{AREAS.get(key, key)} ({key})",
            "class": CLASSES.get(key, key),
        }
        super().__init__(dict(values) | titles | {"key": key, "number": number})

    def __missing__(self, key: str) -> str:
        return ""
