"""Reads and writes the cases of a set, sealed or not."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from evals.dataset import DatasetError, EvalCase, digest, parse
from poc.engine.files import replace
from poc.engine.problems import Refused
from poc.sets.manifest import Manifest, cases_of, labelled_of, load
from poc.sets.sealing import unseal


def write(path: Path, cases: Iterable[EvalCase]) -> None:
    """Write cases, one JSON object a line, whole or not at all."""
    replace(path, lines(cases))


def lines(cases: Iterable[EvalCase]) -> bytes:
    """The cases as their file holds them."""
    return "".join(f"{one.model_dump_json()}\n" for one in cases).encode()


def read(path: Path, shown: str) -> list[EvalCase]:
    """Read cases, sorted by id. Raises `Refused` naming file, line and field."""
    try:
        with path.open("rb") as lines:
            return parse(lines, shown)
    except FileNotFoundError:
        raise Refused(f"{shown} is missing; it lies where the set was drawn or labelled.") from None
    except DatasetError as error:
        raise Refused(str(error)) from None


def drawn(root: Path, name: str) -> list[EvalCase]:
    """The cases of a set as they were drawn. Raises `Refused` when they are not those."""
    manifest = load(root, name)
    path = cases_of(root, name)
    shown = path.relative_to(root).as_posix()
    found = read(path, shown)
    if digest(found) != manifest.digest:
        raise Refused(
            f"{shown} holds other cases than governance/sets/{name}.json says; bring the original"
            " back, or draw the set anew."
        )
    return found


def labelled(root: Path, name: str) -> tuple[Manifest, list[EvalCase]]:
    """A set with its labels; a sealed one is opened in memory.

    Raises `Refused` when it is not labelled, not the one of the manifest, or cannot be opened.
    """
    manifest = load(root, name)
    if manifest.labels is None:
        raise Refused(f"The set {name} has no labels yet: poc label status {name}")
    path = labelled_of(root, name)
    shown = path.relative_to(root).as_posix()
    if manifest.seal is not None:
        found = parse(unseal(root, manifest).splitlines(), manifest.seal.file)
    else:
        found = read(path, shown)
    if digest(found) != manifest.labels.digest:
        raise Refused(
            f"The labelled cases of {name} are not those of governance/sets/{name}.json; bring the"
            " original back, or collect the labels again."
        )
    return manifest, found


def edges(cases: Sequence[EvalCase]) -> dict[str, Any]:
    """What a manifest says of edge cases, by the names of its fields."""
    found = Counter(one.edge for one in cases if one.edge)
    natural = sum(one.edge is not None and one.drawn == "random" for one in cases)
    return {"edges": dict(sorted(found.items())), "natural_edges": natural}
