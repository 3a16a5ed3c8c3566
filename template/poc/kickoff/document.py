"""A YAML file that people keep: a save changes the lines of changed answers and no others."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from poc.engine.problems import InvalidFile, Refused
from poc.engine.yamlfile import parse
from poc.kickoff import layout
from poc.kickoff.changes import GONE, Change, ordered

BOM = b"\xef\xbb\xbf"


class Document:
    """One file as it was read. `data` is plain, `digest` tells this version from others."""

    def __init__(self, path: Path, shown: str) -> None:
        """Read the file. Raises `InvalidFile`."""
        self.path, self.shown = path, shown
        while True:
            self.data: Any = parse(path, shown)[0]
            try:
                self.raw = path.read_bytes()
            except OSError:
                continue
            if parse(path, shown)[0] == self.data:
                break
        if not isinstance(self.data, dict):
            raise InvalidFile(f"{shown}:1: the file: write keys and values, such as version: 1.")
        self.digest = hashlib.sha256(self.raw).hexdigest()

    def edited(self, changes: Sequence[Change]) -> bytes:
        """The file with these changes. Raises `Refused` where a comment could not be kept."""
        if not changes:
            return self.raw
        text = self.raw.removeprefix(BOM).decode("utf-8")
        newline = "\r\n" if "\r\n" in text else "\n"
        text = text.replace("\r\n", "\n")
        whole = text if text.endswith("\n") else text + "\n"
        result = self._merged(whole, changes)
        self._keeps_comments(whole, result, changes)
        if whole != text:
            result = result.removesuffix("\n")
        mark = BOM if self.raw.startswith(BOM) else b""
        return mark + result.replace("\n", newline).encode()

    def _merged(self, text: str, changes: Sequence[Change]) -> str:
        from ruamel.yaml.error import YAMLError

        from poc.kickoff.roundtrip import change

        try:
            writer, before = layout.closest(text)
            root = writer.load(text)
            for one in ordered(changes):
                change(root, one.path, one.value)
            return layout.merged(writer, text, before, root)
        except YAMLError as error:
            problem = getattr(error, "problem", None) or type(error).__name__
            raise Refused(
                f"{self.shown} is written in a way this page cannot edit: {problem}. Make this"
                " change in an editor."
            ) from None

    def _keeps_comments(self, old: str, new: str, changes: Sequence[Change]) -> None:
        """What is taken out may take along the comment on its own line, and no other."""
        taken = any(one.value is GONE or isinstance(one.value, list) for one in changes)
        lost = layout.comments(old) - layout.comments(new)
        for said, alone in lost:
            if alone or not taken:
                raise Refused(
                    f"{self.shown} cannot be changed here without losing the comment {said!r};"
                    " make this change in an editor."
                )
