"""`poc lock`: put the contract in force."""

import argparse
from pathlib import Path

from poc.commands import Outcome
from poc.commands.tables import bullets, paragraph
from poc.engine import amending, governance, ledger, signing
from poc.engine.owners import SIGNERS
from poc.engine.readiness import before_lock
from poc.engine.situation import git, situation
from poc.money.plan import needs

NOBODY = "somebody"  # where neither the command nor git names a person


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    parser.add_argument("--by", metavar="NAME", help="who does it; by default git's user.name")
    parser.add_argument("--check", action="store_true", help="only say what is still open")
    parser.add_argument(
        "--renew", action="store_true", help="write the sign-offs of the contract in force anew"
    )


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Check every precondition, write the sign-offs and the ledger line, or say what is open."""
    where = situation(root)
    if options.check:
        whole = governance.load(root)
        amending.none_in_force(whole)
        points = before_lock(whole, where.today)
        if points:
            raise amending.refusal(points)
        return Outcome("Nothing is open; the contract can be put in force: poc lock", {"open": []})
    by = author(root, options.by)
    with ledger.writing(root):
        whole = governance.load(root)
        if options.renew:
            amending.renew(whole, where)
        else:
            amending.lock(whole, by, where)
    whole = governance.load(root)
    return Outcome(_said(whole), _data(whole))


def author(root: Path, given: str | None) -> str:
    """Who runs the command: as given, else git's user.name."""
    name = (given or git(root, "config", "user.name") or "").strip()
    return name.encode("utf-8", "replace").decode("utf-8") or NOBODY


def _said(whole: governance.Governance) -> str:
    people = [f"{role}: {whole.owners.role(role).person}" for role in SIGNERS]
    unlikely = [one.sentence for one in needs(whole.contract) if one.verdict == "unlikely"]
    files = f"{governance.SIGNOFFS.as_posix()}/<role>.yaml"
    lines = [
        "The contract is in force from now on. It is signed by:",
        bullets(people),
        paragraph(
            f"Commit governance/ and open a pull request. Each signer approves their own {files};"
            " CODEOWNERS asks them (poc owners --write). Until then, and without an SSH signature,"
            " the verdict shows them as declared, not verified."
        ),
        paragraph(
            "To sign by key: put the public key into governance/owners.yaml, then: ssh-keygen -Y"
            f" sign -n {signing.NAMESPACE} -f KEY {governance.SIGNOFFS.as_posix()}/sponsor.yaml"
        ),
    ]
    if unlikely:
        lines += ["Be warned:", bullets(unlikely, "!")]
    return "\n".join(lines)


def _data(whole: governance.Governance) -> dict[str, object]:
    entry = whole.ledger.in_force
    return {
        "contract": entry.body["contract"] if entry else "",
        "signatures": [one.model_dump(mode="json") for one in signing.signatures(whole)],
    }
