"""Training examples, and guesses about families that the guessing model never saw."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from pydantic import BaseModel, JsonValue

from app.case import AnyUseCase, Guess
from evals.dataset import DatasetError, EvalCase
from evals.runner import QUARANTINED, Scoring

FOLDS = 5
SEED = 7


@dataclass(frozen=True, slots=True)
class Example:
    """A clean case with its expected answer. `group` is its label and language.

    What is not `answerable` teaches nothing, and every answer to it is wrong.
    """

    id: str
    family: str
    group: str
    input: BaseModel
    expected: Mapping[str, JsonValue]
    answerable: bool = True


class Fitted(Protocol):
    """A trained baseline."""

    def guess(self, case: BaseModel) -> Guess[Any]:
        """Answer one clean case."""
        ...

    def save(self) -> None:
        """Write what was learned to where the use case reads it."""
        ...


class Trainer(Protocol):
    """What `app/usecase/training.py` offers."""

    def fit(self, cases: Sequence[Any], expected: Sequence[Mapping[str, JsonValue]]) -> Fitted:
        """Train on clean cases and their expected answers."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """A baseline that learns nothing: it guesses the same whatever it was trained on."""

    usecase: AnyUseCase

    def fit(self, cases: Sequence[Any], expected: Sequence[Mapping[str, JsonValue]]) -> "Fixed":
        """There is nothing to learn."""
        return self

    def guess(self, case: BaseModel) -> Guess[Any]:
        """The use case's own baseline."""
        return self.usecase.baseline(case)

    def save(self) -> None:
        """There is nothing to write."""


def trainer(usecase: AnyUseCase, module: str = "app.usecase.training") -> Trainer:
    """The use case's trainer, or a fixed baseline where it has no such module."""
    try:
        found: Any = import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return Fixed(usecase)
    fitted: Trainer = found
    return fitted


def examples(
    cases: Iterable[EvalCase],
    clean: Callable[[EvalCase], BaseModel | None],
    scoring: Scoring,
    unanswerable: bool = False,
) -> tuple[list[Example], list[str]]:
    """Examples of the cases that are to be answered, and ids of those that intake kept back.

    With `unanswerable` also of those which people would quarantine and intake lets through.
    """
    found, kept_back = [], []
    for case in cases:
        answerable = case.quarantine is None
        if not (answerable or unanswerable):
            continue
        value = clean(case)
        if value is None:
            kept_back += [case.id] if answerable else []
            continue
        label = scoring.label(case.expected) if answerable else QUARANTINED
        group = f"{label}/{case.tags.get('language', '')}"
        found.append(Example(case.id, case.family, group, value, case.expected, answerable))
    return found, kept_back


def is_right(example: Example, guess: Guess[Any], scoring: Scoring) -> bool:
    """True when the decisive score of the guessed answer is."""
    if not example.answerable:
        return False
    answer = guess.answer.model_dump(mode="json")
    return scoring.score(example.expected, answer)[scoring.DECISIVE]


def fit(by: Trainer, found: Sequence[Example]) -> Fitted:
    """Train on these examples, in their order. Raises `DatasetError` when nothing is learned."""
    taught = [one for one in found if one.answerable]
    try:
        return by.fit([one.input for one in taught], [one.expected for one in taught])
    except ValueError as error:  # what scikit-learn raises for cases it cannot learn from
        raise DatasetError(
            f"The trainer cannot learn from these {len(taught)} cases ({type(error).__name__}):"
            " they are too few, or all of one label in a field. Label more, or train with"
            " `python -m evals.train --on both`."
        ) from error


def deal(found: Sequence[Example], folds: int = FOLDS, seed: int = SEED) -> dict[str, int]:
    """Assign each family to a fold, every label and language evenly; the same seed, the same."""
    families = grouped(found)
    rng, fold, assigned = random.Random(seed), 0, dict[str, int]()  # noqa: S311
    for group in sorted(families):
        for family in rng.sample(families[group], len(families[group])):
            assigned[family] = fold % folds
            fold += 1
    return assigned


def grouped(found: Iterable[Example]) -> dict[str, list[str]]:
    """The families of each label and language, in the order of their first example's id."""
    first: dict[str, str] = {}
    for one in sorted(found, key=lambda example: example.id):
        first.setdefault(one.family, one.group)
    groups: dict[str, list[str]] = defaultdict(list)
    for family, group in first.items():
        groups[group].append(family)
    return dict(groups)


def out_of_fold(
    found: Sequence[Example], by: Trainer, folds: Mapping[str, int]
) -> list[Guess[Any]]:
    """For each example, the guess of a model that was trained without its family's fold."""
    guesses: dict[str, Guess[Any]] = {}
    for fold in sorted(set(folds.values())):
        fitted = fit(by, [one for one in found if folds[one.family] != fold])
        for one in found:
            if folds[one.family] == fold:
                guesses[one.id] = fitted.guess(one.input)
    return [guesses[one.id] for one in found]
