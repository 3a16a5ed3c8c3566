"""The learning curve: accuracy over the number of training families."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.dataset import HERE, DatasetError
from evals.runner import Scoring
from evals.training.folds import Example, Trainer, deal, fit, grouped, is_right, out_of_fold

PATH = HERE / "learning_curve.json"
SIZES = (2, 4, 8, 16, 32)
SEEDS = (1, 2, 3)
UNSEEN, OUT_OF_FOLD = "unseen evaluation families", "out of fold"


class CurvePoint(BaseModel):
    """Accuracy after training on `families` of each label and language, drawn by `seed`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    families: int
    seed: int
    cases: int
    evaluation: float
    out_of_fold: float


class Curve(BaseModel):
    """`evals/learning_curve.json`, with the digest of the training cases it was drawn from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset_digest: str
    points: list[CurvePoint]

    def by_families(self) -> dict[int, dict[str, list[float]]]:
        """Accuracies of all seeds for each number of families, smallest first."""
        groups: dict[int, dict[str, list[float]]] = defaultdict(
            lambda: {UNSEEN: [], OUT_OF_FOLD: []}
        )
        for point in sorted(self.points, key=lambda one: (one.families, one.seed)):
            groups[point.families][UNSEEN].append(point.evaluation)
            groups[point.families][OUT_OF_FOLD].append(point.out_of_fold)
        return dict(groups)


def load_curve(path: Path = PATH) -> Curve | None:
    """Read the curve; None when none was drawn. Raises `DatasetError` when it is damaged."""
    if not path.exists():
        return None
    try:
        return Curve.model_validate_json(path.read_bytes())
    except ValidationError:
        raise DatasetError(f"{path} is damaged; delete it or draw it anew") from None


def draw(
    training: Sequence[Example],
    evaluation: Sequence[Example],
    by: Trainer,
    scoring: Scoring,
    dataset_digest: str,
    say: Callable[[str], None],
) -> Curve:
    """Train on growing numbers of families and measure each time; `say` tells how far it is."""
    groups = grouped(training)
    largest = max(map(len, groups.values()))
    points = []
    for size in [one for one in SIZES if one <= largest]:
        for seed in SEEDS:
            rng = random.Random(seed)  # noqa: S311
            kept = {
                family
                for name in sorted(groups)
                for family in rng.sample(groups[name], min(size, len(groups[name])))
            }
            found = [one for one in training if one.family in kept]
            fitted = fit(by, found)
            unseen = sum(is_right(one, fitted.guess(one.input), scoring) for one in evaluation)
            guesses = out_of_fold(found, by, deal(found))
            inside = sum(is_right(*pair, scoring) for pair in zip(found, guesses, strict=True))
            points.append(
                CurvePoint(
                    families=size,
                    seed=seed,
                    cases=len(found),
                    evaluation=round(unseen / len(evaluation), 4),
                    out_of_fold=round(inside / len(found), 4),
                )
            )
            say(f"{size} families, seed {seed}: {points[-1].evaluation:.1%} on unseen families")
    return Curve(dataset_digest=dataset_digest, points=points)
