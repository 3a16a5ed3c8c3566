"""`poc owners`: who owns what, and the CODEOWNERS file made of it."""

import argparse
from pathlib import Path

from poc.checklist import codeowners, people
from poc.commands import Outcome
from poc.commands.tables import paragraph, table
from poc.engine import governance
from poc.engine.files import SHARED, replace
from poc.engine.owners import DUTIES, ROLES
from poc.engine.problems import Refused
from poc.engine.situation import situation


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--write", action="store_true", help=f"write {codeowners.FILE}")
    which.add_argument(
        "--check", action="store_true", help=f"refuse when {codeowners.FILE} is out of step"
    )


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Show the roles; write or check the file that the forge reads."""
    whole, today = governance.load(root), situation(root).today
    if options.write:
        return _write(whole)
    apart = codeowners.out_of_step(root, whole.owners, whole.charter)
    if options.check:
        if apart:
            raise Refused(f"{apart[0].upper()}{apart[1:]}.")
        return Outcome(f"{codeowners.FILE} is in step with owners.yaml.", {"inStep": True})
    found = []
    for name in ROLES:
        one = whole.owners.role(name)
        found.append(
            {
                "role": name,
                "duty": DUTIES[name],
                "person": one.person,
                "deputy": one.deputy,
                "accepted": one.accepted.isoformat() if one.accepted else None,
                "due": one.due,
                "state": people.state(whole.owners, name, today),
            }
        )
    rows = [
        (
            str(one["role"]),
            str(one["duty"]),
            str(one["person"] or "-"),
            str(one["accepted"] or "-"),
            _state(one),
        )
        for one in found
    ]
    file = f"{codeowners.FILE}: {apart or 'in step'}."
    text = table(("role", "duty", "person", "accepted", "state"), rows) + "\n\n" + paragraph(file)
    return Outcome(text, {"roles": found, "inStep": not apart})


def _state(one: dict[str, str | None]) -> str:
    state = str(one["state"])
    if state == "accepted":
        return "v accepted"
    if one["due"] and state == "vacant":
        return f"- due by {one['due']}"
    words = {"old": "ask again", "open": "not accepted", "future": "day is to come"}
    return f"x {words.get(state, state)}"


def _write(whole: governance.Governance) -> Outcome:
    shadow = whole.root / codeowners.SHADOW
    if shadow.exists():
        raise Refused(
            f"{codeowners.SHADOW.as_posix()} exists, and the forge would read it instead; remove"
            " it first."
        )
    text = codeowners.render(whole.owners, whole.charter)
    replace(whole.root / codeowners.FILE, text.encode(), SHARED)
    nobody = [line.partition(": ")[2] for line in text.splitlines() if line.startswith("# nobody")]
    told = f"Written: {codeowners.FILE}. Commit it."
    if nobody:
        paths = "1 path" if len(nobody) == 1 else f"{len(nobody)} paths"
        told += (
            f" Nobody can be asked about {paths} yet, such as {nobody[0]}: write a handle or an"
            " email in governance/owners.yaml."
        )
    return Outcome(paragraph(told), {"written": codeowners.FILE, "nobody": nobody})
