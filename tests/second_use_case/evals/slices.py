"""YOURS: figures by layout."""

from collections.abc import Mapping
from typing import Protocol

from pydantic import JsonValue


class Sliced(Protocol):
    """What a slice may look at."""

    tags: Mapping[str, str]
    edge: str | None
    expected: Mapping[str, JsonValue]


GATED: tuple[str, ...] = ()


def slices(case: Sliced) -> dict[str, str]:
    """Name the slices a case belongs to."""
    return {"channel": case.tags["channel"], "edge": case.edge or "none"}
