"""The fields of a page."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from poc.kickoff.changes import KeyPath, at
from poc.kickoff.questions import Group, Kind, Question, options

# The plain data of each file, by its short name.
Data = Mapping[str, Any]
CLASSES = {
    "public": "Public data",
    "internal": "Internal data",
    "customer_pii": "Personal data of customers",
    "special": "Special categories, such as health",
}
AREAS = {
    "AUTH": "Sign-in and access",
    "ERR": "Errors and faults",
    "MON": "Monitoring",
    "INT": "Integrations",
    "PERF": "Speed and load",
    "COMP": "Compliance",
    "OPS": "Operations",
    "DATA": "Data",
    "EVAL": "Evaluation",
    "COST": "Cost",
    "OWN": "Ownership",
    "INFRA": "Infrastructure",
    "SEC": "Security",
}


@dataclass(slots=True)
class Field:
    """One answer on a page. `path` is the key in `file`; `base` the text the file gives."""

    name: str
    file: str
    path: KeyPath
    question: Question
    kind: Kind
    unit: str
    base: str
    text: str
    error: str = ""
    note: str = ""

    @property
    def id(self) -> str:
        """The field's id on the page."""
        return identifier(self.name)

    @property
    def options(self) -> dict[str, str]:
        """What can be chosen; a value of the file that is none of them stays."""
        known = options(self.question)
        return known if self.text in known else {self.text: self.text, **known}


@dataclass(slots=True)
class Row:
    """The fields of one entry. `number` is its index in a list, `identity` what people call it."""

    name: str
    title: str
    note: str
    path: KeyPath
    identity: str
    fields: list[Field] = field(default_factory=list)
    removable: bool = False
    removed: bool = False
    new: bool = False

    @property
    def id(self) -> str:
        """The row's id on the page, apart from that of a field with the same key."""
        return f"row-{identifier(self.name)}"


@dataclass(slots=True)
class Section:
    """A group with its rows; `listed` is true where they are entries of a list."""

    group: Group
    file: str
    path: KeyPath
    rows: list[Row]
    listed: bool = False


def identifier(name: str) -> str:
    """A name as an id of HTML."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name)


def every(parts: list[Section]) -> Iterator[Field]:
    """All fields of a page."""
    return (one for section in parts for row in section.rows for one in row.fields)


def sensitive(data: Data) -> list[str]:
    """The classes of data that research may not have, as far as the charter has them."""
    classes = at(data.get("charter"), ("dataPolicy", "classes")) or {}
    return [name for name in ("customer_pii", "special") if name in classes]
