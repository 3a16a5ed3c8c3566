"""How many labelled cases the contract needs, and whether the planned ones can decide it."""

import math
import re
from collections.abc import Iterator

from poc.engine.contract import SHARES, Contract, Criterion
from poc.engine.yamlfile import Strict
from poc.money.answers import CaseNeed, Question, answer
from poc.money.power import Rule

__all__ = ["CaseNeed", "Labelling", "labelling", "least_for_quantile", "needs", "notes"]


class Labelling(Strict):
    """Hours of work to label a dataset, for the planned cases and for those needed."""

    dataset: str
    planned: int
    needed: int | None
    hours_planned: float
    hours_needed: float | None


def needs(contract: Contract) -> list[CaseNeed]:
    """What every share criterion needs, by slice."""
    return [
        answer(_question(contract, one, part), one.id, one.indicator.dataset, part)
        for one in contract.criteria
        if one.type in SHARES
        for part in one.indicator.slices
    ]


def labelling(
    contract: Contract, found: list[CaseNeed], people: int = 2, minutes: float = 1.5
) -> list[Labelling]:
    """Hours to label each dataset: cases x people x minutes.

    Slices of one key, such as lang=de and lang=fr, share no cases, so their needs add up.
    """
    result = []
    for dataset in dict.fromkeys(one.dataset for one in found if one.dataset):
        rows = [one for one in found if one.dataset == dataset]
        planned = contract.planned_cases.get(dataset, max(one.planned or 0 for one in rows))
        wanted = None if any(one.needed is None for one in rows) else _together(rows)
        hours = people * minutes / 60
        result.append(
            Labelling(
                dataset=dataset,
                planned=planned,
                needed=wanted,
                hours_planned=planned * hours,
                hours_needed=None if wanted is None else wanted * hours,
            )
        )
    return result


def notes(contract: Contract) -> list[str]:
    """What is odd about the plan: names that belong to nothing, percentiles without a bound."""
    return [*_unknown(contract), *_unbounded(contract)]


def least_for_quantile(share: float, confidence: float) -> int:
    """The fewest measurements whose largest one bounds this quantile from above.

    The largest of n lies above it with probability 1 - share^n (Conover, 1999, 3.2).
    """
    return math.ceil(math.log(1 - confidence) / math.log(share) - 1e-9)


def _unknown(contract: Contract) -> Iterator[str]:
    known = {
        key
        for one in contract.criteria
        for part in one.indicator.slices
        for key in _keys(one, part)
    }
    for name in contract.planned_cases:
        if name not in known:
            yield (
                f"plannedCases names {name}, which belongs to no criterion; write a dataset or a"
                " criterion, with /slice where it is for one slice."
            )


def _unbounded(contract: Contract) -> Iterator[str]:
    for one in contract.criteria:
        found = re.search(r"_p(\d\d)(_|$)", one.indicator.metric)
        asked = one.objective.min_samples
        if found and asked and int(found[1]):
            least = least_for_quantile(int(found[1]) / 100, contract.look_confidence)
            if asked < least:
                yield (
                    f"{one.id}: {asked:,} measurements (minSamples) have no bound on their"
                    f" {found[1]}th percentile; {least:,} have."
                )


def _question(contract: Contract, one: Criterion, part: str) -> Question:
    goal = one.objective
    at_least = goal.min_samples or 1
    planned = next(
        (contract.planned_cases[key] for key in _keys(one, part) if key in contract.planned_cases),
        at_least,
    )
    rule = Rule(goal.value, goal.op, contract.look_confidence, contract.interval)
    name = f"{one.id}: " if part == "all" else f"{one.id} ({part}): "
    return Question(rule, goal.expected, planned, at_least, name)


def _keys(one: Criterion, part: str) -> Iterator[str]:
    """Where `plannedCases` may name the cases: for the criterion, else for its dataset."""
    for name in (one.id, one.indicator.dataset):
        if name:
            yield name if part == "all" else f"{name}/{part}"


def _together(rows: list[CaseNeed]) -> int:
    """The fewest cases that hold as many of each slice as it needs."""
    by_slice: dict[str, int] = {}
    for one in rows:
        by_slice[one.slice] = max(by_slice.get(one.slice, 0), one.needed or 0)
    by_key: dict[str, int] = {}
    for part, cases in by_slice.items():
        key = part.partition("=")[0]
        by_key[key] = by_key.get(key, 0) + cases
    return max(by_key.values())
