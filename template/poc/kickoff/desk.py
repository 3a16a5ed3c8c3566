"""Reads and writes the governance files: a write is whole, checked, and never stale."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from poc.checklist.attestations import Attestations
from poc.engine import ledger
from poc.engine.charter import Charter
from poc.engine.contract import Contract
from poc.engine.governance import FOLDER
from poc.engine.owners import Owners
from poc.engine.problems import InvalidFile, Refused
from poc.engine.yamlfile import Strict, parse, read
from poc.kickoff.changes import Change, applied
from poc.kickoff.document import Document
from poc.money.budget import Budget
from poc.money.load import priced

MODELS: dict[str, type[Strict]] = {
    "charter": Charter,
    "criteria": Contract,
    "owners": Owners,
    "budget": Budget,
    "attestations": Attestations,
}
# Versions of files that forms in open tabs were filled from.
KEPT = 500
NOTHING = "Nothing was saved."


class Stale(Exception):
    """A file is no longer what the form was filled from; `documents` is how all are now."""

    def __init__(self, documents: dict[str, Document]) -> None:
        super().__init__(", ".join(documents))
        self.documents = documents


class Wrong(Exception):
    """The files would hold mistakes; `lines` says which, by file. Nothing was written."""

    def __init__(self, lines: dict[str, list[str]]) -> None:
        super().__init__(str(lines))
        self.lines = lines


class Desk:
    """The governance files of one project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seen: dict[tuple[str, str], Document] = {}

    def open(self, names: Sequence[str]) -> dict[str, Document]:
        """The files as they are now, each valid. Raises `InvalidFile` with all mistakes."""
        found: dict[str, Document] = {}
        mistakes: list[str] = []
        for name in names:
            try:
                path, shown = self._path(name)
                document = Document(path, shown)
                read(path, MODELS[name], shown)
                found[name] = document
                self._remember(name, document)
            except InvalidFile as error:
                mistakes += error.lines
        if mistakes:
            raise InvalidFile(*mistakes)
        return found

    def seen(self, name: str, digest: str) -> Document | None:
        """The version of a file that a form was filled from."""
        return self._seen.get((name, digest))

    def save(self, bases: Mapping[str, str], changes: Mapping[str, list[Change]]) -> list[str]:
        """Write the changes of all files or of none, and return what was written.

        `bases` holds the digests of the versions the changes are about. Raises `Stale`, `Wrong`,
        `InvalidFile` when a file does not hold as it is, and `Refused` when it cannot be written.
        """
        with ledger.writing(self.root):
            documents = self.open(list(changes))
            if any(one.digest != bases.get(name) for name, one in documents.items()):
                raise Stale(documents)
            with contextlib.ExitStack() as stack:
                parts = self._parts(stack, documents, changes)
                return _replaced({documents[name]: part for name, part in parts.items()})

    def _parts(
        self,
        stack: contextlib.ExitStack,
        documents: Mapping[str, Document],
        changes: Mapping[str, list[Change]],
    ) -> dict[str, Path]:
        """Each changed file, written beside its old version and found valid there."""
        parts: dict[str, Path] = {}
        wrong: dict[str, list[str]] = {}
        for name, document in documents.items():
            raw = document.edited(changes[name])
            if raw == document.raw:
                continue
            part = stack.enter_context(_beside(document, raw))
            wanted = applied(document.data, changes[name])
            try:
                if parse(part, document.shown)[0] != wanted:
                    raise Refused(
                        f"{document.shown} is written in a way this page cannot edit; make this"
                        " change in an editor."
                    )
                model = read(part, MODELS[name], document.shown)
                if isinstance(model, Budget):
                    priced(self.root, model)
            except InvalidFile as error:
                wrong[name] = list(error.lines)
            parts[name] = part
        if wrong:
            raise Wrong(wrong)
        return parts

    def _path(self, name: str) -> tuple[Path, str]:
        shown = FOLDER / f"{name}.yaml"
        return (self.root / shown).resolve(), shown.as_posix()

    def _remember(self, name: str, document: Document) -> None:
        self._seen.pop((name, document.digest), None)
        self._seen[name, document.digest] = document
        while len(self._seen) > KEPT:
            del self._seen[next(iter(self._seen))]


@contextlib.contextmanager
def _beside(document: Document, raw: bytes) -> Iterator[Path]:
    """A new version of a file beside it, gone at the end unless it took its place."""
    folder = document.path.parent
    try:
        handle, name = tempfile.mkstemp(".part", f".{document.path.stem}-", folder)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            shutil.copymode(document.path, part)
            yield part
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(f"{document.shown} cannot be written: {error.strerror}. {NOTHING}") from None


def _replaced(parts: Mapping[Document, Path]) -> list[str]:
    """Put each new version in place of the old one."""
    written: list[str] = []
    for document, part in parts.items():
        try:
            os.replace(part, document.path)
        except OSError as error:
            before = f"Saved before that: {', '.join(written)}." if written else NOTHING
            raise Refused(
                f"{document.shown} cannot be written: {error.strerror}. {before}"
            ) from None
        written.append(document.shown)
    return written


def data(documents: Mapping[str, Document]) -> dict[str, Any]:
    """The plain data of each file."""
    return {name: one.data for name, one in documents.items()}
