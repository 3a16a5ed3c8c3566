"""Who is calling, and what they may do, read from verified claims."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Claims = Mapping[str, Any]


class Role(StrEnum):
    """What somebody may do; the identity provider assigns these names."""

    SUBMITTER = "submitter"
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or a program that proved who it is.

    `subject` is stable and unique within `issuer`; `name` is for display only and stays out of
    `repr`, and so out of logs.
    """

    subject: str
    name: str = field(repr=False)
    roles: frozenset[Role]
    issuer: str


def roles_at(claims: Claims, path: str) -> frozenset[Role]:
    """Read the roles from a claim.

    `path` is a claim's own name (which may hold dots, such as a URL) or dotted names of nested
    objects. The claim is a list of names or one space-separated text; names that are no role
    are ignored, and a claim of any other type gives none.
    """
    value = claims[path] if path in claims else _nested(claims, path)
    names = value.split() if isinstance(value, str) else value
    if not isinstance(names, list):
        return frozenset()
    return frozenset(role for role in Role if role.value in names)


def _nested(claims: Claims, path: str) -> object:
    value: object = claims
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def caller_of(claims: Claims, roles_claim: str) -> Caller:
    """Make a caller of claims whose `sub` and `iss` were verified."""
    shown = (claims.get(name) for name in ("name", "preferred_username", "sub"))
    return Caller(
        subject=claims["sub"],
        name=next(text for text in shown if isinstance(text, str) and text)[:100],
        roles=roles_at(claims, roles_claim),
        issuer=claims["iss"],
    )
