"""The classes that people's labels fall into, and the slices they are counted by."""

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from app.records.labels.models import Label
from evals import scorers, slices
from evals.dataset import EvalCase
from evals.statistics import quantile
from poc.labels.agreement import Pair
from poc.sets.manifest import Pace

NOTHING = "(nothing to answer)"


def class_of(label: Label) -> str:
    """The class that decides, as the team's scorers name it.

    Who is unsure agrees with nobody, not even with somebody else who is: the place tells them
    apart.
    """
    if label.said == "unsure":
        return f"(unsure {label.place})"
    if label.said == "nothing":
        return NOTHING
    try:
        return scorers.label(label.value)
    except (KeyError, TypeError):
        # The scorers look at more than what people label: the whole label is the class.
        return json.dumps(label.value, sort_keys=True)


def slices_of(case: EvalCase) -> list[str]:
    """The slices of a case as the team names them; none when a tag they need is not there."""
    try:
        return [f"{name}={value}" for name, value in slices.slices(case).items()]
    except (KeyError, TypeError):
        return []


def pairs_by_slice(
    cases: Mapping[str, EvalCase], given: Mapping[str, Mapping[int, Label]]
) -> dict[str, list[Pair]]:
    """The first two labels of each case that has both: of all, then by slice.

    A case that is not settled counts in the slices it is in by either label, such as those of its
    language, and in none that depends on what it is.
    """
    found: dict[str, list[Pair]] = defaultdict(list)
    for id, labels in given.items():
        first, second = labels.get(1), labels.get(2)
        if first is None or second is None:
            continue
        case = cases[id]
        pair = Pair(case.family, class_of(first), class_of(second))
        names = slices_of(case) if case.expected else _either(case, first, second)
        for name in ("all", *names):
            found[name].append(pair)
    return dict(sorted(found.items(), key=lambda one: (one[0] != "all", one[0])))


def made_of_labels(
    cases: Mapping[str, EvalCase], given: Mapping[str, Mapping[int, Label]]
) -> set[str]:
    """The slices that a label puts a case into, such as one for each class.

    Nobody can disagree by chance in them, so their kappa would say nothing.
    """
    values = {class_of(one): one.value for labels in given.values() for one in labels.values()}
    made: set[str] = set()
    for case in cases.values():
        seen = Counter(
            name
            for value in values.values()
            for name in slices_of(case.model_copy(update={"expected": value}))
        )
        made |= {name for name, ways in seen.items() if ways < len(values)}
    return made


def _either(case: EvalCase, first: Label, second: Label) -> list[str]:
    ways = [case.model_copy(update={"expected": one.value}) for one in (first, second)]
    by_second = slices_of(ways[1])
    return [name for name in slices_of(ways[0]) if name in by_second]


def pace(labels: Sequence[Label], cases: Mapping[str, EvalCase]) -> list[Pace]:
    """Median and 90th percentile of the seconds of timed labels, for all and by slice."""
    timed: dict[str, list[float]] = defaultdict(list)
    for one in labels:
        if one.seconds is not None:
            for name in ("all", *slices_of(cases[one.case_id])):
                timed[name].append(one.seconds)
    return [
        Pace(
            slice=name,
            n=len(seconds),
            median=round(statistics.median(seconds), 1),
            p90=round(quantile(seconds, 0.9) or 0.0, 1),
        )
        for name, seconds in sorted(timed.items(), key=lambda one: (one[0] != "all", one[0]))
    ]
