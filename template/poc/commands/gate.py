"""`poc gate`: refuse what must not be merged."""

import argparse
from pathlib import Path

from poc.commands import Outcome
from poc.commands.tables import bullets, table
from poc.engine import governance
from poc.engine.digest import plain
from poc.engine.problems import Exit
from poc.engine.situation import situation
from poc.gates import GATES
from poc.gates.judge import judge
from poc.gates.ruling import Change, Ruling, State

SHOWN = 8
SIGNS: dict[State, str] = {
    "pass": "v pass",
    "note": "- note",
    "refused": "x refused",
    "to come": "  to come",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    parser.add_argument(
        "gates", nargs="*", type=_gate, metavar="R5", help="only these; by default all"
    )
    parser.add_argument(
        "--base", default="", metavar="REF", help="what it is merged into, by default origin/main"
    )
    parser.add_argument(
        "--label", action="append", default=[], metavar="L", help="a label of the change, as fix"
    )


def _gate(name: str) -> str:
    if name.upper() not in GATES:
        raise argparse.ArgumentTypeError(f"there is no gate {name}; they are {', '.join(GATES)}")
    return name.upper()


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Ask the gates; refused when one of them refuses."""
    whole = governance.load(root)
    change = Change(whole, situation(root), options.base, tuple(options.label))
    rulings = judge(change, options.gates)
    refused = [one for one in rulings if one.state == "refused"]
    data = {"refused": [one.gate for one in refused], "gates": [plain(one) for one in rulings]}
    return Outcome(_said(rulings), data, Exit.REFUSED if refused else Exit.OK)


def _said(rulings: list[Ruling]) -> str:
    rows = [
        (one.gate, SIGNS[one.state], one.said[0] if one.state != "to come" else one.title)
        for one in rulings
    ]
    lines = [table(("gate", "", "what it says"), rows)]
    for one in rulings:
        more = one.said[1:]
        if more:
            lines += [f"{one.gate}, further:", bullets(more[:SHOWN])]
        if more[SHOWN:]:
            lines.append(f"    and {len(more) - SHOWN} more: poc gate {one.gate} --json")
    refused = [one.gate for one in rulings if one.state == "refused"]
    lines.append(f"\nRefused by {', '.join(refused)}." if refused else "\nNothing is refused.")
    return "\n".join(lines)
