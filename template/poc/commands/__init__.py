"""One module a command: `add` fills in its options, `run` returns an `Outcome`."""

from dataclasses import dataclass, field
from typing import Any

from poc.engine.problems import Exit


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command says: `text` for people, `data` for programs (with --json)."""

    text: str
    data: dict[str, Any] = field(default_factory=dict)
    code: Exit = Exit.OK
