"""`poc next`: what to do now, and who."""

import argparse
from pathlib import Path

from poc.checklist.scorecard import score
from poc.commands import Outcome
from poc.commands.tables import bullets, paragraph
from poc.engine import evidence, governance, signing
from poc.engine.readiness import Point, before_lock, who
from poc.engine.situation import Situation, situation
from poc.engine.verdict import reach
from poc.sets.road import next_step

SHOWN = 7


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    parser.add_argument("--all", action="store_true", help=f"show all, not the first {SHOWN}")


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """List what is open in the order in which it helps, with the person who has to act."""
    where = situation(root)
    whole = governance.load(root)
    head, points = steps(whole, evidence.load(root), where)
    chosen = points if options.all else points[:SHOWN]
    lines = [paragraph(head)]
    people = list(dict.fromkeys(one.who for one in chosen))
    for person in people:
        lines += [f"{person}:"]
        lines += [bullets([f"{p.what}  [{p.where}]" for p in chosen if p.who == person])]
    if len(points) > len(chosen):
        lines.append(f"And {len(points) - len(chosen)} more: poc next --all")
    return Outcome("\n".join(lines), {"head": head, "steps": [one._asdict() for one in points]})


def steps(
    whole: governance.Governance, records: list[evidence.Record], where: Situation
) -> tuple[str, list[Point]]:
    """The stage the project is in, in a sentence, and all that is open."""
    if whole.charter.intent == "research":
        return (
            "This is research: nothing to sign, no verdict. Learn something and write it down.",
            [],
        )
    step = next_step(whole)
    data = [] if step is None else [step]
    if whole.ledger.in_force is None:
        points = before_lock(whole, where.today)
        if not points:
            point = Point(
                "Print the contract, sign it together, put it in force: poc contract, poc lock.",
                who(whole, "sponsor"),
                "governance/",
            )
            return "Everything a contract needs is there.", [point, *data]
        return (
            "The contract is a draft. A kickoff meeting of two hours fills it: poc kickoff. The"
            " next step with the data, and what is open before it can be put in force:"
        ), [*data, *points]
    return _after_lock(whole, records, where, data)


def _after_lock(
    whole: governance.Governance,
    records: list[evidence.Record],
    where: Situation,
    data: list[Point],
) -> tuple[str, list[Point]]:
    verdict = reach(whole, records, where)
    points = [
        Point(
            f"{name} was changed since the lock: poc amend --why ...", who(whole, "sponsor"), name
        )
        for name in signing.edited(whole)
    ]
    for one in verdict.signatures:
        if one.state in ("missing", "outdated"):
            where_to = f"{governance.SIGNOFFS.as_posix()}/{one.role}.yaml"
            points.append(
                Point(
                    "Sign the contract in force: poc lock --renew.", who(whole, one.role), where_to
                )
            )
    points += data
    for finding in verdict.findings:
        if finding.state != "met" and finding.priority == "must":
            text = f"{finding.id} {finding.statement} {finding.reason}"
            points.append(Point(text, who(whole, finding.owner), "governance/criteria.yaml"))
    card = score(whole, records, where)
    for item in card.items:
        if item.id in card.next_level_missing and item.in_release:
            text = f"{item.id} {item.detail or item.statement}"
            points.append(Point(text, who(whole, item.owner), "governance/checklist.yaml"))
    coming = [i.id for i in card.items if i.id in card.next_level_missing and not i.in_release]
    head = f"The contract is in force; the verdict is {verdict.word}, the level is {card.level}."
    if coming:
        head += f" {len(coming)} items of the next level are not in this release."
    return head, points
