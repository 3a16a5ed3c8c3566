"""The chance that a share is shown by the planned cases, and what that means in a sentence."""

from typing import Literal, NamedTuple

from poc.engine.yamlfile import Strict
from poc.money.power import CHANCE, MOST, Rule, allowed, chance, fewest, needed


class CaseNeed(Strict):
    """What one share criterion needs in one slice. Shares are from 0 to 1, the rest are cases.

    `planned` is what the chance is reckoned with: the number under `plannedCases`, else the
    criterion's own `minSamples`. `needed` gives an 80 % chance of `met` if `expected` is true,
    and stays above it; None where no number up to 100,000 does. `least` is where a perfect result
    is just met, None where none ever is.
    """

    id: str
    dataset: str | None
    slice: str
    threshold: float
    expected: float | None
    planned: int | None
    needed: int | None
    least: int | None
    chance: float | None
    verdict: Literal["ok", "unlikely", "impossible"]
    sentence: str


class Question(NamedTuple):
    """One share to show. `at_least` is the contract's own minimum of cases."""

    rule: Rule
    expected: float | None
    planned: int | None
    at_least: int = 1
    name: str = ""


def answer(
    asked: Question, name: str = "", dataset: str | None = None, part: str = "all"
) -> CaseNeed:
    """Reckon one question through."""
    rule, expected = asked.rule, asked.expected
    fewest_ever, enough = fewest(rule, 0), None if expected is None else needed(rule, expected)
    least = None if fewest_ever is None else max(fewest_ever, asked.at_least)
    enough = None if enough is None else max(enough, asked.at_least)
    likely = None
    if expected is not None and asked.planned is not None:
        counts = asked.planned >= asked.at_least
        likely = chance(rule, asked.planned, expected) if counts else 0.0
    verdict, said = _verdict(asked, least, enough, likely)
    return CaseNeed(
        id=name,
        dataset=dataset,
        slice=part,
        threshold=rule.threshold,
        expected=expected,
        planned=asked.planned,
        needed=enough,
        least=least,
        chance=likely,
        verdict=verdict,
        sentence=said,
    )


def _verdict(
    asked: Question, least: int | None, enough: int | None, likely: float | None
) -> tuple[Literal["ok", "unlikely", "impossible"], str]:
    """What follows, and one sentence or two for people."""
    name, goal, planned = asked.name, _goal(asked.rule), asked.planned
    if least is None:
        return "impossible", (
            f"{name}no number of cases can show {goal}: a sample never proves that something"
            " holds without exception. Ask for a little less."
        )
    if planned is not None and planned < least:
        why = (
            f"the contract itself asks for {least:,} (minSamples)"
            if asked.at_least == least
            else f"to show {goal}, {least:,} are needed when nothing at all goes wrong"
        )
        return "impossible", (
            f"{name}with {planned:,} cases even a perfect result would not be enough; {why}. Plan"
            " more cases, or agree on another threshold before results are seen."
        )
    if asked.expected is None:
        cases = least if planned is None else planned
        wrong = allowed(asked.rule, cases)
        return "ok", (
            f"{name}with {cases:,} cases, {goal} is shown if"
            f" {f'no more than {wrong:,} go wrong' if wrong else 'none goes wrong'}; write what you"
            " expect to see (expected), and the chance is known."
        )
    return _with_expectation(asked, asked.expected, enough, likely)


def _with_expectation(
    asked: Question, expected: float, enough: int | None, likely: float | None
) -> tuple[Literal["ok", "unlikely"], str]:
    name, goal, seen = asked.name, _goal(asked.rule), percent(expected)
    beyond = (
        expected > asked.rule.threshold if asked.rule.higher else expected < asked.rule.threshold
    )
    if not beyond:
        return "unlikely", (
            f"{name}{seen} is expected, which is no better than {goal}; no number of cases will"
            " show it. Better the service, or agree on another threshold before results are seen."
        )
    if enough is None:
        return "unlikely", (
            f"{name}{seen} is so close to {goal} that more than {MOST:,} cases would be needed. A"
            " wider margin is cheaper than labels."
        )
    many = f"{enough:,} cases give {CHANCE:.0%}".replace("%", " %")
    if asked.planned is None or likely is None:
        return "ok", f"{name}to show {goal} when {seen} is true, {many}."
    told = (
        f"{name}with {asked.planned:,} cases the chance to show {goal} is {likelihood(likely)} when"
        f" {seen} is true"
    )
    return ("ok", f"{told}.") if likely >= CHANCE else ("unlikely", f"{told}; {many}.")


def _goal(rule: Rule) -> str:
    words = {"gte": "at least", "gt": "more than", "lte": "at most", "lt": "less than"}
    return f"{words[rule.op]} {percent(rule.threshold)}"


def percent(share: float) -> str:
    """A share as people write it: 0.975 as 97.5 %."""
    return f"{round(100 * share, 6):g} %"


def likelihood(share: float) -> str:
    """A chance in whole per cent, never rounded to certainty."""
    if 0 < share < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"
