"""The log of a run: one JSON line for each case and repeat, safe against being killed."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

Status = Literal["answered", "in_review", "quarantined", "rejected", "failed"]


class NotMeasured(Exception):
    """The case could not be tried; it is left to a later run and gets no row."""


class Outcome(BaseModel):
    """What the service did with one case; `reason` is a code of a closed list."""

    model_config = ConfigDict(frozen=True)

    status: Status
    answer: dict[str, JsonValue] | None = None
    reason: str | None = None
    acceptance: float | None = None
    threshold: float | None = None
    degraded: str | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    currency: str | None = None


class Row(BaseModel):
    """One scored outcome. Holds ids, labels and figures, never a text of the case or the answer.

    `seconds` is the time of the whole pipeline, `cost` that of asking a model, in `currency`; null
    when none was asked. A row with an `error` counts as wrong.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    repeat: int
    status: Status
    reason: str | None
    right: bool
    scores: Mapping[str, bool]
    expected_label: str
    label: str
    acceptance: float | None
    threshold: float | None
    degraded: str | None
    tokens_in: int
    tokens_out: int
    cost: float = 0.0
    currency: str | None = None
    seconds: float
    error: str | None

    @property
    def name(self) -> str:
        """The case and its repeat: unique within a run."""
        return f"{self.id}#{self.repeat}"

    @property
    def accepted(self) -> bool:
        """True when the answer left without a person."""
        return self.status == "answered"


def read(path: Path) -> list[Row]:
    """The rows of a log, one for each name; lines that a killed run left torn are skipped."""
    rows: dict[str, Row] = {}
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            row = Row.model_validate_json(line)
        except ValidationError:
            continue
        rows[row.name] = row
    return list(rows.values())


class RowLog:
    """Appends rows. A row survives the process as soon as it is written, a power cut on close."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        torn = path.exists() and not path.read_bytes().endswith(b"\n")
        self._file = path.open("a", encoding="utf-8")
        if torn:
            self._file.write("\n")

    def write(self, row: Row) -> None:
        """Append one row and hand it to the operating system."""
        self._file.write(row.model_dump_json() + "\n")
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
