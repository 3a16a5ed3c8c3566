"""`poc baseline`: how it is done today, measured or reported."""

import argparse
from pathlib import Path
from typing import Any

from evals import scorers
from poc.commands import Outcome, everywhere
from poc.commands.tables import bullets, paragraph
from poc.engine import governance
from poc.engine.governance import Governance
from poc.engine.problems import Refused
from poc.engine.situation import situation
from poc.labels.collecting import study
from poc.sets import cases as sets
from poc.sets import today
from poc.sets.today import PATH, Reported, Study, Today

LEAST = 20  # cases; fewer say nothing


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    ways = parser.add_subparsers(dest="way", metavar="way")
    one = ways.add_parser(
        "study",
        parents=[everywhere()],
        help="take over a timed study that was done on the label pages",
    )
    one.add_argument("set", help="the set whose settled labels say what is right")
    one.add_argument("round", help="the round, as in: poc label start SET --study ROUND")
    other = ways.add_parser(
        "import",
        parents=[everywhere()],
        help="take over figures from elsewhere, with their source",
    )
    other.add_argument("--accuracy", type=float, required=True, metavar="SHARE", help="such as 0.9")
    other.add_argument("--cases", type=int, required=True, help="on how many cases")
    other.add_argument("--minutes", type=float, help="that one case takes a person")
    other.add_argument("--source", required=True, help="where the figures stand, for a reader")


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Take figures over, or show those there are."""
    whole = governance.load(root)
    where = situation(root)
    if options.way == "study":
        found = Today(measured_on=where.today, study=_study(root, options.set, options.round))
        today.save(root, found)
    elif options.way == "import":
        found = Today(measured_on=where.today, reported=_reported(options))
        today.save(root, found)
    else:
        known = today.load(root)
        if known is None:
            raise Refused(
                "Nobody has said yet how it is done today. Measure it on the label pages: poc label"
                " start SET --study ROUND, then: poc baseline study SET ROUND. Or take figures"
                " over: poc baseline import --help"
            )
        found = known
    return Outcome(_said(found, whole), _data(found))


def _study(root: Path, name: str, round_name: str) -> Study:
    """Hold what people said in the study against the settled labels of the same cases."""
    manifest, cases = sets.labelled(root, name)
    truth = {one.id: one for one in cases}
    right: dict[str, bool] = {}
    seconds: list[float] = []
    people: set[str] = set()
    for case_id, value, took, person in study(root, round_name):
        case = truth.get(case_id)
        if case is None:
            raise Refused(
                f"The round {round_name} holds {case_id}, which is no case of {name}: it belongs to"
                " another set."
            )
        people.add(person)
        right[case_id] = _right(value, case.expected)
        if took is not None:
            seconds.append(round(took, 1))
    if len(right) < LEAST:
        raise Refused(
            f"{len(right)} cases of the round {round_name} are done; {LEAST} are the fewest that"
            " say anything."
        )
    return Study(
        set=name,
        digest=manifest.digest,
        round=round_name,
        people=len(people),
        right=dict(sorted(right.items())),
        seconds=seconds,
    )


def _right(said: Any, expected: Any) -> bool:  # noqa: ANN401 - the use case's own mappings
    """As an answer of the service would be judged; "nothing to answer" has to agree."""
    if "quarantined" in said or "quarantined" in expected:
        return ("quarantined" in said) == ("quarantined" in expected)
    return scorers.score(expected, said)[scorers.DECISIVE]


def _reported(options: argparse.Namespace) -> Reported:
    try:
        return Reported(
            accuracy=options.accuracy,
            cases=options.cases,
            minutes=options.minutes,
            source=options.source.strip(),
        )
    except ValueError:
        raise Refused(
            "--accuracy is a share from 0 to 1, --cases and --minutes are above 0, and --source"
            " says in ten characters or more where the figures stand."
        ) from None


def _said(found: Today, whole: Governance) -> str:
    hits, cases = found.counts
    low, high = found.interval
    lines = [
        f"Today: right in {hits / cases:.1%} of {cases} cases ({low:.1%} to {high:.1%}),"
        f" {_minutes(found)}.",
        f"Source: {found.source}, {found.measured_on}.",
    ]
    follows = [*_beside_contract(found, whole), *_beside_budget(found, whole)]
    if follows:
        lines += ["", "What follows:", bullets(follows)]
    if found.study is None:
        lines += [
            "",
            paragraph("These were other cases, so a comparison with the service is a rough one."),
        ]
    lines += ["", f"It stands in {PATH}; commit it."]
    return "\n".join(lines)


def _minutes(found: Today) -> str:
    if found.minutes is None:
        return "nobody took the time"
    low, high = found.minutes_interval
    told = f" ({low:.1f} to {high:.1f})" if low is not None and high is not None else ""
    return f"{found.minutes:.1f} minutes each{told}"


def _beside_contract(found: Today, whole: Governance) -> list[str]:
    hits, cases = found.counts
    low, high = found.interval
    told = []
    for one in whole.contract.criteria:
        if one.type == "quality" and one.indicator.metric in ("auto_precision", "accuracy"):
            value = one.objective.value
            if value < low:
                told.append(
                    f"{one.id} asks for {value:.0%}, which is less than people reach today"
                    f" ({hits / cases:.0%}): users would get worse answers than they do now."
                )
            elif value > high:
                told.append(
                    f"{one.id} asks for {value:.0%}, which people do not reach themselves"
                    f" ({hits / cases:.0%})."
                )
    return told


def _beside_budget(found: Today, whole: Governance) -> list[str]:
    if found.minutes is None:
        return []
    stated = whole.budget.benefit.minutes_saved
    low, high = found.minutes_interval
    if low is not None and high is not None and low <= stated <= high:
        return [f"minutesSaved in governance/budget.yaml ({stated:g}) agrees with it."]
    return [
        f"governance/budget.yaml reckons with {stated:g} minutesSaved, measured are"
        f" {found.minutes:.1f}: change it there, and see `poc cost`."
    ]


def _data(found: Today) -> dict[str, Any]:
    hits, cases = found.counts
    return {
        "measuredOn": found.measured_on.isoformat(),
        "right": hits,
        "cases": cases,
        "accuracy": hits / cases,
        "interval": list(found.interval),
        "minutes": found.minutes,
        "minutesInterval": list(found.minutes_interval),
        "source": found.source,
    }
