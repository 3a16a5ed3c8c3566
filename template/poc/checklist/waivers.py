"""Whether a waiver or a "not applicable" stands today."""

from collections.abc import Sequence
from datetime import date, timedelta

from poc.checklist.attestations import (
    FILE,
    WAIVER_DAYS,
    Attestations,
    NotApplicable,
    Waiver,
    same,
)
from poc.checklist.catalogue import Item
from poc.engine.governance import Governance
from poc.engine.ledger import Entry
from poc.engine.owners import Owners
from poc.engine.problems import InvalidFile
from poc.engine.yamlfile import parse

MOST_WAIVERS = 2  # the first, and one renewal


def active(item: Item, attestations: Attestations, owners: Owners, today: date) -> Waiver | None:
    """The waiver that lets an item wait today."""
    mine = [one for one in attestations.waivers if one.item == item.id]
    if len(mine) > MOST_WAIVERS or not item.waivable:
        return None
    found = [one for one in mine if not problem(one, owners, today)]
    return max(found, key=lambda one: one.until, default=None)


def spared(
    item: Item, attestations: Attestations, owners: Owners, today: date
) -> NotApplicable | None:
    """The word that an item does not apply."""
    mine = [one for one in attestations.not_applicable if one.item == item.id]
    if not item.waivable:
        return None
    return next((one for one in mine if not problem(one, owners, today)), None)


def problem(one: Waiver | NotApplicable, owners: Owners, today: date) -> str:
    """Why an entry does not stand, as the end of a sentence; empty when it does."""
    risk = owners.role("risk")
    if not risk.named or not same(risk.person, one.by):
        return f"is by {one.by}, who is not the risk owner in governance/owners.yaml"
    if one.given > today:
        return f"is dated {one.given}, which is in the future"
    if isinstance(one, Waiver) and one.until < today:
        return f"ended on {one.until}"
    return ""


def too_often(attestations: Attestations) -> list[str]:
    """The items with more than one renewal."""
    items = [one.item for one in attestations.waivers]
    return sorted({one for one in items if items.count(one) > MOST_WAIVERS})


def too_long(attestations: Attestations, scores: Sequence[Entry], today: date) -> list[str]:
    """Items whose waiver was moved in place: waived week by week for longer than two waivers."""
    found = []
    for name in sorted({one.item for one in attestations.waivers}):
        since = None
        for entry in scores:
            waived = entry.body.get("items", {}).get(name) == "waived"
            since = (since or entry.at.date()) if waived else None
        if since and today - since > timedelta(WAIVER_DAYS * MOST_WAIVERS):
            found.append(name)
    return found


def known_items(governance: Governance) -> None:
    """Raise `InvalidFile` naming each entry whose item does not exist."""
    said = governance.attestations
    names = {one.id for one in (*governance.checklist.items, *said.custom)}
    entries = {
        "attestations": [one.item for one in said.attestations],
        "waivers": [one.item for one in said.waivers],
        "notApplicable": [one.item for one in said.not_applicable],
    }
    wrong = [
        (key, index, name)
        for key, items in entries.items()
        for index, name in enumerate(items)
        if name not in names
    ]
    if wrong:
        lines = parse(governance.root / FILE, FILE)[1]
        raise InvalidFile(
            *(
                f"{FILE}:{lines.get((key, index, 'item'), 1)}: {key}.{index + 1}.item: there is no"
                f" item {name}; see `poc score` for the names."
                for key, index, name in wrong
            )
        )
