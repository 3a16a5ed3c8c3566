"""The inputs of the budget that people can choose, to reckon what another choice would do.

Prices of people's time and the cost of an error are left out: they are facts, not choices.
"""

from typing import Any, NamedTuple

from poc.money.budget import Budget

WORKING_DAY = 480.0


class Lever(NamedTuple):
    """An input that can be chosen: its key, the end that helps most, and how it is told."""

    key: str
    name: str
    best: float
    step: float
    phrase: str


# `best` is where the input cannot go further: a share of 1, a cost of 0, a whole working day.
LEVERS = (
    Lever(
        "benefit.minutesSaved",
        "minutes saved",
        WORKING_DAY,
        0.1,
        "{} minutes saved by each request done without a person",
    ),
    Lever("benefit.autoRate", "automatic requests", 1, 0.001, "{} done without a person"),
    Lever("run.review.rate", "review", 0, 0.001, "{} of requests decided by a person"),
    Lever("run.review.minutes", "review", 0, 0.1, "{} minutes for a person to decide one"),
    Lever("run.upkeep.engineerDays", "engineers' upkeep", 0, 0.1, "{} days of upkeep a month"),
    Lever("run.upkeep.labels", "labels", 0, 1, "{} for labels a month"),
    Lever("run.errors.perThousand", "errors", 0, 0.1, "{} errors in 1,000 requests"),
    Lever("run.infrastructure.fixed", "fixed infrastructure", 0, 1, "{} fixed for infrastructure"),
    Lever("run.onCall", "on-call", 0, 1, "{} for on-call a month"),
    Lever("run.callsPerRequest", "tokens", 0, 0.01, "{} calls of the model for each request"),
)
_SHARES = ("benefit.autoRate", "run.review.rate")


def value(budget: Budget, key: str) -> float:
    """An input by its key in `budget.yaml`."""
    node: Any = budget
    for part in _attributes(key):
        node = getattr(node, part)
    return float(node)


def with_value(budget: Budget, key: str, new: float) -> Budget:
    """The budget with another value for one input."""
    changed: Budget = _replaced(budget, _attributes(key), new)
    return changed


def shown(lever: Lever, number: float) -> str:
    """A value of this input as people read it."""
    if lever.key in _SHARES:
        return f"{100 * number:,.1f} %".replace(".0 %", " %")
    return f"{number:,.{2 if lever.step < 0.1 else 1 if lever.step < 1 else 0}f}"


def _attributes(key: str) -> list[str]:
    return ["".join("_" + c.lower() if c.isupper() else c for c in part) for part in key.split(".")]


def _replaced(node: Any, path: list[str], new: float) -> Any:  # noqa: ANN401
    head, *rest = path
    inner = _replaced(getattr(node, head), rest, new) if rest else new
    return node.model_copy(update={head: inner})
