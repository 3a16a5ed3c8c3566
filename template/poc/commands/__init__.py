"""One module a command: `add` fills in its options, `run` returns an `Outcome`."""

import argparse
from dataclasses import dataclass, field
from typing import Any

from poc.engine.problems import Exit


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command says: `text` for people, `data` for programs (with --json)."""

    text: str
    data: dict[str, Any] = field(default_factory=dict)
    code: Exit = Exit.OK


def everywhere() -> argparse.ArgumentParser:
    """The options of every command, as a parent of the parser of a command's own action.

    Without defaults of their own, as they may stand before the action too.
    """
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    common.add_argument("--root", default=argparse.SUPPRESS, metavar="DIR")
    return common
