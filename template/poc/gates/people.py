"""R7, R10 and R11: people who answer for it, the money, and what was let through."""

from collections.abc import Sequence

from poc.checklist import codeowners, waivers
from poc.checklist.attestations import (
    FILE,
    NotApplicable,
    Waiver,
    accepts_budget,
    budget_accepted,
)
from poc.checklist.people import state, told
from poc.engine.owners import SIGNERS
from poc.engine.yamlfile import parse
from poc.gates.ruling import Change, Said, note, passes, refuses
from poc.money.forecast import forecast

OWNERS = "governance/owners.yaml"
LEAST_RATIO = 2


def signers(change: Change) -> Said:
    """R7: the four signers are people by name, and CODEOWNERS is in step."""
    whole, today = change.governance, change.where.today
    lines = parse(whole.root / OWNERS, OWNERS)[1]
    found = [
        f"{OWNERS}:{lines.get(('roles', name, 'person'), 1)}: {name}"
        f" {told(whole.owners, name, today)}."
        for name in SIGNERS
        if state(whole.owners, name, today) in ("vacant", "placeholder")
    ]
    apart = codeowners.out_of_step(whole.root, whole.owners, whole.charter)
    if apart:
        found.append(f"{apart[0].upper()}{apart[1:]}.")
    if not found:
        return passes("The four signers are named, and CODEOWNERS is in step.")
    return refuses(*found) if change.in_force else note(*found)


def budget(change: Change) -> Said:
    """R10: no hardening is left out of the money, and somebody accepted it."""
    whole = change.governance
    money = forecast(whole.contract.volume, whole.budget)
    if money.cost_ratio.value < LEAST_RATIO and money.uncovered_areas:
        return refuses(
            f"governance/budget.yaml: production costs {money.cost_ratio.value:.1f} times the proof"
            f" of concept, and {', '.join(money.uncovered_areas)} has neither days nor proof."
        )
    accepted = budget_accepted(whole.budget, whole.owners, whole.attestations, change.where.today)
    if accepted:
        return passes(f"{accepted.person} accepted the budget; it holds until {accepted.expires}.")
    role = accepts_budget(whole.owners)
    asked = f"Nobody has accepted governance/budget.yaml as it stands; {role} can: `poc cost`."
    return refuses(asked) if change.in_force else note(asked)


def let_through(change: Change) -> Said:
    """R11: what waits, waits for a short time and by the word of the risk owner.

    Raises `InvalidFile` when an entry names an item that does not exist.
    """
    whole, today = change.governance, change.where.today
    waivers.known_items(whole)
    said = whole.attestations
    lines = parse(whole.root / FILE, FILE)[1]
    items = {one.id: one for one in (*whole.checklist.items, *said.custom)}
    found = []
    every: dict[str, Sequence[Waiver | NotApplicable]] = {
        "waivers": said.waivers,
        "notApplicable": said.not_applicable,
    }
    for key, entries in every.items():
        newest = {one.item: index for index, one in enumerate(entries)}
        for index, one in enumerate(entries):
            place = f"{FILE}:{lines.get((key, index), 1)}: {one.item}"
            item = items.get(one.item)
            if item is not None and not item.waivable:
                found.append(f"{place} can be neither waived nor left out; remove the entry.")
            elif newest[one.item] == index and (why := waivers.problem(one, whole.owners, today)):
                found.append(f"{place}: the entry {why}; do the item, or remove the entry.")
    for name in waivers.too_often(said):
        found.append(f"{FILE}: {name} was renewed once already; do it, or take it out of scope.")
    for name in waivers.too_long(said, whole.ledger.of("score"), today):
        if name not in waivers.too_often(said):
            found.append(f"{FILE}: {name} has been waived for over two waivers' time; do it.")
    if found:
        return refuses(*found)
    return passes(f"Waivers: {len(said.waivers)}. Items left out: {len(said.not_applicable)}.")
