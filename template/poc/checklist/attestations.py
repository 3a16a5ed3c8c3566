"""`governance/attestations.yaml`: what only a person can say, and what is waived, by whom."""

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from poc.checklist.catalogue import CUSTOM, Item, ItemId, Path, Word, unique
from poc.engine import digest
from poc.engine.owners import Owners, RoleName
from poc.engine.yamlfile import Strict

if TYPE_CHECKING:
    from poc.money.budget import Budget

FILE = "governance/attestations.yaml"
BUDGET_FILE = "governance/budget.yaml"
BUDGET_ITEM = "COST-2"
BUDGET_DAYS = 90
WAIVER_DAYS = 30
MOST_NOT_APPLICABLE = 3

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Person = Annotated[str, Field(min_length=1, max_length=100)]
Why = Annotated[str, Field(min_length=1, max_length=300)]
Reason = Literal["vendor-limit", "scheduled", "compensating-control", "out-of-scope-this-phase"]


class Attestation(Strict):
    """A person's word on an item. `about` holds the digest of each thing the person looked at."""

    item: ItemId
    role: RoleName
    person: Person
    given: date
    expires: date
    about: Annotated[dict[Path, Sha256], Field(min_length=1)]
    note: Annotated[str, Field(max_length=500)] = ""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "Attestation":
        if self.expires < self.given:
            raise ValueError(f"{self.item}: it expires before it was given; correct the dates")
        return self


class Waiver(Strict):
    """The risk owner lets an item wait, for a reason of the list. A second entry renews it once."""

    item: ItemId
    reason: Reason
    why: Why
    by: Person
    given: date
    until: date

    @model_validator(mode="after")
    def _is_short(self) -> "Waiver":
        if not 0 <= (self.until - self.given).days <= WAIVER_DAYS:
            raise ValueError(
                f"{self.item}: a waiver lasts {WAIVER_DAYS} days at most; set until to"
                f" {self.given + timedelta(WAIVER_DAYS)} or earlier"
            )
        return self


class NotApplicable(Strict):
    """The risk owner says that an item asks for something this service does not have."""

    item: ItemId
    why: Why
    by: Person
    given: date


class Override(Strict):
    """A file of the template that the team changed on purpose, until a day."""

    path: Path
    why: Why
    by: Person
    until: date


def _list(value: object) -> object:
    """Nothing below a key is an empty list, so that an entry can be pasted below it."""
    return [] if value is None else value


class Attestations(Strict):
    """The whole file. `custom` holds the team's own items, CUSTOM-1 and so on; they count."""

    version: Literal[1]
    attestations: Annotated[list[Attestation], BeforeValidator(_list)] = []
    waivers: Annotated[list[Waiver], BeforeValidator(_list)] = []
    not_applicable: Annotated[
        list[NotApplicable], Field(max_length=MOST_NOT_APPLICABLE), BeforeValidator(_list)
    ] = []
    overrides: Annotated[list[Override], BeforeValidator(_list)] = []
    custom: Annotated[list[Item], BeforeValidator(_list)] = []

    @model_validator(mode="after")
    def _custom_items_say_so(self) -> "Attestations":
        unique([one.id for one in self.custom])
        for one in self.custom:
            if one.area != CUSTOM:
                raise ValueError(f"{one.id}: call an item of your own {CUSTOM}-1, {CUSTOM}-2, ...")
            if one.probe is None or one.probe.kind != "tests":
                raise ValueError(f"{one.id}: an item of your own needs a probe of kind tests")
        return self


class Acceptance(Strict):
    """Who accepted something, and until when that holds."""

    person: str
    role: RoleName
    on: date
    expires: date


def objection(
    one: Attestation, word: Word, owners: Owners, today: date, current: Callable[[str], str]
) -> str:
    """Why a word does not count, as the end of a sentence; empty when it does.

    `current` gives the digest that a file, or the behaviour, has now; empty when there is none.
    """
    if one.role not in word.by:
        return f"is by {one.role}, and {' or '.join(word.by)} has to give it"
    holder = owners.role(one.role)
    if not holder.named or not same(holder.person, one.person):
        return f"is by {one.person}, who is not {one.role} in governance/owners.yaml"
    if one.given > today:
        return f"is dated {one.given}, which is in the future"
    if one.expires < today:
        return f"ended on {one.expires}"
    if (one.expires - one.given).days > word.days:
        return f"is for more than {word.days} days"
    missing = [name for name in word.about if name not in one.about]
    if missing:
        return f"does not say which {missing[0]} it is about"
    changed = [name for name, stated in one.about.items() if current(name) != stated]
    return f"is void, because {changed[0]} has changed since" if changed else ""


def budget_accepted(
    budget: "Budget", owners: Owners, attestations: Attestations, today: date
) -> Acceptance | None:
    """Who accepted the budget as it stands, by a word on COST-2; None when nobody did."""
    word = Word(by=[accepts_budget(owners)], days=BUDGET_DAYS, about=[BUDGET_FILE])
    now = {BUDGET_FILE: digest.of_model(budget)}
    found = [
        one
        for one in attestations.attestations
        if one.item == BUDGET_ITEM
        and not objection(one, word, owners, today, lambda name: now.get(name, ""))
    ]
    if not found:
        return None
    last = max(found, key=lambda one: one.expires)
    return Acceptance(person=last.person, role=last.role, on=last.given, expires=last.expires)


def accepts_budget(owners: Owners) -> RoleName:
    """The role that accepts the budget: the sponsor while nobody holds `budget`."""
    return "budget" if owners.role("budget").named else "sponsor"


def budget_block(budget: "Budget", owners: Owners, today: date) -> str:
    """The lines with which the budget's owner accepts it as it stands; for `attestations:`."""
    role = accepts_budget(owners)
    about = {BUDGET_FILE: digest.of_model(budget)}
    return block(BUDGET_ITEM, role, owners.role(role).person, about, today, BUDGET_DAYS)


def block(
    item: str, role: RoleName, person: str, about: Mapping[str, str], today: date, days: int
) -> str:
    """An attestation as YAML, to be pasted below `attestations:`."""
    lines = [
        f"  - item: {item}",
        f"    role: {role}",
        f"    person: {json.dumps(person or f'NAME OF {role}', ensure_ascii=False)}",
        f"    given: {today}",
        f"    expires: {today + timedelta(days)}",
        "    about:",
        *(f"      {name}: {value}" for name, value in about.items()),
    ]
    return "\n".join(lines)


def same(one: str, other: str) -> bool:
    """True when two spellings name the same person."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
