"""What a gate looks at, and what it says."""

from typing import Literal, NamedTuple

from poc.engine.governance import Governance
from poc.engine.situation import Situation
from poc.engine.yamlfile import Strict

State = Literal["pass", "note", "refused", "to come"]


class Change(NamedTuple):
    """What is to be merged. `base` is the git reference it goes into, empty for the default."""

    governance: Governance
    where: Situation
    base: str
    labels: tuple[str, ...]

    @property
    def in_force(self) -> bool:
        """True once a contract was locked: from then on what was a note is refused."""
        return self.governance.ledger.in_force is not None


class Ruling(Strict):
    """The word of one gate, with a sentence for each thing it saw."""

    gate: str
    title: str
    state: State
    said: list[str]


class Said(NamedTuple):
    """What a check found. A note holds nobody up."""

    state: State
    lines: list[str]


def passes(line: str) -> Said:
    """All is well."""
    return Said("pass", [line])


def note(*lines: str) -> Said:
    """Worth knowing, and refused later."""
    return Said("note", list(lines))


def refuses(*lines: str) -> Said:
    """Must not be merged."""
    return Said("refused", list(lines))
