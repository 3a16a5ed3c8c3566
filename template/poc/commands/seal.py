"""`poc seal`: lock the decision set away until a contract is in force."""

import argparse
from pathlib import Path

from poc.commands import Outcome
from poc.commands.tables import paragraph
from poc.engine.admissible import DECISION
from poc.engine.situation import situation
from poc.sets.seal import Sealed, default_place, seal
from poc.sets.sealing import VARIABLE


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    parser.add_argument("set", nargs="?", default=DECISION, help=f"by default {DECISION}")
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FILE",
        help=f"by default {default_place(DECISION)}; below data/ it stays out of git",
    )
    parser.add_argument(
        "--unfit", action="store_true", help="seal what the contract would not admit as it is"
    )


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Seal the set and say what to do with its key."""
    done = seal(root, options.set, options.to, situation(root).now, options.unfit)
    manifest = done.manifest
    assert manifest.seal is not None  # noqa: S101 - that is what seal() returns
    data = {
        "set": manifest.name,
        "file": manifest.seal.file,
        "sha256": manifest.seal.sha256,
        "key": manifest.seal.key,
        "keyFile": None if done.key_at is None else done.key_at.relative_to(root).as_posix(),
    }
    return Outcome(_said(root, done), data)


def _said(root: Path, done: Sealed) -> str:
    manifest = done.manifest
    seal = manifest.seal
    file, key = (seal.file, seal.key) if seal else ("", "")
    lines = [f"The set {manifest.name} ({manifest.cases} cases) is sealed in {file}, key {key}."]
    if done.key_at is not None:
        place = done.key_at.relative_to(root).as_posix()
        lines.append(
            paragraph(
                f"Its key lies in {place}. Give it to the evaluation owner, store it as the secret"
                f" {VARIABLE} of a CI environment that asks that person before each run, then"
                " delete the file. Without the key nobody can ever score this set."
            )
        )
    lines += [
        paragraph(
            f"The plain cases were removed from data/sets/{manifest.name}/. They are still in what"
            " they were drawn from and in the service's records; nobody who tunes the service"
            " should read them there."
        ),
        f"Commit governance/sets/{manifest.name}.json"
        + ("." if file.startswith("data/") else f" and {file}."),
        f"Once a contract is in force, score it in CI: make evals SPLIT={manifest.name}",
    ]
    return "\n".join(lines)
