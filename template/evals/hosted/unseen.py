"""The labelled cases of a set, and what a baseline that has not learned them makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from app.case import AnyUseCase, Guess
from evals import dataset, scorers
from evals.service import intake
from evals.training import own
from evals.training.folds import Example, Fixed, Trainer, deal, examples, out_of_fold
from evals.training.learn import trained_on
from evals.training.material import gather

FEWEST_FAMILIES = 20


@dataclass(frozen=True, slots=True)
class Labelled:
    """The cases of a set: as examples, with the digest of all, and those that chance chose."""

    found: list[Example]
    digest: str
    random: frozenset[str]


def labelled(usecase: AnyUseCase, name: str, sets: Path) -> Labelled:
    """Read the set. Raises `DatasetError` when it cannot be calibrated on."""
    if name == "decision":
        raise dataset.DatasetError(
            "The decision set is there to decide with; calibrate on another: --set development."
        )
    cases = own.labelled(usecase, name, sets)
    found, _ = examples(cases, intake(usecase), scorers, unanswerable=True)
    random = frozenset(case.id for case in cases if case.drawn == "random")
    families = {one.family for one in found if one.id in random}
    if len(families) < FEWEST_FAMILIES:
        raise dataset.DatasetError(
            f"{sets / name / 'labelled.jsonl'} holds {len(families)} families of labelled cases"
            f" that chance chose; {FEWEST_FAMILIES} are needed at least. Draw and label more:"
            " poc sample, poc label."
        )
    return Labelled(found, dataset.digest(cases), random)


def unseen_guesses(
    usecase: AnyUseCase, by: Trainer, found: Sequence[Example], path: Path
) -> list[Guess[Any]]:
    """The baseline's guess of each case, by a baseline that did not learn its family.

    Raises `DatasetError` when nobody knows what the baseline in force has learned.
    """
    ids = {one.id for one in found}
    known = trained_on(usecase, path)
    for on in get_args(own.On):
        try:
            cases = gather(usecase, on)
        except dataset.DatasetError:
            continue
        if known == dataset.digest(cases.base.cases):
            taught = {one.family for one in cases.found}
            if isinstance(by, Fixed) or not taught & {one.family for one in found}:
                break
            both = [*cases.found, *(one for one in found if one.id not in cases.base.own)]
            both.sort(key=lambda one: one.id)
            guesses = zip(both, out_of_fold(both, by, deal(both)), strict=True)
            by_id = {one.id: guess for one, guess in guesses if one.id in ids}
            return [by_id[one.id] for one in found]
    else:
        if not isinstance(by, Fixed):
            raise dataset.DatasetError(
                "Nobody knows which cases the baseline in force has learned, so its agreement"
                " says nothing here; run `make train` first."
            )
    return [usecase.baseline(one.input) for one in found]
