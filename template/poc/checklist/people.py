"""Who holds which role, whether that stands today, and from which level on it has to."""

from datetime import date, timedelta
from typing import Literal

from poc.checklist.attestations import same
from poc.checklist.catalogue import LEVELS, Level
from poc.engine.owners import ROLES, Owners, Role, RoleName

ACCEPTED_FOR = 90  # days a yes holds
DEPUTIES: tuple[RoleName, ...] = ("production", "oncall")

State = Literal["accepted", "vacant", "placeholder", "open", "old", "future", "no deputy"]


def state(owners: Owners, name: RoleName, today: date) -> State:
    """How the role stands today; `open` means that a person is named and has not said yes."""
    role = owners.role(name)
    if not role.person.strip():
        return "vacant"
    if not role.named:
        return "placeholder"
    if role.accepted is None:
        return "open"
    if role.accepted > today:
        return "future"
    if today - role.accepted > timedelta(ACCEPTED_FOR):
        return "old"
    if name in DEPUTIES and not _has_deputy(role):
        return "no deputy"
    return "accepted"


def told(owners: Owners, name: RoleName, today: date) -> str:
    """The state in words, with what to do where it does not stand."""
    role = owners.role(name)
    words: dict[State, str] = {
        "accepted": f"accepted on {role.accepted}",
        "vacant": "is vacant; name a person",
        "placeholder": f"is {role.person.strip()!r}, which is no name; name a person",
        "open": f"has not been accepted by {role.person}; write the day of the yes in accepted",
        "future": f"was accepted on {role.accepted}, which is in the future; correct the day",
        "old": f"was accepted on {role.accepted}, over {ACCEPTED_FOR} days ago; ask again",
        "no deputy": f"has no deputy beside {role.person}; name one",
    }
    return words[state(owners, name, today)]


def due_later(owners: Owners, name: RoleName, level: Level) -> bool:
    """True when the role may still be open at this level."""
    due = owners.role(name).due
    return bool(due) and LEVELS.index(level) < LEVELS.index(due or "production")


def missing(owners: Owners, level: Level, today: date) -> list[RoleName]:
    """The roles that do not stand and have to at this level."""
    return [
        name
        for name in ROLES
        if not due_later(owners, name, level) and state(owners, name, today) != "accepted"
    ]


def _has_deputy(role: Role) -> bool:
    deputy = Role(person=role.deputy)
    return deputy.named and not same(role.deputy, role.person)
