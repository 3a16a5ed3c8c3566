"""Where roles are read from, and what a claim of a wrong shape gives."""

from typing import Any

import pytest

from app.identity import Role
from app.identity.roles import caller_of, roles_at
from tests.identity.issuer import Issuer
from tests.identity.site import call

BOTH = frozenset({Role.REVIEWER, Role.ADMIN})


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        ("roles", {"roles": ["reviewer", "admin"]}),
        ("roles", {"roles": "reviewer admin"}),
        ("roles", {"roles": ["reviewer", "owner", "admin", 7, None, ["auditor"]]}),
        ("realm_access.roles", {"realm_access": {"roles": ["reviewer", "admin"]}}),
        ("a.b.c", {"a": {"b": {"c": ["reviewer", "admin"]}}}),
        ("https://example.test/roles", {"https://example.test/roles": ["reviewer", "admin"]}),
        ("my.roles", {"my.roles": ["reviewer", "admin"], "my": {"roles": ["auditor"]}}),
    ],
)
def test_roles_are_found(path: str, claims: dict[str, Any]) -> None:
    assert roles_at(claims, path) == BOTH


@pytest.mark.parametrize(
    "value",
    [None, 7, True, {}, {"admin": True}, "", "administrator", ["Admin", "ADMIN"], "admin,reviewer"],
    ids=str,
)
def test_anything_else_gives_no_role(value: object) -> None:
    assert roles_at({"roles": value}, "roles") == frozenset()


@pytest.mark.parametrize("claims", [{}, {"a": None}, {"a": ["b"]}, {"a": "b"}, {"a": {"c": 1}}])
def test_a_path_that_leads_nowhere_gives_no_role(claims: dict[str, Any]) -> None:
    assert roles_at(claims, "a.b") == frozenset()


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "Ines", "preferred_username": "ines@example.test"}, "Ines"),
        ({"name": "", "preferred_username": "ines@example.test"}, "ines@example.test"),
        ({"name": 7}, "person-1"),
        ({"name": "x" * 500}, "x" * 100),
    ],
)
def test_a_caller_has_a_name_to_show(claims: dict[str, Any], name: str) -> None:
    caller = caller_of({"sub": "person-1", "iss": "https://issuer.test", **claims}, "roles")
    assert caller.name == name


def test_a_name_does_not_get_into_logs_with_the_caller() -> None:
    caller = caller_of({"sub": "person-1", "iss": "i", "name": "Ines Canary"}, "roles")
    assert "Canary" not in repr(caller)


@pytest.mark.anyio
async def test_the_service_reads_the_claim_its_settings_name(issuer: Issuer) -> None:
    verifier = issuer.verifier(roles_claim="realm_access.roles")
    nested = issuer.token(roles=[], realm_access={"roles": ["submitter"]})
    assert (await call(verifier, nested)).status_code == 200
    assert (await call(verifier, issuer.token(roles=["submitter"]))).status_code == 403
