"""Scores of the decision set are counted: each look spends its part of the error."""

from pathlib import Path

from poc.engine import ledger, signing
from poc.engine.admissible import deployed
from poc.engine.governance import Governance
from poc.engine.ledger import Entry
from poc.engine.problems import Refused
from poc.engine.situation import Situation


def take(governance: Governance, dataset: str, by: str, where: Situation) -> Entry:
    """Record a look at the decision set of this digest, before it is scored.

    The look is one at the service and the scorers as they are now, and counts for no other.
    Raises `Refused` while no signed contract is in force, or when all looks are taken.
    """
    root: Path = governance.root
    contract = signing.in_force(governance)
    if contract is None:
        raise Refused("The decision set is scored once a contract is in force: poc lock")
    if signing.edited(governance):
        raise Refused("The contract was changed since it was locked: poc amend, then look.")
    unsigned = [
        one.role for one in signing.signatures(governance) if one.state in ("missing", "outdated")
    ]
    if unsigned:
        raise Refused(f"The contract in force is not signed by {', '.join(unsigned)}.")
    with ledger.writing(root):
        taken = len(ledger.load(root).of("look"))
        if taken >= contract.max_looks:
            raise Refused(
                f"All {contract.max_looks} agreed looks at the decision set are taken. A further"
                " one needs an amended contract and fresh cases."
            )
        what = deployed(root)
        body = {
            "dataset": dataset,
            "look": taken + 1,
            "behaviour": what.behaviour,
            "scorer": what.scorer,
        }
        return ledger.append_held(root, "look", body, by, where)
