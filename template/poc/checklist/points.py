"""The points of one item: what its evidence says, and what waivers and words make of it."""

from datetime import date

from poc.checklist import waivers
from poc.checklist.catalogue import Item, Level
from poc.checklist.proof import Answer, Outcome
from poc.checklist.words import View, refused, standing
from poc.engine.owners import RoleName
from poc.engine.yamlfile import Strict

WORD = 0.5  # what a person's word is worth where a probe could speak
NOT_HERE = "Not in this release: nothing to do, and no points."


class ItemScore(Strict):
    """One item. `credit` is from 0 to 1; `detail` is one sentence that says what to do."""

    id: str
    level: Level
    area: str
    weight: float
    statement: str
    outcome: Outcome
    credit: float
    detail: str
    owner: RoleName
    in_release: bool
    expires: date | None = None


def by_word(item: Item, view: View) -> Answer:
    """An item that no machine answers: by a person where only a person can."""
    if not item.in_release or item.attest is None:
        said = any(one.item == item.id for one in view.governance.attestations.attestations)
        return Answer("unknown", f"{NOT_HERE} A word on it changes nothing." if said else NOT_HERE)
    word = standing(item, view)
    if word is not None:
        return Answer("pass", f"{word.person} confirmed it on {word.given}.", word.expires)
    why = refused(item, view) or f"Nobody has confirmed it; {' or '.join(item.attest.by)} can"
    return Answer("unknown", f"{why}: `poc score {item.id}` prints the entry.")


def settle(item: Item, found: Answer, view: View) -> ItemScore:
    """Give the points, and let waivers and words have their say where there is no pass."""
    whole, today = view.governance, view.where.today
    outcome, detail, expires = found
    credit = 1.0 if outcome == "pass" else 0.0
    said = whole.attestations, whole.owners, today
    none = waivers.spared(item, *said)
    if none is not None:
        outcome, credit, expires = "not_applicable", 0.0, None
        detail = f"Does not apply, says {none.by}: {none.why}"
    elif outcome != "pass" and (waiver := waivers.active(item, *said)):
        outcome, expires = "waived", waiver.until
        detail = f"Waived by {waiver.by} until {waiver.until} ({waiver.reason}): {waiver.why}"
    elif outcome in ("unknown", "stale") and _speaks_for(item):
        word = standing(item, view)
        if word is not None:
            credit, expires = WORD, word.expires
            detail = f"Half the points on the word of {word.person} until {word.expires}. {detail}"
        elif why := refused(item, view):
            detail = f"{detail} {why}."
    return ItemScore(
        id=item.id,
        level=item.level,
        area=item.area,
        weight=item.weight,
        statement=item.statement,
        outcome=outcome,
        credit=credit,
        detail=detail,
        owner=item.owner,
        in_release=item.in_release,
        expires=expires,
    )


def _speaks_for(item: Item) -> bool:
    """A word stands in for a run that did not happen, never for a file that can be read."""
    return item.probe is not None and item.probe.kind != "governance"
