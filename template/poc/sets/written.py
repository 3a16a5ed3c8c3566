"""What commands write into `governance/` for a commit, and read back."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from poc.engine.files import SHARED, replace
from poc.engine.problems import InvalidFile

ModelT = TypeVar("ModelT", bound=BaseModel)


def read(root: Path, path: Path, model: type[ModelT]) -> ModelT | None:
    """Read a file by its path below the project, None when it is not there.

    Raises `InvalidFile` when somebody edited it into what no command writes.
    """
    try:
        return model.model_validate_json((root / path).read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise InvalidFile(
            f"{path.as_posix()} holds at {place or 'its start'} what no command writes; bring it"
            " back from the repository's history."
        ) from None


def write(path: Path, model: BaseModel) -> None:
    """Write a file, whole or not at all; keys without a value are left out."""
    data = model.model_dump(mode="json", by_alias=True, exclude_none=True)
    replace(path, json.dumps(data, indent=1, ensure_ascii=False).encode() + b"\n", SHARED)
