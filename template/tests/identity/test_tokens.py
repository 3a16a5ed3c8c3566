"""Tokens that must be let in, and attacks that must not, through the dependency of a route."""

import base64
import json
from typing import Any

import pytest
from joserfc import jws

from tests.identity.issuer import ABSENT, In, Issuer, b64, ec_key
from tests.identity.site import call, refused

pytestmark = [pytest.mark.anyio, pytest.mark.item("AUTH-1")]
HOUR = 3600


async def test_a_good_token_gives_the_caller(issuer: Issuer) -> None:
    token = issuer.token("person-7", ["submitter", "auditor", "unheard-of"], name="Ines")
    reply = await call(issuer.verifier(), token)
    assert reply.json() == ["person-7", "Ines", "https://issuer.test", "auditor", "submitter"]


@pytest.mark.parametrize(
    ("overrides", "header"),
    [
        ({"aud": ["other", "poc-api"]}, {}),
        ({"exp": In(HOUR + 0.5)}, {}),
        ({"exp": In(-10)}, {}),
        ({"nbf": In(10)}, {}),
        ({}, {"typ": "application/at+jwt"}),
        ({}, {"typ": "AT+JWT"}),
        ({}, {"unheard-of": "member"}),
        ({}, {"x5c": ["A" * 2000]}),
    ],
    ids=str,
)
async def test_legal_variants_are_let_in(
    issuer: Issuer, overrides: dict[str, Any], header: dict[str, Any]
) -> None:
    assert not await refused(issuer, issuer.token(header=header, **overrides))


@pytest.mark.parametrize(
    "overrides",
    [
        {"iss": "https://other.test"},
        {"iss": "https://issuer.test/"},
        {"iss": ["https://issuer.test"]},
        {"iss": ABSENT},
        {"aud": "poc-pages"},
        {"aud": "poc-api2"},
        {"aud": ABSENT},
        {"aud": {"poc-api": True}},
        {"aud": []},
        {"aud": ["other"]},
        {"aud": ["poc-api", 7]},
        {"exp": In(-HOUR)},
        {"exp": ABSENT},
        {"exp": None},
        {"exp": True},
        {"exp": "9999999999"},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"nbf": In(HOUR)},
        {"iat": In(HOUR)},
        {"iat": ABSENT},
        {"sub": ABSENT},
        {"sub": ""},
        {"sub": 7},
    ],
    ids=str,
)
async def test_claims_that_do_not_hold_are_refused(
    issuer: Issuer, overrides: dict[str, Any]
) -> None:
    assert await refused(issuer, issuer.token(**overrides))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "HS256"},
        {"alg": "ES384"},
        {"alg": ["ES256"]},
        {"alg": None},
        {"kid": None},
        {"kid": "unheard-of"},
        {"kid": ["ec"]},
        {"kid": {"ec": 1}},
        {"kid": 7},
        {"typ": None},
        {"typ": 7},
        {"crit": ["exp"]},
        {"crit": []},
    ],
    ids=str,
)
async def test_headers_written_by_hand_are_refused(issuer: Issuer, header: dict[str, Any]) -> None:
    assert await refused(issuer, issuer.forged(header))


@pytest.mark.parametrize("typ", ["JWT", "jwt", "", ABSENT, "logout+jwt"], ids=str)
async def test_a_token_of_another_type_is_refused_at_the_api(issuer: Issuer, typ: str) -> None:
    assert await refused(issuer, issuer.token(header={"typ": typ}))


async def test_a_signed_critical_header_is_refused(issuer: Issuer) -> None:
    claims = json.dumps(issuer.claims("person-1", ["submitter"]))
    header = {"alg": "ES256", "kid": "ec", "typ": "at+jwt", "crit": ["b64"], "b64": True}
    assert await refused(issuer, jws.serialize_compact(header, claims, ec_key(), ["ES256"]))


async def test_a_token_written_by_hand_as_a_library_would_is_let_in(issuer: Issuer) -> None:
    assert not await refused(issuer, issuer.forged({}))


@pytest.mark.parametrize("payload", ["not json", "[]", '"text"', "null", "[" * 3000, b"\xff\xfe"])
async def test_a_signed_payload_that_is_no_object_is_refused(
    issuer: Issuer, payload: str | bytes
) -> None:
    header = {"alg": "ES256", "kid": "ec", "typ": "at+jwt"}
    assert await refused(issuer, jws.serialize_compact(header, payload, ec_key(), ["ES256"]))


@pytest.mark.parametrize(
    "token",
    [
        "a",
        "a.b",
        "a.b.c.d.e",
        "..",
        "....",
        "%%%.%%%.%%%",
        f"{b64(b'[]')}.{b64(b'{}')}.AAAA",
        f"{b64(b'null')}.{b64(b'{}')}.AAAA",
        f"{b64(b'[' * 5000)}.{b64(b'{}')}.AAAA",
        f"{b64(b'{' + b'9' * 5000)}.{b64(b'{}')}.AAAA",
        base64.b64encode(b"person-1:password").decode(),
    ],
    ids=range(11),
)
async def test_what_is_no_token_is_refused(issuer: Issuer, token: str) -> None:
    assert await refused(issuer, token)


async def test_a_token_above_eight_kilobytes_is_refused(issuer: Issuer) -> None:
    assert not await refused(issuer, issuer.token(extra="x" * 5000))
    assert await refused(issuer, issuer.token(extra="x" * 6200))
