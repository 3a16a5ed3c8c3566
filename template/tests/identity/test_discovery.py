"""What is taken from an issuer, and what is not: its discovery document and its keys."""

import asyncio
from typing import Any

import httpx2
import pytest
from joserfc.jwk import Key
from structlog.testing import capture_logs

from app.errors import Unavailable
from app.identity.keys import IssuerKeys
from tests.identity.issuer import Issuer, ec_key, ed_key, rsa_key
from tests.identity.site import call

pytestmark = pytest.mark.anyio


async def test_an_issuer_that_never_answers_ends_in_503(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(request: httpx2.Request) -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr("app.identity.discovery.DEADLINE_SECONDS", 0.01)
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    with pytest.raises(Unavailable):
        await IssuerKeys(issuer.url, client).ready()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"issuer": "https://issuer.test/"}, "another issuer"),
        ({"issuer": "https://ISSUER.test"}, "another issuer"),
        ({"issuer": ["https://issuer.test"]}, "another issuer"),
        ({"issuer": None}, "another issuer"),
        ({"jwks_uri": None}, "jwks_uri in the discovery document is not a text"),
        ({"jwks_uri": ""}, "no jwks_uri"),
        (
            {"jwks_uri": "http://issuer.test/jwks"},
            "document is not https",
        ),
        ({"jwks_uri": "http://127.0.0.1/jwks"}, "document is not https"),
        ({"jwks_uri": "file:///jwks"}, "document is not https"),
        ({"jwks_uri": "https://[::1/jwks"}, "jwks_uri in the discovery document is not an address"),
        ({"jwks_uri": "https://issuer.test/nothing-here"}, "answered 404"),
        ({"token_endpoint": "http://issuer.test/token"}, "token_endpoint"),
        ({"authorization_endpoint": "http://issuer.test/authorize"}, "authorization_endpoint"),
    ],
)
async def test_a_discovery_document_that_does_not_hold_is_not_used_and_the_log_says_why(
    issuer: Issuer, changes: dict[str, object], reason: str
) -> None:
    issuer.metadata.update(changes)
    with capture_logs() as lines:
        reply = await call(issuer.verifier(), issuer.token())
    assert reply.status_code == 503
    failures = [line for line in lines if line["event"] == "identity.issuer_failed"]
    assert len(failures) == 1
    assert reason in failures[0]["reason"]
    assert failures[0]["log_level"] == "warning"


@pytest.mark.parametrize(
    "jwk",
    [
        "text",
        {},
        {"kty": "EC", "kid": "bad"},
        {"kty": "EC", "kid": "bad", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "EC", "kid": "bad", "crv": "P-999", "x": "AA", "y": "AA"},
        {"kty": "RSA", "kid": "bad", "n": 7, "e": "AQAB"},
        {"kty": "RSA", "kid": "bad", "n": "A" * 400, "e": "%"},
        {"kty": "OKP", "kid": "bad", "crv": "Ed25519", "x": "AA"},
        {"kty": "AKP", "kid": "bad", "alg": "ML-DSA-44", "pub": "AA"},
        {"kty": ["EC"], "kid": "bad"},
        {"kty": "oct", "kid": "bad", "k": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        {"kty": "EC", "kid": ["bad"], "crv": "P-256"},
    ],
    ids=str,
)
async def test_one_unreadable_key_does_not_spoil_the_others(issuer: Issuer, jwk: object) -> None:
    issuer.published.insert(0, jwk)
    assert (await call(issuer.verifier(), issuer.token())).status_code == 200
    assert await IssuerKeys(issuer.url, issuer.client()).get("bad") is None


@pytest.mark.parametrize("key", [rsa_key(), ec_key(), ed_key()], ids=lambda key: key.key_type)
async def test_a_key_for_encryption_or_without_an_id_is_not_used(issuer: Issuer, key: Key) -> None:
    listed: dict[str, Any] = issuer.public(key, use="enc")
    unnamed = issuer.public(key)
    del unnamed["kid"]
    issuer.published = [listed, unnamed]
    with pytest.raises(Unavailable):
        await IssuerKeys(issuer.url, issuer.client()).get(str(key.kid))


async def test_a_redirect_of_the_issuer_is_not_followed(issuer: Issuer) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "elsewhere.test":
            return httpx2.Response(200, json={"keys": issuer.published})
        if request.url.path == "/jwks":
            return httpx2.Response(302, headers={"location": "https://elsewhere.test/keys"})
        return issuer.answer(request)

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer), follow_redirects=True)
    with pytest.raises(Unavailable):
        await IssuerKeys(issuer.url, client).ready()


@pytest.mark.parametrize("url", ["http://issuer.test", "ftp://issuer.test", "http://10.0.0.1"])
def test_an_issuer_without_https_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="APP_ISSUER must be https"):
        IssuerKeys(url, Issuer().client())


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000", "http://localhost:9000"])
async def test_loopback_may_do_without_https(url: str) -> None:
    issuer = Issuer(url)
    assert (await call(issuer.verifier(), issuer.token())).status_code == 200
