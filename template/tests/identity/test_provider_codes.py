"""The local identity provider's authorization endpoint: pages, codes, and what is refused."""

from typing import Any

import httpx2
import pytest

from app.identity.exchange import basic, challenge
from local.accounts import Accounts
from tests.identity.people import PROVIDER, hidden_fields, query
from tests.identity.provider import ASKED, CALLBACK, CODE_VERIFIER, Provider

pytestmark = pytest.mark.anyio


async def test_the_pages_client_gets_no_token_of_its_own(provider: Provider) -> None:
    fields = {"grant_type": "client_credentials", "client_id": "poc-pages"}
    reply = await provider.client.post("/token", data=fields)
    assert (reply.status_code, reply.json()) == (400, {"error": "unauthorized_client"})


async def test_the_pages_client_has_no_secret_that_would_do(provider: Provider) -> None:
    reply = await provider.client.post(
        "/token",
        data={"grant_type": "client_credentials"},
        headers={"authorization": basic("poc-pages", "")},
    )
    assert reply.status_code == 401


async def test_a_code_is_good_once(provider: Provider) -> None:
    code = await provider.code()
    assert (await provider.redeem(code)).status_code == 200
    assert (await provider.redeem(code)).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": ""},
        {"code_verifier": challenge(CODE_VERIFIER)},
        {"code_verifier": "ü"},
        {"redirect_uri": "http://127.0.0.1:8000/elsewhere"},
        {"redirect_uri": ""},
    ],
    ids=str,
)
async def test_a_code_is_bound_to_verifier_and_address(
    provider: Provider, changes: dict[str, str]
) -> None:
    code = await provider.code()
    assert (await provider.redeem(code, **changes)).json() == {"error": "invalid_grant"}


async def test_a_code_is_bound_to_its_client(provider: Provider) -> None:
    code = await provider.code()
    header = basic("service-admin", provider.secret("service-admin"))
    reply = await provider.client.post(
        "/token",
        data={
            "grant_type": "authorization_code",
            "redirect_uri": CALLBACK,
            "code": code,
            "code_verifier": CODE_VERIFIER,
        },
        headers={"authorization": header},
    )
    assert reply.json() == {"error": "invalid_grant"}


async def test_a_code_nobody_was_given_is_refused(provider: Provider) -> None:
    assert (await provider.redeem("x" * 32)).json() == {"error": "invalid_grant"}


async def test_a_code_lasts_a_minute(provider: Provider) -> None:
    code = await provider.code()
    provider.clock.now += 60
    assert (await provider.redeem(code)).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "unheard-of"},
        {"client_id": "service-admin"},
        {"client_id": ""},
        {"redirect_uri": "https://evil.test/sign-in/callback"},
        {"redirect_uri": CALLBACK + "/"},
        {"redirect_uri": CALLBACK + "?x=1"},
        {"redirect_uri": ""},
    ],
    ids=str,
)
async def test_an_unknown_client_or_address_is_not_redirected_to(
    provider: Provider, method: str, changes: dict[str, str]
) -> None:
    asked = {**ASKED, "person": "person-admin", **changes}
    reply = await send_authorize(provider, method, asked)
    assert reply.status_code == 400
    assert "location" not in reply.headers
    assert "see APP_" in reply.text


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
    ],
    ids=str,
)
async def test_a_request_without_pkce_or_of_another_flow_goes_back_with_an_error(
    provider: Provider, method: str, changes: dict[str, str], error: str
) -> None:
    reply = await send_authorize(provider, method, {**ASKED, "person": "person-admin", **changes})
    assert reply.headers["location"].startswith(f"{CALLBACK}?")
    answer = query(reply.headers["location"])
    assert answer == {"error": error, "iss": PROVIDER, "state": "a state"}


async def send_authorize(provider: Provider, method: str, asked: dict[str, Any]) -> httpx2.Response:
    if method == "get":
        return await provider.client.get("/authorize", params=asked)
    return await provider.client.post("/authorize", data=asked)


async def test_nobody_picked_is_access_denied(provider: Provider) -> None:
    reply = await provider.client.post("/authorize", data={**ASKED, "person": "unheard-of"})
    assert query(reply.headers["location"])["error"] == "access_denied"


async def test_the_page_lists_everybody_and_says_what_it_is(provider: Provider) -> None:
    nasty = '"><script>alert(1)</script>'
    reply = await provider.client.get("/authorize", params={**ASKED, "state": nasty})
    assert "Development only" in reply.text
    assert '<html lang="en">' in reply.text
    for person in Accounts.load().people.values():
        assert f'value="{person.id}"' in reply.text
        assert person.name in reply.text
    assert "<script" not in reply.text
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    # Browsers hold form-action against the redirect back to the application, too.
    assert "form-action" not in policy
    assert hidden_fields(reply.text)["code_challenge"] == ASKED["code_challenge"]


async def test_the_page_carries_the_whole_request_along(provider: Provider) -> None:
    page = await provider.client.get("/authorize", params=ASKED)
    form = {**hidden_fields(page.text), "person": "person-reviewer"}
    reply = await provider.client.post("/authorize", data=form)
    answer = query(reply.headers["location"])
    assert (answer["state"], answer["iss"]) == ("a state", PROVIDER)
    assert (await provider.redeem(answer["code"])).status_code == 200
