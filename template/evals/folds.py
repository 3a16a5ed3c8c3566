"""Training examples, and guesses about families that the guessing model never saw."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from pydantic import BaseModel, JsonValue

from app.case import AnyUseCase, Guess
from evals.dataset import EvalCase
from evals.runner import Scoring

FOLDS = 5
SEED = 7


@dataclass(frozen=True, slots=True)
class Example:
    """A clean case with its expected answer. `group` is its label and language."""

    id: str
    family: str
    group: str
    input: BaseModel
    expected: Mapping[str, JsonValue]


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
    cases: Iterable[EvalCase], clean: Callable[[EvalCase], BaseModel | None], scoring: Scoring
) -> tuple[list[Example], list[str]]:
    """Examples of the cases that are to be answered, and ids of those that intake kept back."""
    found, kept_back = [], []
    for case in cases:
        if case.quarantine is not None:
            continue
        value = clean(case)
        if value is None:
            kept_back.append(case.id)
            continue
        group = f"{scoring.label(case.expected)}/{case.tags.get('language', '')}"
        found.append(Example(case.id, case.family, group, value, case.expected))
    return found, kept_back


def is_right(example: Example, guess: Guess[Any], scoring: Scoring) -> bool:
    """True when the decisive score of the guessed answer is."""
    answer = guess.answer.model_dump(mode="json")
    return scoring.score(example.expected, answer)[scoring.DECISIVE]


def fit(by: Trainer, found: Sequence[Example]) -> Fitted:
    """Train on these examples, in their order."""
    return by.fit([one.input for one in found], [one.expected for one in found])


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
