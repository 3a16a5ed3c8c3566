"""Seals a labelled set, and says where its plain cases still lie."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from evals.dataset import digest
from poc.engine import governance
from poc.engine.admissible import DECISION
from poc.engine.files import SHARED, replace
from poc.engine.problems import Refused
from poc.engine.situation import git
from poc.sets import cases as sets
from poc.sets.fitness import objections
from poc.sets.manifest import (
    FOLDER,
    Manifest,
    Seal,
    cases_of,
    labelled_of,
    load,
    save,
)
from poc.sets.sealing import Key, bound_to, key_file, key_of, unseal


class Sealed(NamedTuple):
    """What was sealed; `key_at` is where a new key lies, None when one was given."""

    manifest: Manifest
    key_at: Path | None
    removed: list[Path]


def default_place(name: str) -> Path:
    """Where a sealed set lies unless told otherwise: beside its manifest, in the repository."""
    return FOLDER / f"{name}.sealed"


def seal(root: Path, name: str, to: Path | None, now: datetime, unfit: bool = False) -> Sealed:
    """Encrypt a labelled set, check that the key opens it, and remove the plain cases.

    Raises `Refused` when it is not labelled, sealed already, in git in plain, or `to` is outside;
    and, unless `unfit` lets it pass, when the contract would not admit what is measured on it.
    """
    manifest = load(root, name)
    if manifest.seal is not None:
        raise Refused(
            f"The set {name} was sealed on {manifest.seal.sealed_on:%Y-%m-%d}; draw a fresh set to"
            " start anew: poc sample"
        )
    if manifest.labels is None:
        raise Refused(f"The set {name} has no labels yet: poc label collect {name}")
    if name == DECISION and not unfit:
        _fit(root, manifest)
    plain = [path for path in (cases_of(root, name), labelled_of(root, name)) if path.exists()]
    _not_in_git(root, plain)
    path = labelled_of(root, name)
    found = sets.read(path, path.relative_to(root).as_posix())
    if digest(found) != manifest.labels.digest:
        raise Refused(
            f"The labelled cases of {name} were changed after they were collected; collect them"
            f" again: poc label collect {name}"
        )
    place = _inside(root, to or default_place(name))
    key = key_of(root, name)
    new = key is None
    key = key or Key.new()
    if new:  # before the set, so that nothing is sealed with a key that is lost
        replace(key_file(root, name), f"{key.text}\n".encode())
    sealed = key.encrypt(sets.lines(found), bound_to(manifest))
    replace(root / place, sealed, SHARED)
    stated = Seal(
        file=place.as_posix(),
        sha256=hashlib.sha256(sealed).hexdigest(),
        key=key.name,
        sealed_on=now,
    )
    manifest = manifest.model_copy(update={"seal": stated})
    unseal(root, manifest)  # refuses unless it opens; only then the plain cases go
    save(root, manifest)
    for one in plain:
        one.unlink()
    return Sealed(manifest, key_file(root, name) if new else None, plain)


def _fit(root: Path, manifest: Manifest) -> None:
    """Better now than after a look was spent on it."""
    rule = governance.load(root).contract.admissibility.decision_set
    found = list(objections(manifest, rule))
    if found:
        raise Refused(
            "What is measured on this set would not count:",
            *found,
            "To seal it all the same: poc seal --unfit",
        )


def _not_in_git(root: Path, plain: list[Path]) -> None:
    names = [one.relative_to(root).as_posix() for one in plain]
    if names and (git(root, "ls-files", "--", *names) or "").strip():
        raise Refused(
            f"{names[0]} is in git, where everybody can read it, so sealing it hides nothing. Take"
            " it out of the history, or draw a fresh set."
        )


def _inside(root: Path, to: Path) -> Path:
    """The place below the project. A path elsewhere would mean nothing on another machine."""
    try:
        return (root / to).resolve().relative_to(root.resolve())
    except ValueError:
        raise Refused(
            f"{to} lies outside of the project; name a place in it, such as data/decision.sealed,"
            " and carry the file elsewhere yourself."
        ) from None
