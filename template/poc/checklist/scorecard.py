"""The production checklist scored by evidence. No evidence is never a pass."""

from collections.abc import Iterable
from typing import Literal

from poc.checklist.catalogue import CUSTOM, LEVELS, Item
from poc.checklist.ownership import owners_at
from poc.checklist.points import NOT_HERE, ItemScore, by_word, settle
from poc.checklist.probes import PROBES
from poc.checklist.proof import Answer, Outcome, answer
from poc.checklist.waivers import known_items
from poc.checklist.words import View, digests
from poc.engine.admissible import Deployed, deployed
from poc.engine.evidence import Record
from poc.engine.governance import Governance
from poc.engine.situation import Situation
from poc.engine.yamlfile import Strict
from poc.money.budget import AREAS

__all__ = ["ItemScore", "Reached", "Scorecard", "areas", "cleared", "score", "share"]

Reached = Literal["none", "poc", "pilot", "production"]
HOLDS: tuple[Outcome, ...] = ("pass", "waived", "not_applicable")


class Scorecard(Strict):
    """All items. `score` is from 0 to 100, `starred` says that a waiver carried the level.

    `next_level_missing` names the items that keep it from the next level.
    """

    score: float
    level: Reached
    starred: bool
    weakest_area: str
    weakest_score: float
    items: list[ItemScore]
    next_level_missing: list[str]

    def item(self, name: str) -> ItemScore | None:
        """The item of this id."""
        return next((one for one in self.items if one.id == name), None)


def score(governance: Governance, records: list[Record], situation: Situation) -> Scorecard:
    """Score every item. Raises `InvalidFile` when an entry names an item that does not exist."""
    known_items(governance)
    what = deployed(governance.root)
    age = governance.contract.admissibility.max_age_days
    outcomes: dict[str, Outcome] = {}
    view = View(governance, situation, digests(governance, what.behaviour), outcomes)
    every = [*governance.checklist.items, *governance.attestations.custom]
    scored: dict[str, ItemScore] = {}
    for item in sorted(every, key=_computed_last):
        scored[item.id] = settle(item, _answer(item, view, records, what, age), view)
        outcomes[item.id] = scored[item.id].outcome
    items = [scored[one.id] for one in every]
    level, starred, missing = _level(items, view)
    area, lowest = _weakest(items)
    return Scorecard(
        score=share(items),
        level=level,
        starred=starred,
        weakest_area=area,
        weakest_score=lowest,
        items=items,
        next_level_missing=missing,
    )


def _answer(
    item: Item, view: View, records: list[Record], what: Deployed, max_age_days: int
) -> Answer:
    if item.probe is None:
        return by_word(item, view)
    if item.probe.kind != "governance":
        return answer(item.id, item.probe.kind, records, view.where, what, max_age_days)
    probe = PROBES.get(item.id)
    return probe(item, view) if probe else Answer("unknown", NOT_HERE)


def cleared(word: str, level: Reached) -> bool:
    """Whether real users may use it: a GO alone does not allow that, nor does a level."""
    return word == "GO" and level in ("pilot", "production")


def share(items: Iterable[ItemScore]) -> float:
    """100 x sum(weight x credit) / sum(weight), of what applies; 0 to 100, to one digit."""
    applies = [one for one in items if one.outcome != "not_applicable"]
    total = sum(one.weight for one in applies)
    return round(100 * sum(one.weight * one.credit for one in applies) / total, 1) if total else 0.0


def areas(items: Iterable[ItemScore]) -> dict[str, float]:
    """The score of each area in which something applies, in the checklist's order."""
    every = [one for one in items if one.outcome != "not_applicable"]
    return {
        area: share(mine)
        for area in (*AREAS, CUSTOM)
        if (mine := [one for one in every if one.area == area])
    }


def _computed_last(item: Item) -> int:
    computed = item.probe is not None and item.probe.kind == "governance"
    return 1 + list(PROBES).index(item.id) if computed and item.id in PROBES else 0


def _level(items: list[ItemScore], view: View) -> tuple[Reached, bool, list[str]]:
    """The highest level that holds with all below it, by a waiver or not, and what is missing."""
    reached: Reached = "none"
    starred = False
    for level in LEVELS:
        mine = [one for one in items if one.level == level]
        missing = [one.id for one in mine if one.outcome not in HOLDS]
        if level != "poc" and owners_at(level, view).outcome != "pass":
            missing.append("OWN-1")  # the roles due by now are open
        if missing:
            return reached, starred, missing
        reached, starred = level, starred or any(one.outcome == "waived" for one in mine)
    return reached, starred, []


def _weakest(items: list[ItemScore]) -> tuple[str, float]:
    by_area = areas(items)
    area = min(by_area, key=lambda one: by_area[one])
    return area, by_area[area]
