"""`poc sample`: draw cases at random from real messages."""

import argparse
from datetime import date
from pathlib import Path
from typing import get_args

from evals import dataset
from poc.commands import Outcome
from poc.commands.tables import bullets, paragraph, table
from poc.engine import governance
from poc.engine.admissible import DECISION
from poc.engine.charter import DataClass
from poc.engine.digest import plain
from poc.engine.problems import Refused
from poc.engine.situation import situation
from poc.sets.candidates import Population
from poc.sets.manifest import DEVELOPMENT, NAME, Manifest, Origin, cases_of
from poc.sets.sampling import Wanted, replaceable, sample
from poc.sources import options as reading
from poc.sources.progress import Progress

CASES = {DEVELOPMENT: 300}
OTHERWISE = 300
SPARE = 0.02  # above the least agreed share: people who label move some cases


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    parser.add_argument("path", type=Path, help="a mailbox, an export, or a folder of them")
    parser.add_argument("--set", required=True, type=_name, help=f"{DEVELOPMENT} or {DECISION}")
    parser.add_argument(
        "--origin", required=True, choices=get_args(Origin), help="where the messages come from"
    )
    parser.add_argument(
        "--cases", type=int, metavar="N", help="by default as many as plannedCases of the contract"
    )
    parser.add_argument(
        "--from", dest="first", type=_day, metavar="DAY", help="the first day of the window"
    )
    parser.add_argument("--to", dest="last", type=_day, metavar="DAY", help="the last day of it")
    parser.add_argument("--seed", type=int, default=1, help="another one draws other cases")
    parser.add_argument("--edge-share", type=float, help="by default just above the agreed least")
    parser.add_argument(
        "--class",
        dest="data_class",
        choices=get_args(DataClass),
        help="of the data, by default the most sensitive of the charter",
    )
    parser.add_argument("--anew", action="store_true", help="replace a set that was drawn before")
    reading.add(parser)


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Draw the set, write cases and manifest, and say what was drawn of what."""
    whole = governance.load(root)
    try:
        register = dataset.load_register()
    except dataset.DatasetError as error:
        raise Refused(str(error)) from None
    wanted = _wanted(options, whole)
    replaceable(root, wanted.name, options.anew)
    progress = Progress()
    manifest, who = sample(
        root,
        options.path,
        wanted,
        reading.given(options),
        register,
        progress,
        situation(root).now,
    )
    progress.done()
    signs = any(one.signs for one in register.values())
    least = whole.contract.admissibility.decision_set.edge_share[0]
    return Outcome(_said(root, wanted, manifest, who, signs, least), plain(manifest))


def _wanted(options: argparse.Namespace, whole: governance.Governance) -> Wanted:
    planned = whole.contract.planned_cases.get(options.set)
    cases = options.cases or planned or CASES.get(options.set, OTHERWISE)
    if cases < 1:
        raise Refused("--cases: draw one case at least.")
    least = whole.contract.admissibility.decision_set.edge_share[0] + SPARE
    share = least if options.edge_share is None else options.edge_share
    if not 0 <= share < 1:
        raise Refused("--edge-share is a share from 0 to below 1, such as 0.2.")
    if options.first and options.last and options.first > options.last:
        raise Refused("--from is after --to; a window begins before it ends.")
    known = whole.charter.data_policy.classes
    every = get_args(DataClass)
    data_class = options.data_class or max(known, key=every.index, default="internal")
    if data_class not in known:
        raise Refused(
            f"The charter's dataPolicy does not name the class {data_class}, so such data may not"
            " be used. The privacy owner can add it to governance/charter.yaml."
        )
    return Wanted(
        options.set,
        cases,
        share,
        options.seed,
        options.first,
        options.last,
        options.origin,
        data_class,
    )


def _said(
    root: Path, wanted: Wanted, manifest: Manifest, who: Population, signs: bool, least: float
) -> str:
    place = cases_of(root, manifest.name).relative_to(root).as_posix()
    edges = sum(manifest.edges.values()) / manifest.cases
    rows = [(name, str(whole), str(drawn)) for name, (whole, drawn) in _languages(manifest)]
    lines = [
        f"{manifest.cases} cases of {manifest.population} distinct messages lie in {place}.",
        f"{manifest.method}",
        "",
        table(("language", "messages", "drawn by chance"), rows),
    ]
    if manifest.edges:
        lines += ["", "Edge cases among them:"]
        lines += [bullets([f"{name}: {count}" for name, count in manifest.edges.items()])]
    notes = [
        f"{who.duplicates} came twice or more; each counts once." if who.duplicates else "",
        f"{who.refused} messages the service would refuse were left out." if who.refused else "",
        f"{who.outside} lie outside of the window." if who.outside else "",
        f"{who.undated} carry no date and were left out." if who.undated else "",
        f"{wanted.cases} were asked for; there are no more." if _short(wanted, manifest) else "",
        "No category in evals/edges.toml names signs, so no edge cases could be looked for."
        if not signs
        else "",
        f"{edges:.0%} are edge cases by their signs, {least:.0%} at least are agreed: people can"
        " mark more of them while they label."
        if manifest.name == DECISION and edges < least
        else "",
        f"Kept apart from: {', '.join(manifest.apart)}." if manifest.apart else "",
    ]
    lines += ["", bullets([one for one in notes if one])] if any(notes) else []
    lines += [
        "",
        paragraph(
            f"The cases hold people's words as they came: {place} stays out of git and belongs"
            f" deleted when its time is over. Commit governance/sets/{manifest.name}.json."
        ),
        f"Next, have two people label them: poc label start {manifest.name}",
    ]
    return "\n".join(lines)


def _languages(manifest: Manifest) -> list[tuple[str, tuple[int, int]]]:
    sums: dict[str, tuple[int, int]] = {}
    for one in manifest.strata:
        name = one.name.partition(" ")[0]
        whole, drawn = sums.get(name, (0, 0))
        sums[name] = (whole + one.population, drawn + one.drawn)
    return sorted(sums.items(), key=lambda item: -item[1][0])


def _short(wanted: Wanted, manifest: Manifest) -> bool:
    return manifest.cases < wanted.cases


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("use lower case letters, digits and dashes")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"write the day as YYYY-MM-DD, not {text!r}") from None
