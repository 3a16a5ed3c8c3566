"""YOURS: an invoice is right when all three fields are."""

from collections.abc import Mapping

from pydantic import JsonValue

DECISIVE = "all"
FIELDS = ("number", "date", "total")


def score(
    expected: Mapping[str, JsonValue], answer: Mapping[str, JsonValue] | None
) -> dict[str, bool]:
    """Compare field by field."""
    right = {name: answer is not None and answer[name] == expected[name] for name in FIELDS}
    return {**right, "all": all(right.values())}


def label(value: Mapping[str, JsonValue]) -> str:
    """Name the class shown in the confusion picture."""
    return "complete" if all(value[name] for name in FIELDS) else "incomplete"
