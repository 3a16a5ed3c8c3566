"""The budget's owner accepts the budget as it stands: an entry in `attestations.yaml`."""

from dataclasses import dataclass
from datetime import date, timedelta

from poc.checklist.attestations import (
    BUDGET_DAYS,
    BUDGET_FILE,
    BUDGET_ITEM,
    Acceptance,
    Attestations,
    accepts_budget,
    budget_accepted,
    same,
)
from poc.engine.digest import of_model
from poc.engine.owners import Owners, RoleName
from poc.engine.problems import Refused
from poc.kickoff.changes import Change
from poc.kickoff.desk import Desk, Stale
from poc.money.budget import Budget

FILES = ("budget", "owners", "attestations")


@dataclass(frozen=True, slots=True)
class Standing:
    """Who has to accept the budget, and whether it is accepted as it stands."""

    role: RoleName
    person: str
    named: bool
    accepted: Acceptance | None


def standing(desk: Desk, today: date) -> Standing:
    """How it stands today. Raises `InvalidFile`."""
    budget, owners, said = _read(desk)
    role = accepts_budget(owners)
    held = owners.role(role)
    return Standing(role, held.person, held.named, budget_accepted(budget, owners, said, today))


def accept(desk: Desk, seen: str, name: str, today: date) -> list[str]:
    """Write the entry. `seen` is the version of the budget that was read, `name` who accepts.

    Raises `Refused` where somebody else's name was typed, `Stale` where the budget has changed.
    """
    documents = desk.open(FILES)
    if documents["budget"].digest != seen:
        raise Stale(documents)
    budget, owners, _ = _read(desk)
    role = accepts_budget(owners)
    held = owners.role(role)
    if not held.named:
        raise Refused(f"Nobody is named as {role} yet; write the name on the page People.")
    if not same(name, held.person):
        raise Refused(
            f"Only {held.person} accepts the budget ({role}); type that name to say that this"
            " person is here and accepts."
        )
    entry = {
        "item": BUDGET_ITEM,
        "role": role,
        "person": held.person,
        "given": today,
        "expires": today + timedelta(BUDGET_DAYS),
        "about": {BUDGET_FILE: of_model(budget)},
    }
    entries = documents["attestations"].data.get("attestations") or []
    change = Change(("attestations", len(entries)), entry)
    files = {name: one.digest for name, one in documents.items()}
    return desk.save(files, {"attestations": [change]})


def _read(desk: Desk) -> tuple[Budget, Owners, Attestations]:
    documents = desk.open(FILES)
    return (
        Budget.model_validate(documents["budget"].data),
        Owners.model_validate(documents["owners"].data),
        Attestations.model_validate(documents["attestations"].data),
    )
