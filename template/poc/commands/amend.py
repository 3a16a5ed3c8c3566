"""`poc amend`: change a contract in force, in daylight."""

import argparse
from pathlib import Path

from poc.commands import Outcome
from poc.commands.lock import author
from poc.commands.tables import paragraph, table
from poc.engine import amending, evidence, governance, ledger, signing
from poc.engine.owners import ROLES, SIGNERS
from poc.engine.problems import Refused
from poc.engine.situation import situation


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    parser.add_argument("--why", help="the reason, in a sentence; it stands on the verdict page")
    parser.add_argument("--by", metavar="NAME", help="who asks for it; by default git's user.name")
    parser.add_argument(
        "--approved-by",
        action="append",
        choices=ROLES,
        default=[],
        metavar="ROLE",
        help="who agreed; sponsor and risk, where less is asked after results",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would move, write nothing"
    )


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Say what moves and whether it is blind, and put the changed contract in force."""
    where = situation(root)
    with ledger.writing(root):
        whole, records = governance.load(root), evidence.load(root)
        old = signing.in_force(whole)
        if old is None:
            raise Refused("No contract is in force; say: poc lock")
        if options.dry_run:
            moved = amending.described(whole, old, records)
            return Outcome(_said(moved) or "Nothing changed.", {"changes": moved})
        if not (options.why or "").strip():
            raise Refused('Say why, in a sentence: poc amend --why "..."')
        by = author(root, options.by)
        entry = amending.amend(whole, records, options.why.strip(), by, options.approved_by, where)
    changes = entry.body["changes"]
    ending = paragraph(
        f"The sign-offs of {', '.join(SIGNERS)} are written anew; commit governance/ and have each"
        " approve their own file."
    )
    return Outcome(f"{_said(changes)}\n{ending}", {"changes": changes})


def _said(moved: list[dict[str, object]]) -> str:
    if not moved:
        return ""
    rows = [
        (
            str(one["what"]),
            str(one["kind"]),
            "blind" if one["blind"] else "after results",
            f"{one['before'] or '(not there)'} -> {one['after'] or '(gone)'}",
        )
        for one in moved
    ]
    return table(("what", "kind", "when", "change"), rows)
