"""A verified token is remembered for a minute at most, and never past its end."""

import time

import pytest

from app.errors import Unauthenticated
from app.identity import Verifier
from app.identity.keys import IssuerKeys
from app.identity.verifier import CACHE_TOKENS
from tests.identity.issuer import Issuer, ec_key
from tests.identity.site import Clock

pytestmark = pytest.mark.anyio


class Moving:
    """A verifier with a clock for the tokens and one, standing still or not, for the keys."""

    def __init__(self, issuer: Issuer) -> None:
        self.clock = Clock(float(int(time.time())))
        self.key_clock = Clock(0)
        self.verifier = Verifier(
            IssuerKeys(issuer.url, issuer.client(), self.key_clock),
            audience=issuer.audience,
            algorithms=("ES256",),
            types=("at+jwt",),
            roles_claim="roles",
            clock=self.clock,
        )

    async def holds(self, token: str) -> bool:
        try:
            await self.verifier.verify(token)
        except Unauthenticated:
            return False
        return True


async def withdraw(issuer: Issuer, moving: Moving) -> None:
    """Let the verifier forget the old key, so that only a remembered token still holds."""
    issuer.published = [issuer.public(ec_key("new"))]
    moving.key_clock.now += 3601
    assert await moving.holds(issuer.token(key=ec_key("new")))


async def test_a_token_is_remembered_for_a_minute(issuer: Issuer) -> None:
    moving, token = Moving(issuer), issuer.token()
    assert await moving.holds(token)
    await withdraw(issuer, moving)
    moving.clock.now += 59
    assert await moving.holds(token)
    moving.clock.now += 2
    assert not await moving.holds(token)


async def test_a_token_is_not_remembered_past_its_end(issuer: Issuer) -> None:
    moving = Moving(issuer)
    token = issuer.token(exp=moving.clock.now + 20)
    assert await moving.holds(token)
    await withdraw(issuer, moving)
    moving.clock.now += 19
    assert await moving.holds(token)
    moving.clock.now += 1
    assert not await moving.holds(token)


async def test_a_clock_set_back_does_not_lengthen_the_minute(issuer: Issuer) -> None:
    moving, token = Moving(issuer), issuer.token(iat=1)
    assert await moving.holds(token)
    await withdraw(issuer, moving)
    moving.clock.now -= 3600
    assert not await moving.holds(token)


async def test_only_so_many_tokens_are_remembered(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CACHE_TOKENS <= 10_000
    monkeypatch.setattr("app.identity.verifier.CACHE_TOKENS", 3)
    moving = Moving(issuer)
    tokens = [issuer.token(f"person-{number}") for number in range(5)]
    for token in tokens:
        assert await moving.holds(token)
    await withdraw(issuer, moving)  # remembers a token of its own
    assert [await moving.holds(token) for token in tokens] == [False, False, False, True, True]


async def test_a_refused_token_is_checked_each_time(issuer: Issuer) -> None:
    moving = Moving(issuer)
    token = issuer.token(nbf=moving.clock.now + 40)
    assert not await moving.holds(token)
    moving.clock.now += 11
    assert await moving.holds(token)
