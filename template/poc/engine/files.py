"""Writes a file whole or not at all: nobody ever reads half of it."""

import os
from pathlib import Path

PRIVATE = 0o600  # its owner alone
SHARED = 0o666  # as the process's umask says, like any file


def replace(path: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Write a file beside its place and put it there; its folder is made where it is missing.

    By default only its owner can read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
