"""`poc plan`: how many labelled cases the contract needs."""

import argparse
from pathlib import Path

from poc.commands import Outcome
from poc.commands.numbers import confidence, count, positive, share
from poc.commands.tables import bullets, paragraph, table
from poc.engine.contract import Contract
from poc.engine.digest import plain
from poc.engine.problems import Exit
from poc.engine.yamlfile import read
from poc.money.answers import Question, answer, likelihood, percent
from poc.money.plan import CaseNeed, Labelling, labelling, needs, notes
from poc.money.power import Rule
from poc.sets.manifest import every

CRITERIA = "governance/criteria.yaml"
MINUTES = 1.5  # of one label, where nobody has measured it


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    label = parser.add_argument_group("labelling")
    label.add_argument("--people", type=count, default=2, help="who label each case (2)")
    label.add_argument(
        "--minutes", type=positive, help="for one case each (as measured on the pages, or else 1.5)"
    )
    one = parser.add_argument_group("one number, without a contract")
    one.add_argument("--threshold", type=share, help="the share to show, such as 0.9")
    one.add_argument("--expected", type=share, help="the share you expect to see, such as 0.95")
    one.add_argument("--cases", type=count, help="cases you plan to have")
    one.add_argument("--at-most", action="store_true", help="the threshold is an upper limit")
    one.add_argument("--confidence", type=confidence, help="over all looks, one-sided (0.95)")
    one.add_argument("--looks", type=count, help="how often the cases may be scored (3)")
    one.add_argument("--interval", choices=("wilson", "exact"), help="the kind of bound (wilson)")
    parser.set_defaults(usage=parser.error)


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Answer for the contract, or for the number given."""
    if options.threshold is not None:
        return _one(options)
    given = ("expected", "cases", "confidence", "looks", "interval")
    lonely = [name for name in given if getattr(options, name) is not None]
    if options.at_most or lonely:
        options.usage(f"--{'at-most' if options.at_most else lonely[0]} needs --threshold")
    contract = read(root / CRITERIA, Contract, CRITERIA)
    options.minutes = options.minutes or _measured(root) or MINUTES
    found = needs(contract)
    work = labelling(contract, found, options.people, options.minutes)
    musts = {one.id for one in contract.criteria if one.priority == "must"}
    refused = any(one.verdict == "impossible" and one.id in musts for one in found)
    data = {
        "confidencePerLook": contract.look_confidence,
        "needs": [plain(one) for one in found],
        "labelling": [plain(one) for one in work],
        "notes": notes(contract),
    }
    text = _said(contract, found, work, options)
    return Outcome(text, data, Exit.REFUSED if refused else Exit.OK)


def _one(options: argparse.Namespace) -> Outcome:
    looks, sure = options.looks or 3, options.confidence or 0.95
    rule = Rule(
        options.threshold,
        "lte" if options.at_most else "gte",
        1 - (1 - sure) / looks,
        options.interval or "wilson",
    )
    found = answer(Question(rule, options.expected, options.cases))
    sentence = found.sentence[:1].upper() + found.sentence[1:]
    terms = (
        f"Reckoned with {percent(sure)} confidence over {looks} look{'s' * (looks != 1)}"
        f" and the {rule.interval} bound."
    )
    code = Exit.REFUSED if found.verdict == "impossible" else Exit.OK
    return Outcome(f"{paragraph(sentence)}\n{paragraph(terms)}", plain(found), code)


def _said(
    contract: Contract, found: list[CaseNeed], work: list[Labelling], options: argparse.Namespace
) -> str:
    heads = (
        "id",
        "slice",
        "asked",
        "expected",
        "planned",
        "needed",
        "least",
        "chance",
        "can decide",
    )
    rows = [_row(contract, one) for one in found]
    lines = [
        table(heads, rows, right=range(2, len(heads) - 1)),
        "",
        paragraph(
            f"Confidence {percent(contract.confidence)} over {contract.max_looks} looks,"
            f" {contract.interval} bound. planned: as plannedCases says, else minSamples. needed:"
            " from there on the chance is 80 % or more. least: with fewer, even a perfect result"
            " shows nothing. Cases that resemble each other count as fewer."
        ),
        "",
        *(
            bullets([one.sentence for one in found if one.verdict == verdict], sign)
            for verdict, sign in (("impossible", "x"), ("unlikely", "!"))
        ),
        bullets([one.sentence for one in found if one.verdict == "ok" and one.chance is None]),
        bullets(notes(contract), "!"),
        *(_labels(one, options) for one in work),
    ]
    if all(one.verdict == "ok" for one in found):
        lines.append("The planned cases can decide every criterion that counts cases.")
    return "\n".join(line for i, line in enumerate(lines) if line or i in (1, 3))


def _row(contract: Contract, one: CaseNeed) -> tuple[str, ...]:
    criterion = contract.criterion(one.id)
    sign = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}
    return (
        one.id,
        one.slice,
        f"{sign[criterion.objective.op] if criterion else ''} {percent(one.threshold)}",
        "-" if one.expected is None else percent(one.expected),
        "-" if one.planned is None else f"{one.planned:,}",
        "-" if one.needed is None else f"{one.needed:,}",
        "never" if one.least is None else f"{one.least:,}",
        "-" if one.chance is None else likelihood(one.chance),
        one.verdict,
    )


def _measured(root: Path) -> float | None:
    """The median minutes of one label in the set with most of them timed."""
    paces = [
        pace
        for one in every(root)
        for pace in (one.labels.pace if one.labels else [])
        if pace.slice == "all" and pace.median
    ]
    most = max(paces, key=lambda pace: pace.n, default=None)
    return None if most is None else most.median / 60


def _labels(one: Labelling, options: argparse.Namespace) -> str:
    people = "1 person" if options.people == 1 else f"{options.people} people"
    told = (
        f"Labelling the {one.planned:,} planned cases of {one.dataset} takes"
        f" {_hours(one.hours_planned)} ({people}, {options.minutes:.2g} minutes each)"
    )
    if one.needed is not None and one.hours_needed is not None and one.needed != one.planned:
        told += f"; the {one.needed:,} needed ones {_hours(one.hours_needed)}"
    return paragraph(f"{told}.")


def _hours(hours: float) -> str:
    return "1 hour" if round(hours, 1) == 1 else f"{round(hours, 1):,g} hours"
