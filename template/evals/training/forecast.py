"""What more labels would be worth: the learning curve on a team's own cases, and beyond it."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.blocks import Block, Chart, Heading, Point, Table, Text
from evals.dataset import DatasetError
from evals.runner import Scoring
from evals.training.folds import Example, Trainer, fit, grouped, is_right
from evals.training.power_law import fitted

SHARES = (0.25, 0.5, 0.75)
RESAMPLES = 1000
SEED = 11
FLAT = 0.01  # less than a point in the best case
FEWEST = 3  # sizes; a curve through fewer says nothing

Errors = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Step:
    """Errors after training on `cases` own cases: (wrong, cases) of each held-out family."""

    cases: float
    families: Errors

    @property
    def error(self) -> float:
        """The share of wrong answers."""
        return _share(self.families.values())


@dataclass(frozen=True, slots=True)
class Forecast:
    """What `more` cases would add to accuracy, with a band of 95 %; shares from 0 to 1."""

    more: int
    gain: float
    low: float
    high: float

    @property
    def sentence(self) -> str:
        """The forecast in words."""
        gain, low, high = (f"{100 * one:.1f}" for one in (self.gain, self.low, self.high))
        if self.high < FLAT:
            return (
                f"The curve is flat: {self.more} more cases are worth less than a point"
                f" (between {low} and {high}). More labels of the same kind will not help."
            )
        doubt = " They may be worth nothing." if low == "0.0" else ""
        return (
            f"{self.more} more cases are worth about {gain} points, between {low} and {high}."
            + doubt
        )


def steps(
    found: Sequence[Example],
    own: frozenset[str],
    by: Trainer,
    scoring: Scoring,
    folds: Mapping[str, int],
    right: Mapping[str, bool],
    say: Callable[[str], None],
) -> list[Step]:
    """Train on growing shares of the own families and hold out each fold in turn.

    `right` says of every case whether the model that saw all other folds was right about it.
    A share too small to train on is left out.
    """
    curve = []
    for share in SHARES:
        try:
            curve.append(_step(found, own, by, scoring, folds, share))
        except DatasetError:
            continue
        say(f"With {share:.0%} of your labels: {1 - curve[-1].error:.1%} right")
    mine = [one for one in found if one.id in own]
    taught = sum(one.answerable for one in mine)
    size = taught * (1 - 1 / len(set(folds.values())))
    return [*curve, Step(size, _errors((one, right[one.id]) for one in mine))]


def _step(
    found: Sequence[Example],
    own: frozenset[str],
    by: Trainer,
    scoring: Scoring,
    folds: Mapping[str, int],
    share: float,
) -> Step:
    outcomes, sizes = list[tuple[Example, bool]](), []
    for fold in sorted(set(folds.values())):
        rest = [one for one in found if folds[one.family] != fold]
        kept = _families([one for one in rest if one.id in own], share, fold)
        taught = [one for one in rest if one.id not in own or one.family in kept]
        sizes.append(sum(one.id in own and one.answerable for one in taught))
        fitted = fit(by, taught)
        outcomes += [
            (one, is_right(one, fitted.guess(one.input), scoring))
            for one in found
            if folds[one.family] == fold and one.id in own
        ]
    return Step(sum(sizes) / len(sizes), _errors(outcomes))


def _families(found: Sequence[Example], share: float, fold: int) -> set[str]:
    """A share of the families of each label and language, drawn by the fold's seed."""
    groups, rng = grouped(found), random.Random(SEED + fold)  # noqa: S311
    return {
        family
        for name in sorted(groups)
        for family in rng.sample(groups[name], max(1, round(share * len(groups[name]))))
    }


def _errors(outcomes: Iterable[tuple[Example, bool]]) -> dict[str, tuple[int, int]]:
    families: dict[str, tuple[int, int]] = {}
    for one, hit in outcomes:
        wrong, n = families.get(one.family, (0, 0))
        families[one.family] = (wrong + (not hit), n + 1)
    return families


def _share(counts: Iterable[tuple[int, int]]) -> float:
    pairs = list(counts)
    return sum(wrong for wrong, _ in pairs) / sum(n for _, n in pairs)


def forecast(curve: Sequence[Step], now: int, more: int) -> Forecast | None:
    """What `more` cases beyond `now` would add; None when there are too few sizes to say.

    The band is the percentile interval of the same fit on families drawn anew.
    """
    if len({one.cases for one in curve}) < FEWEST:
        return None
    families, rng = sorted(curve[-1].families), random.Random(SEED)  # noqa: S311

    def gain(drawn: Sequence[str]) -> float:
        points = []
        for step in curve:
            points.append((step.cases, _share([step.families[one] for one in drawn])))
        law = fitted(points)
        return law(now) - law(now + more)

    draws = sorted(gain(rng.choices(families, k=len(families))) for _ in range(RESAMPLES))
    low, high = draws[round(0.025 * (RESAMPLES - 1))], draws[round(0.975 * (RESAMPLES - 1))]
    return Forecast(more, gain(families), low, high)


def blocks(curve: Sequence[Step], forecasts: Sequence[Forecast]) -> list[Block]:
    """The section of the report."""
    title = "What more labels would be worth"
    if not curve:
        text = "Nothing to this baseline. It learns nothing from cases; only its acceptance does."
        return [Heading(title), Text(text)]
    if not forecasts:
        return [Heading(title), Text("There are too few of your own cases yet to draw a curve.")]
    rows = [[f"{one.cases:.0f}", f"{1 - one.error:.1%}"] for one in curve]
    drawn = [Point(one.cases, 1 - one.error, 1 - one.error, 1 - one.error) for one in curve]
    return [
        Heading(title),
        *(Text(one.sentence) for one in forecasts),
        Text(
            "This carries the fitted curve on beyond what was measured. It holds for more cases"
            " of the same kind, and it ends where people themselves disagree."
        ),
        Chart(title, "your cases trained on", "right", curve[-1].cases, [("", drawn)]),
        Table("Right about families held out", ["your cases trained on", "right"], rows),
    ]
