"""YOURS: what counts as right."""

from collections.abc import Mapping

from pydantic import JsonValue

DECISIVE = "queue"
"""The score that accuracy, precision and acceptance are about."""


def score(
    expected: Mapping[str, JsonValue], answer: Mapping[str, JsonValue] | None
) -> dict[str, bool]:
    """Compare an answer with what was expected; no answer is wrong in everything."""
    if answer is None:
        return {"queue": False, "priority": False}
    return {
        "queue": answer["queue"] == expected["queue"],
        "priority": answer["priority"] == expected["priority"],
    }


def label(value: Mapping[str, JsonValue]) -> str:
    """Name the class of an expected or given answer in the confusion picture."""
    return str(value["queue"] or "no queue")
