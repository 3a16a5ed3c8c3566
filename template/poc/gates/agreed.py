"""R1 and R13: the contract in force, and the decision it promised."""

from datetime import timedelta

from poc.engine import signing
from poc.engine.contract import Contract
from poc.engine.goalposts import changes
from poc.engine.governance import SIGNOFFS
from poc.engine.yamlfile import parse
from poc.gates.ruling import Change, Said, note, passes, refuses

CRITERIA = "governance/criteria.yaml"
GRACE = timedelta(days=14)
# What still merges when the decision is overdue.
ALLOWED = ("fix", "decision")


def contract(change: Change) -> Said:
    """R1: what the files say is what was signed."""
    whole = change.governance
    if whole.charter.intent == "research":
        return passes("Research signs no contract.")
    old = signing.in_force(whole)
    if old is None:
        return note("No contract is in force yet; fill it in, then `poc lock`.")
    found = []
    for name in signing.edited(whole):
        what = _first_change(change, old) if name == CRITERIA else f"{name}:1: the scope"
        found.append(f'{what} differs from the contract in force: `poc amend --why "..."`.')
    for one in signing.signatures(whole):
        if one.state in ("missing", "outdated"):
            path = f"{SIGNOFFS.as_posix()}/{one.role}.yaml"
            found.append(f"{path} is {one.state}: `poc lock --renew`, then {one.person} approves.")
    if found:
        return refuses(*found)
    return passes(f"The contract {whole.ledger.in_force.body['contract'][:12]} is in force.")  # type: ignore[union-attr]


def _first_change(change: Change, old: Contract) -> str:
    """File, line and name of the first difference."""
    moved = changes(old, change.governance.contract)
    first = moved[0]
    more = f" and {len(moved) - 1} more" if moved[1:] else ""
    lines = parse(change.governance.root / CRITERIA, CRITERIA)[1]
    ids = [one.id for one in change.governance.contract.criteria]
    if first.criterion in ids:
        line = lines.get(("criteria", ids.index(first.criterion)), 1)
    else:
        line = lines.get((first.what.split(".")[0],), 1)
    return f"{CRITERIA}:{line}: {first.what}{more}"


def decision(change: Change) -> Said:
    """R13: two weeks after the agreed day somebody has decided."""
    whole, today = change.governance, change.where.today
    day = (signing.in_force(whole) or whole.contract).decision_date
    if whole.charter.intent == "research":
        return passes("Research waits for no decision.")
    if day is None:
        return note(f"{CRITERIA} has no decisionDate yet.")
    taken = whole.ledger.of("decision")
    final = [one for one in taken if one.body.get("decision") != "extend"]
    if final:
        return passes(f"{final[-1].body.get('decision')} was decided on {final[-1].at:%Y-%m-%d}.")
    if today <= day + GRACE:
        return passes(f"The decision is due on {day}.")
    if taken and taken[-1].at.date() > day:
        return note(f"Extended on {taken[-1].at:%Y-%m-%d}; move decisionDate by `poc amend`.")
    late = f"The decision was due on {day}, and {(today - day).days} days later there is none"
    if set(change.labels) & set(ALLOWED):
        return note(f"{late}; this is labelled {', '.join(change.labels)} and may pass.")
    return refuses(
        f"{late}: `poc verdict --decide`. Until then only changes labelled"
        f" {' or '.join(ALLOWED)} merge."
    )
