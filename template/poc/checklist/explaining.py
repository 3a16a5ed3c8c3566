"""One item explained: what it asks, why, what proves it, who can speak for it, how it can wait."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from poc.checklist.attestations import BUDGET_ITEM, FILE, WAIVER_DAYS, block, budget_block
from poc.checklist.catalogue import Item
from poc.checklist.points import WORD
from poc.checklist.proof import RECORDS
from poc.checklist.scorecard import ItemScore, Scorecard
from poc.checklist.words import digests
from poc.commands.tables import bullets, paragraph
from poc.engine.admissible import deployed
from poc.engine.digest import plain
from poc.engine.governance import Governance
from poc.engine.owners import RoleName
from poc.engine.problems import Exit, PocError
from poc.engine.readiness import who
from poc.engine.situation import Situation


class NoSuchItem(PocError):
    """The command line names an item that does not exist."""

    code = Exit.USAGE


def explain(
    whole: Governance, card: Scorecard, name: str, where: Situation
) -> tuple[str, dict[str, Any]]:
    """Everything about one item, for people and for programs. Raises `NoSuchItem`."""
    every = [*whole.checklist.items, *whole.attestations.custom]
    item = next((one for one in every if one.id == name.upper()), None)
    scored = card.item(name.upper())
    if item is None or scored is None:
        raise NoSuchItem(f"There is no item {name}; `poc score` lists them.")
    word = entry(item, whole, where.today)
    lines = [
        f"{item.id} - {scored.outcome.replace('_', ' ')}, level {item.level}, weight"
        f" {item.weight:g}",
        paragraph(item.statement),
        paragraph(f"Why: {item.why}"),
        paragraph(f"Now: {scored.detail}"),
        f"Who acts: {who(whole, item.owner)}",
        paragraph(f"What proves it: {_evidence(item)}"),
        *([paragraph(f"Also asked by: {', '.join(item.refs)}")] if item.refs else []),
        *_word(item, word),
        *_waiver(item, scored, whole, where.today),
    ]
    return "\n".join(lines), {"item": plain(item), "score": plain(scored), "entry": word}


def entry(item: Item, whole: Governance, today: date) -> str:
    """The attestation to paste; empty where none counts, or a file it is about is missing."""
    if item.attest is None or not item.in_release:
        return ""
    if item.id == BUDGET_ITEM:
        return budget_block(whole.budget, whole.owners, today)
    current = digests(whole, deployed(whole.root).behaviour)
    about = {name: current(name) for name in item.attest.about}
    if not all(about.values()):
        return ""
    role: RoleName = next(
        (one for one in item.attest.by if whole.owners.role(one).named), item.attest.by[0]
    )
    person = whole.owners.role(role).person
    return block(item.id, role, person, about, today, item.attest.days)


def _evidence(item: Item) -> str:
    if item.probe is None:
        return "a person's word." if item.in_release else "nothing in this release."
    if item.probe.kind == "governance":
        return "the files of governance/, the ledger and git's history, read each time."
    name, command = RECORDS[item.probe.kind]
    told = f"`{command}` writes build/evidence/{name}.json"
    if item.probe.modules:
        told += f"; tests marked with {item.id} have to pass in {', '.join(item.probe.modules)}"
    return f"{told}."


def _word(item: Item, word: str) -> Iterator[str]:
    if item.attest is None or not item.in_release:
        return
    by = " or ".join(item.attest.by)
    if not word:
        yield paragraph(f"To confirm it ({by}): first write {', '.join(item.attest.about)}.")
        return
    computed = item.probe is not None and item.probe.kind != "governance"
    worth = f" It gives {WORD:.0%} of the points while no run answers." if computed else ""
    yield paragraph(f"To confirm it ({by}), paste below `attestations:` in {FILE}.{worth}")
    yield word


def _waiver(item: Item, scored: ItemScore, whole: Governance, today: date) -> Iterator[str]:
    if not item.waivable:
        yield "It cannot be waived."
    elif scored.outcome != "pass":
        yield paragraph(
            f"To let it wait ({who(whole, 'risk')}), for {WAIVER_DAYS} days and no points, paste"
            f" below `waivers:` in {FILE}:"
        )
        by = json.dumps(whole.owners.role("risk").person or "NAME OF risk", ensure_ascii=False)
        yield "\n".join(
            [
                f"  - item: {item.id}",
                "    reason: scheduled",
                '    why: "what happens when"',
                f"    by: {by}",
                f"    given: {today}",
                f"    until: {today + timedelta(WAIVER_DAYS)}",
            ]
        )
        yield bullets(
            ["other reasons: vendor-limit, compensating-control, out-of-scope-this-phase"]
        )
