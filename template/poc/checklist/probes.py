"""What the governance files, the ledger and git say about the items they can answer."""

from collections.abc import Callable

from poc.checklist.attestations import (
    BUDGET_FILE,
    BUDGET_ITEM,
    accepts_budget,
    budget_accepted,
)
from poc.checklist.catalogue import Item
from poc.checklist.decision_set import stands_for_production
from poc.checklist.ownership import owners_stand, worked_together
from poc.checklist.proof import Answer
from poc.checklist.words import View, refused, standing
from poc.engine import signing
from poc.money.budget import Budget
from poc.money.forecast import forecast

CHARTER = "governance/charter.yaml"
SENSITIVE = ("customer_pii", "special")


def signed_before_results(item: Item, view: View) -> Answer:
    """EVAL-2: the contract was signed before the first look at the decision set."""
    ledger = view.governance.ledger
    lock, look = ledger.original, next(iter(ledger.of("look")), None)
    if look is not None and (lock is None or look.seq < lock.seq):
        day = f"{look.at:%Y-%m-%d}"
        return Answer("fail", f"The decision set was scored on {day}, before any contract.")
    if lock is None:
        return Answer("unknown", "No contract is in force yet: fill it in, then `poc lock`.")
    signed = signing.signatures(view.governance)
    unsigned = [one.role for one in signed if one.state in ("missing", "outdated")]
    if unsigned:
        return Answer("fail", f"Not signed by {', '.join(unsigned)}: `poc lock --renew`.")
    told = f"first scored on {look.at:%Y-%m-%d}" if look else "not scored yet"
    return Answer("pass", f"Signed and locked on {lock.at:%Y-%m-%d}; the decision set was {told}.")


def budget_agreed(item: Item, view: View) -> Answer:
    """COST-2: the budget is whole, its time holds, and it was accepted before results."""
    whole = view.governance
    money = forecast(whole.contract.volume, whole.budget)
    uncovered = [*money.uncovered_areas, *unproven(view)]
    if uncovered:
        return Answer("fail", f"Without days or proof in {BUDGET_FILE}: {', '.join(uncovered)}.")
    if money.cost_ratio.band == "red" and not _earned(whole.budget):
        return Answer("fail", money.cost_ratio.sentence)
    if money.time_ratio.band == "red":
        return Answer("fail", money.time_ratio.sentence)
    accepted = budget_accepted(whole.budget, whole.owners, whole.attestations, view.where.today)
    if accepted is None:
        role = accepts_budget(whole.owners)
        why = refused(item, view) or "Nobody has accepted the budget as it stands"
        asked = whole.owners.role(role).person or "not named yet"
        return Answer(
            "unknown", f"{why}; {role} ({asked}) can: `poc score {item.id}` prints the entry."
        )
    look = next(iter(whole.ledger.of("look")), None)
    first = min(one.given for one in whole.attestations.attestations if one.item == BUDGET_ITEM)
    if look and look.at.date() < first:
        return Answer("fail", f"Accepted on {first}, after the first result on {look.at:%Y-%m-%d}.")
    return Answer("pass", f"{accepted.person} accepted it on {accepted.on}.", accepted.expires)


def unproven(view: View) -> list[str]:
    """Areas of the budget without days, and named as covered by items that do not pass."""
    lines = view.governance.budget.production.line_items
    return [
        area
        for area, line in lines.items()
        if not line.days
        and line.covered_by
        and any(view.outcomes.get(name) != "pass" for name in line.covered_by)
    ]


def _earned(budget: Budget) -> bool:
    """A low ratio is earned where proof stands in for days; a day of work still costs money."""
    lines = budget.production.line_items.values()
    return bool(budget.production.day_rate) and any(not one.days for one in lines)


def data_decided(item: Item, view: View) -> Answer:
    """COMP-2: the legal questions are answered in the charter, and privacy stands by it."""
    charter = view.governance.charter
    if not charter.risk_class:
        return Answer("fail", f"riskClass in {CHARTER} is empty: decide it.")
    if not charter.notice.strip():
        return Answer("fail", f"notice in {CHARTER} is empty: say how users are told.")
    policy = charter.data_policy
    for name, handling in policy.classes.items():
        if name in SENSITIVE and handling.retention_days is None:
            return Answer("fail", f"dataPolicy in {CHARTER} says no retentionDays for {name}.")
    if not policy.destinations:
        return Answer("fail", f"dataPolicy in {CHARTER} names no destination: say where data goes.")
    word = standing(item, view)
    if word is None:
        why = refused(item, view) or "The privacy owner has not confirmed the charter as it stands"
        return Answer("unknown", f"{why}: `poc score {item.id}` prints the entry.")
    return Answer("pass", f"{word.person} confirmed it on {word.given}.", word.expires)


PROBES: dict[str, Callable[[Item, View], Answer]] = {
    "DATA-2": stands_for_production,
    "EVAL-2": signed_before_results,
    "OWN-1": owners_stand,
    "OWN-2": worked_together,
    "COMP-2": data_decided,
    # Last: an area of the budget may be covered by any of the others.
    "COST-2": budget_agreed,
}
