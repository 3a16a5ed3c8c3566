"""ID tokens at sign-in, from an issuer that mints whatever a test wants."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI

from app.errors import ServiceError
from app.identity import SignIn
from tests.identity.issuer import ABSENT, In, Issuer
from tests.identity.people import who
from tests.identity.site import browser, show_error

pytestmark = pytest.mark.anyio


async def signs_in(
    issuer: Issuer, typ: object = "JWT", iss: str | None = None, **claims: object
) -> bool:
    """Sign in with an ID token of this type and claims."""
    minted: dict[str, str] = {}

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/token":
            return httpx2.Response(200, json=minted)
        return issuer.answer(request)

    app = FastAPI(openapi_url=None)
    app.exception_handler(ServiceError)(show_error)
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    settings = issuer.settings(public_url="http://service.test")
    SignIn(settings, client).install(app)
    app.add_api_route("/who", who)
    async with browser(app) as person:
        asked = parse_qs(urlsplit((await person.get("/sign-in")).headers["location"]).query)
        expected: dict[str, Any] = {"aud": "poc-pages", "nonce": asked["nonce"][0], **claims}
        minted["id_token"] = issuer.token(header={"typ": typ}, **expected)
        params = {"code": "c", "state": asked["state"][0], **({"iss": iss} if iss else {})}
        reply = await person.get("/sign-in/callback", params=params)
        assert reply.status_code in (303, 401), reply.text
        signed_in = (await person.get("/who")).json() == "person-1"
    assert signed_in is (reply.status_code == 303)
    return signed_in


@pytest.mark.parametrize("typ", ["JWT", "jwt", ABSENT, ""], ids=str)
async def test_the_usual_types_of_id_tokens_are_taken(issuer: Issuer, typ: object) -> None:
    assert await signs_in(issuer, typ)


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "logout+jwt"])
async def test_a_token_of_another_type_is_refused_at_sign_in(issuer: Issuer, typ: str) -> None:
    assert not await signs_in(issuer, typ)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "poc-api"},
        {"aud": ["poc-api"]},
        {"aud": ["poc-pages", "other"]},
        {"aud": ["poc-pages", "other"], "azp": "other"},
        {"azp": "other"},
        {"azp": None},
        {"iss": "https://other.test"},
        {"exp": In(-3600)},
        {"nonce": ABSENT},
        {"nonce": ""},
        {"nonce": ["x"]},
        {"sub": ""},
    ],
    ids=str,
)
async def test_claims_that_do_not_hold_are_refused(issuer: Issuer, claims: dict[str, Any]) -> None:
    assert not await signs_in(issuer, **claims)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["poc-pages"]},
        {"aud": ["poc-pages", "other"], "azp": "poc-pages"},
        {"azp": "poc-pages"},
    ],
    ids=str,
)
async def test_an_audience_of_several_needs_this_client_as_party(
    issuer: Issuer, claims: dict[str, Any]
) -> None:
    assert await signs_in(issuer, **claims)


async def test_an_issuer_need_not_name_itself_but_must_not_name_another(issuer: Issuer) -> None:
    assert await signs_in(issuer)
    assert await signs_in(issuer, iss=issuer.url)
    assert not await signs_in(issuer, iss="https://other.test")
    issuer.metadata["authorization_response_iss_parameter_supported"] = True
    assert not await signs_in(issuer)
    assert await signs_in(issuer, iss=issuer.url)
