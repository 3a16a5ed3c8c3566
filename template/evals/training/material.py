"""What a training works on: the team's own cases, the shipped ones, or both, as examples."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.case import AnyUseCase
from evals import dataset, scorers
from evals.service import intake
from evals.training import own
from evals.training.folds import Example, examples

SETS = own.SETS
FEWEST_FAMILIES = 10


@dataclass(frozen=True, slots=True)
class Cases:
    """What a training works on: the choice, its examples, and those of intake kept back."""

    base: own.Base
    found: list[Example]
    kept_back: list[str]

    @property
    def mine(self) -> list[Example]:
        """The examples of the team's own cases."""
        return [one for one in self.found if one.id in self.base.own]


def gather(usecase: AnyUseCase, wanted: own.On | None) -> Cases:
    """Read what there is and choose. Raises `DatasetError` when it cannot be trained on."""
    clean = intake(usecase)
    mine = own.labelled(usecase, sets=SETS)
    others = shipped()
    fits = not mine or not own.misfits(others, usecase)
    counts = families(examples(mine, clean, scorers)[0])
    if fits:
        for one in examples(others, clean, scorers)[0] if mine else ():
            counts.setdefault(label(one), 0)
    base = own.choose(wanted, mine, others, counts, fits)
    if base.on == "both" and not fits:
        raise dataset.DatasetError(
            "The shipped cases have labels that the answer schema does not know;"
            " train with --on own."
        )
    if not base.cases:
        raise dataset.DatasetError(
            "There are no cases to train on; write them into evals/cases/training.jsonl, or draw"
            " and label your own: poc sample, poc label."
        )
    found, kept_back = examples(base.cases, clean, scorers)
    if base.own:
        mine = [case for case in mine if case.quarantine is not None]
        found += examples(mine, clean, scorers, unanswerable=True)[0]
        found.sort(key=lambda one: one.id)
    return Cases(base, found, kept_back)


def check(cases: Cases, learns: bool = True) -> None:
    """Raise `DatasetError` for cases that nothing can be learned from.

    A baseline that learns nothing has no need of two labels: only its acceptance is fitted.
    """
    taught = [one for one in cases.found if one.answerable]
    known = {one.family for one in taught}
    fewest = FEWEST_FAMILIES if cases.base.on == "own" else 2
    if len(known) < fewest:
        raise dataset.DatasetError(
            f"There are {len(known)} families of training cases; {fewest} are needed at least."
            " Label more, or train with --on both."
        )
    labels = sorted({label(one) for one in taught})
    if learns and cases.base.own and len(labels) < 2:
        raise dataset.DatasetError(
            f"All {len(taught)} training cases have the label {labels[0]}, so there is nothing to"
            " tell apart. Label cases of other kinds, or train with --on both."
        )


def shipped() -> list[dataset.EvalCase]:
    """The training cases in `evals/cases`; none when a team has removed them."""
    path = dataset.HERE / "cases" / "training.jsonl"
    return (
        dataset.load("training", path.parent) if path.exists() and path.read_bytes().strip() else []
    )


def label(one: Example) -> str:
    """The class of an example's expected answer."""
    return scorers.label(one.expected)


def families(found: Sequence[Example]) -> dict[str, int]:
    """How many families each label has."""
    return dict(Counter(label for label, _ in {(label(one), one.family) for one in found}))
