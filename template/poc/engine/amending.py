"""Locks and amends: the two ways a contract comes into force."""

from collections.abc import Sequence
from typing import Any

from poc.engine import ledger, signing
from poc.engine.admissible import DECISION
from poc.engine.contract import MONEY, Contract
from poc.engine.evidence import Record
from poc.engine.goalposts import Change, changes
from poc.engine.governance import Governance
from poc.engine.ledger import Entry
from poc.engine.owners import RoleName
from poc.engine.problems import Refused
from poc.engine.readiness import PASSED, Point, before_lock, people
from poc.engine.situation import Situation

# Both have to agree to a contract that asks for less once results are known.
APPROVERS: tuple[RoleName, ...] = ("sponsor", "risk")
# Words around a criterion move no goalpost.
_WORDS = ("statement", "rationale", "expected", "owner", "decision", "hypothesis")


def refusal(points: Sequence[Point]) -> Refused:
    """The open points as one refusal."""
    lines = [f"  {one.what}  [{one.who}; {one.where}]" for one in points]
    count = "1 point is" if len(points) == 1 else f"{len(points)} points are"
    return Refused(f"Not in force yet: {count} open.", *lines)


def lock(governance: Governance, by: str, where: Situation) -> Entry:
    """Put the first contract in force and write the sign-offs. Raises `Refused`.

    The caller holds `ledger.writing` and has read the governance files within it.
    """
    none_in_force(governance)
    points = before_lock(governance, where.today)
    if points:
        raise refusal(points)
    body = signing.agreement(governance.contract, governance.charter)
    return _in_force(governance, "lock", body, by, where)


def none_in_force(governance: Governance) -> None:
    """Raise `Refused` once a contract is in force."""
    entry = governance.ledger.in_force
    if entry is None:
        return
    if signing.edited(governance):
        raise Refused("A contract is in force already; change it with: poc amend --why ...")
    did = "locked" if entry.event == "lock" else "amended"
    raise Refused(f"This contract is in force already: {entry.by} {did} it on {entry.at:%Y-%m-%d}.")


def renew(governance: Governance, where: Situation) -> None:
    """Write the sign-offs of the contract in force anew, for new people in the roles."""
    entry = governance.ledger.in_force
    if entry is None:
        raise Refused("No contract is in force; say: poc lock")
    if signing.edited(governance):
        raise Refused("The contract was changed since it was locked; say: poc amend --why ...")
    points = list(people(governance, where.today))
    if points:
        raise refusal(points)
    signing.sign_off(governance.root, governance.owners, entry.body["contract"], where.today)


def amend(
    governance: Governance,
    records: list[Record],
    why: str,
    by: str,
    approved_by: Sequence[RoleName],
    where: Situation,
) -> Entry:
    """Put the changed contract in force, and record what moved and whether results were known.

    The caller holds `ledger.writing`. Raises `Refused` when nothing changed, when a precondition
    does not hold, or when less is asked for after results without both approvers.
    """
    old = signing.in_force(governance)
    entry = governance.ledger.in_force
    if old is None or entry is None:
        raise Refused("No contract is in force; say: poc lock")
    moved = described(governance, old, records)
    if not moved:
        raise Refused("Nothing changed against the contract in force.")
    late = [
        one["what"]
        for one in moved
        if not one["blind"]
        and one["kind"] not in ("tightened", "added")
        and one["what"].rpartition(" ")[2] not in _WORDS
        and not one["what"].startswith("plannedCases.")
    ]
    missing = [role for role in APPROVERS if role not in approved_by]
    if late and missing:
        flags = " ".join(f"--approved-by {role}" for role in APPROVERS)
        raise Refused(
            f"Results were known before this change: {', '.join(late)}.",
            f"Such a change needs the agreement of {' and '.join(missing)}, and stands on the"
            f" verdict page. Once they agree, add: {flags}",
        )
    points = before_lock(governance, where.today)
    points = [one for one in points if not one.what.startswith(PASSED)]
    if points:
        raise refusal(points)
    body = signing.agreement(governance.contract, governance.charter) | {
        "before": entry.body["contract"],
        "changes": moved,
        "why": why,
        "approvedBy": list(approved_by),
    }
    return _in_force(governance, "amend", body, by, where)


def _in_force(
    governance: Governance, event: ledger.Event, body: dict[str, Any], by: str, where: Situation
) -> Entry:
    """The line first: sign-offs of a line that was refused would outdate those in force."""
    entry = ledger.append_held(governance.root, event, body, by, where)
    signing.sign_off(governance.root, governance.owners, body["contract"], where.today)
    return entry


def described(governance: Governance, old: Contract, records: list[Record]) -> list[dict[str, Any]]:
    """Each move as the ledger keeps it; `blind` is false where a result could be known."""
    new = governance.contract
    seen = known(governance, old, records) | known(governance, new, records)
    # `poc cost` shows what it costs and brings at any time.
    money = {one.id for both in (old, new) for one in both.criteria if one.type in MONEY}
    found = []
    for one in [*changes(old, new), *_of_scope(governance)]:
        blind = one.criterion not in seen | money if one.criterion else not seen
        blind = blind and not one.what.startswith("volume.")
        found.append(one._asdict() | {"blind": blind})
    return found


def known(governance: Governance, contract: Contract, records: list[Record]) -> set[str]:
    """The criteria whose result could be known: looked at, scored, or measured by evidence here.

    Evidence that does not count is known all the same.
    """
    seen = {
        name
        for entry in governance.ledger.of("score")
        for name, state in entry.body.get("criteria", {}).items()
        if state != "not_measured"
    }
    looked = bool(governance.ledger.of("look"))
    measured = {
        (one.indicator.get("metric"), one.indicator.get("dataset"))
        for record in records
        if record.predicate
        for one in record.predicate.measurements
    }
    return seen | {
        one.id
        for one in contract.criteria
        if (one.indicator.metric, one.indicator.dataset) in measured
        or (looked and one.indicator.dataset == DECISION)
    }


def _of_scope(governance: Governance) -> list[Change]:
    entry = governance.ledger.in_force
    old = {} if entry is None else entry.body["scope"]
    new = signing.scope(governance.charter)
    return [
        Change(None, f"charter {key}", "changed", _text(old.get(key)), _text(new[key]))
        for key in new
        if new[key] != old.get(key)
    ]


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
