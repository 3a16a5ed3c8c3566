"""Which signals acceptance of a model's answers needs: sets of them, compared, and one kept."""

import random
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from app.case import AnyUseCase, Guess
from app.gateway.asking import Asked, settle
from app.gateway.signals import signals
from app.signals import BASELINE, is_indicator
from evals.hosted.answers import Said
from evals.runner import Scoring
from evals.training.calibrate import Judged, Logistic, choose_threshold, fit_logistic
from evals.training.folds import Example, is_right
from evals.training.learn import cross_fit
from evals.training.risk import area

RESAMPLES = 300
WORTH = 0.005  # of mean risk; for less, more signals and asks are not worth having
SEED = 13
COMMON = 20  # cases; an indicator of fewer is left out
OFFERED = 0.5  # of the answers; a signal that fewer have is not offered


@dataclass(frozen=True, slots=True)
class SignalSet:
    """A set of signals and the settings under which the service has them.

    `answer` is false for the baseline's signals alone.
    """

    name: str
    repeats: int
    log_probabilities: bool
    answer: bool = True

    @property
    def settings(self) -> str:
        """The settings, as they are written."""
        on = str(self.log_probabilities).lower()
        return f"APP_MODEL_REPEATS={self.repeats} APP_MODEL_LOGPROBS={on}"


@dataclass(frozen=True, slots=True)
class Answered:
    """A case, what the baseline made of it unseen, and all that the model said.

    `random` says that chance chose the case, so that it counts for the promise.
    """

    example: Example
    guess: Guess[Any]
    said: Sequence[Said]
    random: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """A set, fitted: `answers` are those to the cases that chance chose, in their order."""

    of: SignalSet
    names: list[str]
    logistic: Logistic
    threshold: float | None
    answers: list[Judged]


def candidates(repeats: int, log_probabilities: bool) -> list[SignalSet]:
    """The sets that these settings offer, the least and cheapest first."""
    sets = [
        SignalSet("the baseline's signals alone", 1, False, answer=False),
        SignalSet("agreement with the baseline", 1, False),
    ]
    if log_probabilities:
        sets.append(SignalSet("agreement and log-probabilities", 1, True))
    if repeats > 1:
        sets.append(SignalSet("agreement and repeats", repeats, False))
    if repeats > 1 and log_probabilities:
        sets.append(SignalSet("agreement, repeats and log-probabilities", repeats, True))
    return sets


def fit(
    of: SignalSet,
    found: Sequence[Answered],
    folds: Mapping[str, int],
    usecase: AnyUseCase,
    scoring: Scoring,
    target: float,
) -> Fitted | None:
    """Fit a set on all answers, cross-fitted by family; None when too few answers have it.

    What lacks an answer or a signal goes to a person in the service, and here as well.
    """
    seen = [_seen(of, one, usecase, scoring) for one in found]
    own = set(found[0].guess.signals)
    names = _names([one[0] for one in seen if one is not None], own if not of.answer else None)
    rows = [
        None
        if one is None or not all(name in one[0] or is_indicator(name) for name in names)
        else [one[0].get(name, 0.0) for name in names]
        for one in seen
    ]
    usable = [i for i, row in enumerate(rows) if row is not None]
    place = [folds[found[i].example.family] for i in usable]
    if len(usable) < OFFERED * len(found) or len(set(place)) < 2:
        return None
    kept = [row for row in rows if row is not None]
    right = [one[1] for one in (seen[i] for i in usable) if one is not None]
    held_out = dict(zip(usable, cross_fit(kept, right, place), strict=True))
    answers = [
        Judged(one.example.family, held_out[i], entry[1], entry[2])
        if entry is not None and i in held_out
        else Judged(one.example.family, 0.0, False, False)
        for i, (one, entry) in enumerate(zip(found, seen, strict=True))
        if one.random
    ]
    logistic = fit_logistic(kept, right)
    return Fitted(of, names, logistic, choose_threshold(answers, target), answers)


def keep(sets: Sequence[Fitted]) -> Fitted:
    """The first set that no other beats in area under the risk-coverage curve.

    To beat it an area has to be smaller by `WORTH` at least, and smaller beyond chance: in 95 of
    100 draws of the families, the same for all sets.
    """
    families: dict[str, list[int]] = defaultdict(list)
    for i, one in enumerate(sets[0].answers):
        families[one.family].append(i)
    rng, names = random.Random(SEED), sorted(families)  # noqa: S311
    whole, areas = [area(one.answers) for one in sets], list[list[float]]()
    for _ in range(RESAMPLES):
        drawn = [i for name in rng.choices(names, k=len(names)) for i in families[name]]
        areas.append([area([one.answers[i] for i in drawn]) for one in sets])
    most = 0.95 * RESAMPLES

    def beaten(k: int) -> bool:
        return any(
            whole[j] <= whole[k] - WORTH and sum(draw[j] < draw[k] for draw in areas) >= most
            for j in range(len(sets))
        )

    return next((one for k, one in enumerate(sets) if not beaten(k)), sets[-1])


def _seen(
    of: SignalSet, one: Answered, usecase: AnyUseCase, scoring: Scoring
) -> tuple[dict[str, float], bool, bool] | None:
    """Signals of the answer, whether it is right, and whether nothing objects to it."""
    said = one.said[: of.repeats]
    if len(said) < of.repeats:
        return None
    completions = [each.completion(of.log_probabilities) for each in said]
    settled = settle(Asked(completions, []), usecase.answer_type)
    answer = settled.answer
    if answer is None:
        return None
    case = one.example.input
    found = signals(usecase, case, one.guess, answer, settled.completion, settled.equal)
    return found, _right(one, answer, scoring), not usecase.objections(case, answer)


def _right(one: Answered, answer: BaseModel, scoring: Scoring) -> bool:
    return is_right(one.example, Guess(answer, {}), scoring)


def _names(seen: Sequence[Mapping[str, float]], own: Container[str] | None) -> list[str]:
    """All names that answers have, or the baseline's own; each set names the baseline it is for.

    Of indicators those that neither nearly no case nor nearly every case has.
    """
    counts: dict[str, int] = defaultdict(int)
    for one in seen:
        for name in one:
            counts[name] += 1
    return sorted(
        name
        for name, count in counts.items()
        if (own is None or name in own or name.startswith(BASELINE))
        and (not is_indicator(name) or COMMON <= count <= len(seen) - COMMON)
    )
