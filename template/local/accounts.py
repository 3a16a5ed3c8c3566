"""The people and programs of the local identity provider, and the programs' secrets."""

import json
import os
import secrets
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PEOPLE = Path(__file__).parent / "people.toml"
SECRETS = Path("data/local-identity.json")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    id: str
    name: str
    about: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Client:
    """A program; `pages` marks the public client of the browser pages, which has no secret."""

    id: str
    pages: bool
    roles: tuple[str, ...]
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Everybody known, by id."""

    people: dict[str, Person]
    clients: dict[str, Client]

    @classmethod
    def load(cls, path: Path = PEOPLE) -> "Accounts":
        """Read the TOML file and give each program a new random secret."""
        listed = tomllib.loads(path.read_text("utf-8"))
        people = [_person(one) for one in listed["people"]]
        clients = [_client(one) for one in listed["clients"]]
        return cls({one.id: one for one in people}, {one.id: one for one in clients})

    def write_secrets(self, path: Path) -> None:
        """Store the programs' secrets where only this user can read them."""
        found = {one.id: one.secret for one in self.clients.values() if not one.pages}
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        # A new file, so that it never has the wider mode of an older one.
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(found, file)
        fresh.replace(path)


def service_id(role: str) -> str:
    """The id of the program that has just this role."""
    return f"service-{role}"


def read_secret(client_id: str, path: Path) -> str | None:
    """Read a program's current secret; None when the provider has not written one."""
    try:
        found: str | None = json.loads(path.read_text("utf-8")).get(client_id)
    except (OSError, ValueError):
        return None
    return found


def _person(listed: dict[str, Any]) -> Person:
    return Person(listed["id"], listed["name"], listed["about"], tuple(listed["roles"]))


def _client(listed: dict[str, Any]) -> Client:
    pages = listed.get("pages", False)
    secret = "" if pages else secrets.token_urlsafe(32)
    return Client(listed["id"], pages, tuple(listed.get("roles", ())), secret)
