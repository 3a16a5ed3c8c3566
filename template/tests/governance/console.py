"""Runs `poc` as a person would type it."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from poc.cli import main


class Console:
    """A terminal in one project. `type` runs a command line and returns its exit code."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._root, self._capsys = root, capsys
        self.out = self.err = ""

    def type(self, line: str) -> int:
        """Run `poc ...`; `out` and `err` then hold what it printed."""
        words = shlex.split(line)
        assert words[0] == "poc"
        self._capsys.readouterr()
        try:
            code = main([*words[1:], "--root", str(self._root)])
        except SystemExit as ending:
            code = int(ending.code or 0)
        self.out, self.err = self._capsys.readouterr()
        return code

    def json(self, line: str) -> dict[str, Any]:
        """What the command prints for programs."""
        self.type(f"{line} --json")
        data: dict[str, Any] = json.loads(self.out)
        return data
