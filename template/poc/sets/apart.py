"""Keeps sets apart: no case of one, nor one that is nearly the same, stands in another."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from evals.dataset import EvalCase, digest
from evals.duplicates import near_duplicates
from poc.engine.problems import Refused
from poc.sets import cases as sets
from poc.sets.manifest import Manifest, every
from poc.sets.sealing import VARIABLE, key_of

Read = Callable[[EvalCase], str]


def others(root: Path, name: str) -> dict[str, Sequence[EvalCase]]:
    """The cases of all other sets, by name; a sealed one is opened in memory.

    Raises `Refused` where one cannot be read: without it nothing can be kept apart from it.
    """
    return {one.name: _cases(root, one, name) for one in every(root) if one.name != name}


def _cases(root: Path, manifest: Manifest, wanted: str) -> Sequence[EvalCase]:
    if manifest.seal is None:
        return sets.drawn(root, manifest.name)
    if key_of(root, manifest.name) is None:
        raise Refused(
            f"The set {manifest.name} is sealed, and {wanted} must not hold a message that is"
            f" nearly the same as one of it. Draw with its key ({VARIABLE}), or draw both sets"
            " before you seal."
        )
    return sets.labelled(root, manifest.name)[1]


def stated(found: Mapping[str, Sequence[EvalCase]]) -> dict[str, str]:
    """The digest of each set, as a manifest states what it was kept apart from."""
    return {name: digest(cases) for name, cases in found.items()}


def texts(found: Mapping[str, Sequence[EvalCase]], read: Read) -> dict[str, str]:
    """The text of every case of these sets."""
    return {f"{name}/{one.id}": read(one) for name, members in found.items() for one in members}


def alike(theirs: Mapping[str, str], cases: Sequence[EvalCase], read: Read) -> set[str]:
    """The ids of cases that are nearly the same as one of these texts."""
    return {id for _, id in near_duplicates(theirs, {one.id: read(one) for one in cases})}


def families(cases: Sequence[EvalCase], read: Read) -> list[EvalCase]:
    """The cases with one family for all that are nearly the same: they are not independent."""
    texts = {one.id: read(one) for one in cases}
    root_of = {one.id: one.id for one in cases}

    def root(name: str) -> str:
        while root_of[name] != name:
            name = root_of[name]
        return name

    by_family: dict[str, str] = {}
    for one in cases:
        first = by_family.setdefault(one.family, one.id)
        root_of[root(one.id)] = root(first)
    for first, second in near_duplicates(texts, texts):
        a, b = sorted((root(first), root(second)))
        root_of[b] = a
    return [one.model_copy(update={"family": f"f-{root(one.id)[2:]}"}) for one in cases]
