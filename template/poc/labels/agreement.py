"""How far two people agree, beyond what chance explains.

Kappa is Cohen's (Educational and Psychological Measurement 20, 1960). Its bound comes from the
large-sample variance of Fleiss, Cohen and Everitt (Psychological Bulletin 72, 1969), written as a
sum of one term a case and added up by family, since cases of one family are not independent; with
one case a family it is exactly theirs. Chosen over resampling because it needs no seed and takes
no time. Where nearly all agree that variance goes to zero whatever the number of cases, so the
bound is never above the one that follows from the score interval of the observed agreement.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from evals.statistics import effective_size, wilson
from poc.sets.manifest import Agreement

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Pair:
    """What the first and the second person said of one case, as classes."""

    family: str
    first: str
    second: str

    @property
    def equal(self) -> bool:
        """True when both said the same."""
        return self.first == self.second


def agreement(
    pairs: Sequence[Pair], name: str = "all", level: float = LEVEL, by_label: bool = False
) -> Agreement:
    """Observed agreement, kappa and its one-sided lower bound on at least one pair.

    A slice that is made `by_label` has no kappa: chance cannot be told in it.
    """
    observed = sum(one.equal for one in pairs) / len(pairs)
    chance = _by_chance(pairs)
    if chance >= 1 or by_label:
        return Agreement(slice=name, n=len(pairs), observed=observed, kappa=None, lower=None)
    kappa = (observed - chance) / (1 - chance)
    spread = NormalDist().inv_cdf(level) * math.sqrt(variance(pairs))
    lower = min(kappa - spread, _by_score(pairs, observed, chance, level))
    return Agreement(
        slice=name,
        n=len(pairs),
        observed=observed,
        kappa=max(-1.0, min(1.0, kappa)),
        lower=max(-1.0, min(1.0, lower)),
    )


def variance(pairs: Sequence[Pair]) -> float:
    """Of kappa, with families as the units; chance must not explain everything.

    With one case a family it equals Fleiss, Cohen and Everitt's large-sample variance.
    """
    n = len(pairs)
    observed = sum(one.equal for one in pairs) / n
    chance = _by_chance(pairs)
    left, right = _shares(pairs)
    families: dict[str, float] = defaultdict(float)
    for one in pairs:
        expected = right[one.first] + left[one.second]
        term = one.equal * (1 - chance) - (1 - observed) * expected
        families[one.family] += term - (observed * chance - 2 * chance + observed)
    squares = math.fsum(total * total for total in families.values())
    return squares / (n * n * (1 - chance) ** 4)


def _by_score(pairs: Sequence[Pair], observed: float, chance: float, level: float) -> float:
    """The lower end of the observed agreement, chance as it is; families count as they vary."""
    families: dict[str, list[bool]] = defaultdict(list)
    for one in pairs:
        families[one.family].append(one.equal)
    size = effective_size([(sum(hits), len(hits)) for hits in families.values()])
    lowest = wilson(observed * size, size, 2 * level - 1)[0]
    return (lowest - chance) / (1 - chance)


def _by_chance(pairs: Sequence[Pair]) -> float:
    left, right = _shares(pairs)
    return math.fsum(left[name] * right[name] for name in left)


def _shares(pairs: Sequence[Pair]) -> tuple[dict[str, float], dict[str, float]]:
    """The share of each class among the first labels, and among the second."""
    return _share(one.first for one in pairs), _share(one.second for one in pairs)


def _share(classes: Iterable[str]) -> dict[str, float]:
    counts = Counter(classes)
    total = sum(counts.values())
    return defaultdict(float, {name: count / total for name, count in counts.items()})
