"""Keys over time: rotation, withdrawal, floods and outages of the issuer."""

import asyncio
from collections.abc import Callable

import httpx2
import pytest

from app.errors import Unauthenticated, Unavailable
from app.identity import Verifier
from app.identity.keys import IssuerKeys
from tests.identity.issuer import Issuer, ec_key
from tests.identity.site import Clock, browser, call, service

pytestmark = pytest.mark.anyio


def verifier_with(issuer: Issuer, clock: Clock) -> Verifier:
    """A verifier whose keys age by `clock`; tokens' own times stay real."""
    return Verifier(
        IssuerKeys(issuer.url, issuer.client(), clock),
        audience=issuer.audience,
        algorithms=("ES256", "RS256"),
        types=("at+jwt",),
        roles_claim="roles",
    )


async def holds(verifier: Verifier, token: str) -> bool:
    try:
        await verifier.verify(token)
    except Unauthenticated:
        return False
    return True


async def test_a_new_key_is_found_at_once_and_the_old_one_still_holds(issuer: Issuer) -> None:
    clock = Clock(0)
    verifier = verifier_with(issuer, clock)
    assert await holds(verifier, issuer.token())
    clock.now += 31
    issuer.published.append(issuer.public(ec_key("new")))
    assert await holds(verifier, issuer.token(key=ec_key("new")))
    assert await holds(verifier, issuer.token("person-2"))
    assert issuer.fetches == 2


async def test_a_withdrawn_key_stops_holding_within_the_hour(issuer: Issuer) -> None:
    clock = Clock(0)
    verifier = verifier_with(issuer, clock)
    assert await holds(verifier, issuer.token())
    issuer.published = [issuer.public(ec_key("new"))]
    clock.now += 3601
    assert not await holds(verifier, issuer.token("person-2"))
    assert await holds(verifier, issuer.token(key=ec_key("new")))


async def test_known_keys_are_not_fetched_again_within_the_hour(issuer: Issuer) -> None:
    clock = Clock(0)
    verifier = verifier_with(issuer, clock)
    for number in range(10):
        assert await holds(verifier, issuer.token(f"person-{number}"))
        clock.now += 350
    assert issuer.fetches == 1


async def test_a_flood_of_unknown_key_ids_causes_one_fetch(issuer: Issuer) -> None:
    clock = Clock(0)
    app = service(verifier_with(issuer, clock))
    async with browser(app) as client:

        async def ask(kid: str) -> int:
            token = issuer.forged({"kid": kid})
            reply = await client.get("/submit", headers={"authorization": f"Bearer {token}"})
            return reply.status_code

        good = {"authorization": f"Bearer {issuer.token()}"}
        assert (await client.get("/submit", headers=good)).status_code == 200
        clock.now += 31
        before = issuer.fetches
        replies = await asyncio.gather(*(ask(f"kid-{number}") for number in range(200)))
        assert set(replies) == {401}
        assert issuer.fetches == before + 1
        clock.now += 29
        await ask("kid-200")
        assert issuer.fetches == before + 1
        clock.now += 2
        await ask("kid-201")
        assert issuer.fetches == before + 2


async def test_the_first_requests_share_one_fetch(issuer: Issuer) -> None:
    verifier = verifier_with(issuer, Clock(0))
    tokens = [issuer.token(f"person-{number}") for number in range(20)]
    assert all(await asyncio.gather(*(holds(verifier, token) for token in tokens)))
    assert issuer.fetches == 1


async def test_failed_attempts_count_against_the_limit(issuer: Issuer) -> None:
    clock = Clock(0)
    verifier = verifier_with(issuer, clock)
    assert await holds(verifier, issuer.token())
    clock.now += 31
    issuer.metadata["jwks_uri"] = f"{issuer.url}/gone"
    asked = count_requests(issuer)
    for number in range(50):
        assert not await holds(verifier, issuer.forged({"kid": f"kid-{number}"}))
    assert asked() == 2  # one attempt: discovery, then keys


async def test_keys_survive_an_outage_and_are_renewed_after_it(issuer: Issuer) -> None:
    clock = Clock(0)
    verifier = verifier_with(issuer, clock)
    assert await holds(verifier, issuer.token())
    issuer.down = True
    clock.now += 86_400
    assert await holds(verifier, issuer.token("person-2"))
    assert not await holds(verifier, issuer.forged({"kid": "unheard-of"}))
    issuer.down = False
    issuer.published = [issuer.public(ec_key("new"))]
    clock.now += 31
    assert await holds(verifier, issuer.token(key=ec_key("new")))
    assert not await holds(verifier, issuer.token("person-3"))


async def test_without_keys_an_outage_is_503_and_then_recovers(issuer: Issuer) -> None:
    clock = Clock(0)
    verifier = verifier_with(issuer, clock)
    issuer.down = True
    with pytest.raises(Unavailable):
        await verifier.ready()
    reply = await call(verifier, issuer.token())
    assert (reply.status_code, reply.json()["code"]) == (503, "unavailable")
    assert "issuer.test" not in reply.text
    issuer.down = False
    clock.now += 3
    await verifier.ready()
    assert (await call(verifier, issuer.token())).status_code == 200


async def test_readiness_does_not_depend_on_the_issuer_once_keys_are_held(issuer: Issuer) -> None:
    clock = Clock(0)
    verifier = verifier_with(issuer, clock)
    await verifier.ready()
    issuer.down = True
    clock.now += 86_400
    await verifier.ready()


async def test_a_hanging_issuer_holds_up_one_request_only(issuer: Issuer) -> None:
    clock = Clock(0)
    released = asyncio.Event()
    waiting = asyncio.Event()
    hang = False

    async def answer(request: httpx2.Request) -> httpx2.Response:
        if hang:
            waiting.set()
            await released.wait()
        return issuer.answer(request)

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    keys = IssuerKeys(issuer.url, client, clock)
    assert await keys.get("ec")
    hang = True
    clock.now += 3601
    first = asyncio.create_task(keys.get("ec"))
    await waiting.wait()
    assert await keys.get("ec")
    assert not first.done()
    released.set()
    assert await first


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"keys": 1}', b"[" * 90_000])
async def test_keys_are_kept_when_the_key_set_is_broken(issuer: Issuer, body: bytes) -> None:
    broken = False

    def answer(request: httpx2.Request) -> httpx2.Response:
        if broken and request.url.path == "/jwks":
            return httpx2.Response(200, content=body)
        return issuer.answer(request)

    clock = Clock(0)
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    keys = IssuerKeys(issuer.url, client, clock)
    assert await keys.get("ec")
    broken = True
    clock.now += 3601
    assert await keys.get("ec")


def count_requests(issuer: Issuer) -> Callable[[], int]:
    """Count what the issuer is asked from now on."""
    answer, asked = issuer.answer, 0

    def counted(request: httpx2.Request) -> httpx2.Response:
        nonlocal asked
        asked += 1
        return answer(request)

    issuer.transport.handler = counted
    return lambda: asked
