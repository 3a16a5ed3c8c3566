"""YOURS: by what the figures are broken down, and on which slices the gate decides."""

from collections.abc import Mapping
from typing import Protocol

from pydantic import JsonValue


class Sliced(Protocol):
    """What a slice may look at of an evaluation case."""

    tags: Mapping[str, str]
    edge: str | None
    expected: Mapping[str, JsonValue]


GATED: tuple[str, ...] = ("language=de", "language=en", "language=fr")
"""The few slices on which a regression fails the gate, besides the whole; keep them few."""


def slices(case: Sliced) -> dict[str, str]:
    """Name the slices a case belongs to."""
    return {
        "language": case.tags["language"],
        "channel": case.tags["channel"],
        "queue": str(case.expected.get("queue") or "none"),
        "edge": case.edge or "none",
    }
