"""Whether somebody's word on an item counts today."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from poc.checklist.attestations import BUDGET_FILE, Attestation, objection
from poc.checklist.catalogue import BEHAVIOUR, Item
from poc.checklist.proof import Outcome
from poc.engine import digest
from poc.engine.governance import Governance
from poc.engine.situation import Situation


class View(NamedTuple):
    """What a probe may look at. `outcomes` are those of the items answered before."""

    governance: Governance
    where: Situation
    current: Callable[[str], str]
    outcomes: Mapping[str, Outcome]


def digests(governance: Governance, behaviour: str) -> Callable[[str], str]:
    """Gives the digest that something has now; empty when there is no such file.

    A governance file counts as it is understood, so a comment voids no word; any other file by
    its bytes.
    """
    understood = {
        BEHAVIOUR: lambda: behaviour,
        BUDGET_FILE: lambda: digest.of_model(governance.budget),
        "governance/charter.yaml": lambda: digest.of_model(governance.charter),
        "governance/criteria.yaml": lambda: digest.of_model(governance.contract),
        "governance/owners.yaml": lambda: digest.of_model(governance.owners),
    }

    @cache
    def current(name: str) -> str:
        if name in understood:
            return understood[name]()
        path: Path = governance.root / name
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""

    return current


def standing(item: Item, view: View) -> Attestation | None:
    """The word on an item that counts and holds longest."""
    found = [one for one in _words(item, view) if not _objection(item, one, view)]
    return max(found, key=lambda one: one.expires, default=None)


def refused(item: Item, view: View) -> str:
    """Why the newest word on an item does not count, as a sentence without its full stop."""
    newest = max(_words(item, view), key=lambda one: one.given, default=None)
    reason = "" if newest is None else _objection(item, newest, view)
    return f"The word of {newest.person} {reason}" if newest and reason else ""


def _words(item: Item, view: View) -> list[Attestation]:
    return [one for one in view.governance.attestations.attestations if one.item == item.id]


def _objection(item: Item, one: Attestation, view: View) -> str:
    if item.attest is None:
        return "gives no points for this item"
    owners = view.governance.owners
    return objection(one, item.attest, owners, view.where.today, view.current)
