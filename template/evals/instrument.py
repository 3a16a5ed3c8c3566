"""Measures the measure: scorers against people's labels, runs against each other, a bare guess.

The outcome goes to the checklist as EVAL-3 with every run on a labelled set of one's own.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from evals.dataset import EvalCase
from evals.evidence import SHARES, family_counts
from evals.result import Result
from evals.runner import Scoring
from evals.statistics import effective_size, wilson
from poc.engine.evidence import ItemOutcome

ITEM = "EVAL-3"
ONE_SIDED = 0.90  # its lower end is a one-sided 95 % bound


def examine(cases: Sequence[EvalCase], result: Result, scoring: Scoring) -> ItemOutcome:
    """Say whether these scores can be believed; the detail names the first reason why not."""
    answerable = [one for one in cases if one.quarantine is None]
    try:
        wrong = next(_scorer_faults(answerable, scoring), "")
        guess = _bare_guess(answerable, scoring)
    except Exception as error:  # the scorers are the team's own code
        wrong, guess = f"evals/scorers.py ends with {type(error).__name__} on people's labels.", 0.0
    if wrong:
        return ItemOutcome(item=ITEM, outcome="fail", detail=wrong)
    if result.subject.provider != "offline" and result.repeats < 2:
        return ItemOutcome(
            item=ITEM,
            outcome="unknown",
            detail="A model may answer otherwise the next time, and each case was run once: add"
            " REPEATS=3.",
        )
    least = _least(result)
    if least <= guess:
        return ItemOutcome(
            item=ITEM,
            outcome="fail",
            detail=f"Always giving the most common label is right in {guess:.0%} of the cases; the"
            f" service is in {least:.0%} at least, which is no more.",
        )
    told = f", {result.agreement:.0%} the same when run again" if result.agreement else ""
    return ItemOutcome(
        item=ITEM,
        outcome="pass",
        detail=f"The scorers follow people's labels on {len(answerable)} cases; right in"
        f" {least:.0%} at least against {guess:.0%} by the most common label{told}.",
    )


def _scorer_faults(cases: Sequence[EvalCase], scoring: Scoring) -> Iterator[str]:
    """A scorer has to accept what people said, and refuse what they said of another case."""
    if not cases:
        yield "There is no case that is to be answered."
        return
    decisive = scoring.DECISIVE
    denied = sum(not scoring.score(one.expected, one.expected)[decisive] for one in cases)
    if denied:
        yield f"evals/scorers.py calls people's own label wrong in {denied} of {len(cases)} cases."
    pairs = list(_unlike(cases, scoring))
    if not pairs:
        yield "All cases carry the same label, so nothing shows that the scorers can say no."
    passed = sum(scoring.score(one.expected, other.expected)[decisive] for one, other in pairs)
    if passed:
        yield (
            f"evals/scorers.py accepts the label of another case in {passed} of {len(pairs)} cases:"
            " it says yes to what is wrong."
        )


def _unlike(cases: Sequence[EvalCase], scoring: Scoring) -> Iterator[tuple[EvalCase, EvalCase]]:
    """Each case with the next one that people labelled otherwise."""
    labels = [scoring.label(one.expected) for one in cases]
    for i, one in enumerate(cases):
        for step in range(1, len(cases)):
            j = (i + step) % len(cases)
            if labels[j] != labels[i]:
                yield one, cases[j]
                break


def _bare_guess(cases: Sequence[EvalCase], scoring: Scoring) -> float:
    common = Counter(scoring.label(one.expected) for one in cases).most_common(1)
    return common[0][1] / len(cases) if common else 0.0


def _least(result: Result) -> float:
    """One-sided 95 % lower bound of the accuracy, for as many cases as the families are worth."""
    families = family_counts(result.outcomes, SHARES["accuracy"])
    hits, n = sum(k for k, _ in families), sum(m for _, m in families)
    if not n:
        return 0.0
    size = effective_size(families)
    return wilson(hits / n * size, size, ONE_SIDED)[0]
