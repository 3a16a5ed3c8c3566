"""Digests of what was agreed and of what would be deployed."""

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from poc.engine.problems import Refused


def canonical(data: object) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8: comments and key order do not show."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def of(data: object) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(data)).hexdigest()


def of_model(model: BaseModel) -> str:
    """SHA-256 of a governance file as it was written."""
    return of(written(model))


def written(model: BaseModel) -> dict[str, Any]:
    """The data of a file without defaults: a key that a later release adds changes no digest."""
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)


def plain(model: BaseModel) -> dict[str, Any]:
    """The data of a file as it takes effect, defaults included."""
    return model.model_dump(mode="json", by_alias=True)


def behaviour(root: Path) -> str:
    """SHA-256 over sorted paths and bytes of all that decides how the service behaves.

    `app/` with prompt and weights, the project's own settings, and the locked versions, or the
    ranges where there is no lock. Works with and without git; a change of the docs does not touch
    it. Raises `Refused` for a folder that is a link: what lies behind it is not read.
    """
    every = [root / "app", *(root / "app").rglob("*")]
    for path in every:
        if path.is_symlink() and path.is_dir():
            raise Refused(
                f"{path.relative_to(root).as_posix()} is a link to a folder, so nothing can say"
                " what the service does; put the folder itself there."
            )
    found = [path for path in every if path.is_file() and not _compiled(path)]
    versions = "uv.lock" if (root / "uv.lock").is_file() else "pyproject.toml"
    found += [path for name in ("project.toml", versions) if (path := root / name).is_file()]
    return files(root, found)


def _compiled(path: Path) -> bool:
    """True for what Python makes by itself; beside its source it would stand in for it."""
    return path.suffix == ".pyc" and path.parent.name == "__pycache__"


def files(root: Path, paths: list[Path]) -> str:
    """SHA-256 over sorted relative paths and bytes, each with its length before it."""
    total = hashlib.sha256()
    for path in sorted(paths):
        for part in (path.relative_to(root).as_posix().encode(), path.read_bytes()):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()
