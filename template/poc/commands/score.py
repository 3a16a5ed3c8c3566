"""`poc score`: score the production checklist by evidence."""

import argparse
from pathlib import Path

from poc.checklist.scorecard import Scorecard, areas, score
from poc.commands import Outcome
from poc.commands.tables import bullets, paragraph, table
from poc.engine import evidence, governance
from poc.engine.digest import plain
from poc.engine.readiness import who
from poc.engine.situation import Situation, situation

NEXT = {"none": "poc", "poc": "pilot", "pilot": "production"}
SIGNS = {
    "pass": "v pass",
    "fail": "x fail",
    "unknown": "? unknown",
    "stale": "? stale",
    "waived": "~ waived",
    "not_applicable": "  not applicable",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    parser.add_argument("item", nargs="?", metavar="ITEM", help="explain one item, such as AUTH-1")
    parser.add_argument(
        "--weekly",
        action="store_true",
        help="in CI: add this week's line to the ledger and write governance/status/",
    )


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Score, explain one item, or take the week's line."""
    where = situation(root)
    whole, records = governance.load(root), evidence.load(root)
    if options.weekly:
        from poc.checklist.weekly import take

        return Outcome(*take(whole, records, where))
    card = score(whole, records, where)
    if options.item:
        from poc.checklist.explaining import explain

        return Outcome(*explain(whole, card, options.item, where))
    return Outcome(said(whole, card, where), plain(card))


def said(whole: governance.Governance, card: Scorecard, where: Situation) -> str:
    """The whole checklist for a terminal, and who has to do what for the next level."""
    head = "Preview on this machine: the official score comes from CI."
    if where.official:
        head = f"CI run {where.run}, commit {where.commit[:12]}."
    rows = [
        (one.id, one.level, SIGNS[one.outcome], f"{one.weight:g}", one.detail) for one in card.items
    ]
    lines = [head, "", table(("item", "level", "outcome", "weight", "detail"), rows, right=(3,))]
    return "\n".join([*lines, "", summary(card), *_missing(whole, card)])


def summary(card: Scorecard) -> str:
    """Level, then weakest area, then score: in this order they say most."""
    lowest = [name for name, value in areas(card.items).items() if value == card.weakest_score]
    also = f" (so are {', '.join(lowest[1:])})" if lowest[1:] else ""
    star = "*, carried by a waiver" if card.starred else ""
    return paragraph(
        f"Level {card.level}{star}. Weakest area {card.weakest_area} at"
        f" {card.weakest_score:.0f} %{also}. Score {card.score:.1f} %."
    )


def _missing(whole: governance.Governance, card: Scorecard) -> list[str]:
    if not card.next_level_missing:
        return []
    by_person: dict[str, list[str]] = {}
    coming = []
    for name in card.next_level_missing:
        item = card.item(name)
        if item is None or item.in_release:
            owner = who(whole, item.owner) if item else ""
            by_person.setdefault(owner, []).append(name)
        else:
            coming.append(name)
    told = [f"{person}: {', '.join(names)}" for person, names in by_person.items()]
    if coming:
        told.append(f"Not in this release: {', '.join(coming)}")
    level = NEXT[card.level]
    count = len(card.next_level_missing)
    items = "1 item" if count == 1 else f"{count} items"
    return [f"Missing for level {level}: {items}.", bullets(told), "One item: poc score ITEM"]
