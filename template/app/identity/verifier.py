"""Checks JSON Web Tokens of one issuer (RFC 7519, RFC 8725, access tokens RFC 9068)."""

import json
import time
from collections.abc import Callable, Collection
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry
from joserfc.util import to_bytes, urlsafe_b64decode

from app.errors import Unauthenticated
from app.identity.keys import IssuerKeys
from app.identity.roles import Caller, Claims, caller_of
from app.settings import Settings
from app.telemetry.logs import get_logger

MAX_TOKEN_CHARACTERS = 8192
LEEWAY_SECONDS = 30
CACHE_SECONDS = 60.0
CACHE_TOKENS = 4096


class Refused(Exception):
    """Why a token does not hold: a short stable word for the log, never a part of the token."""


class _Signatures(JWSRegistry):
    """The signature algorithms as this module allows them.

    The verifier has compared the algorithm with its own list by then. The library's lookup
    would add a warning for EdDSA at each call; unknown header members are to be ignored
    (RFC 7515, section 4).
    """

    max_header_length = MAX_TOKEN_CHARACTERS

    def __init__(self) -> None:
        super().__init__(strict_check_header=False)

    def get_alg(self, name: str) -> Any:  # noqa: ANN401 - the library does not export the type
        return self.algorithms[name]


class Verifier:
    """Accepts tokens of one issuer for one audience; `clock` is Unix time in seconds.

    `types` are the accepted `typ` headers in lower case, with "" for a token without one: an ID
    token must not pass as an access token, nor the other way round. A token that was verified
    is remembered for at most `CACHE_SECONDS`, and never past its `exp`.
    """

    def __init__(
        self,
        keys: IssuerKeys,
        *,
        audience: str,
        algorithms: Collection[str],
        types: Collection[str],
        roles_claim: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keys = keys
        self._algorithms = frozenset(algorithms)
        self._types = frozenset(name.lower() for name in types)
        self._roles_claim = roles_claim
        self._clock = clock
        self._signatures = _Signatures()
        self._rules = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": keys.issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )
        self._verified: dict[str, tuple[float, float, Claims]] = {}

    @classmethod
    def of(cls, settings: Settings, client: httpx2.AsyncClient) -> "Verifier":
        """The verifier of access tokens. Raises `ValueError` for an issuer that is not safe."""
        return cls(
            IssuerKeys(settings.issuer, client),
            audience=settings.audience,
            algorithms=settings.algorithms,
            types=settings.token_types,
            roles_claim=settings.roles_claim,
        )

    async def ready(self) -> None:
        """Raise `Unavailable` as long as no token could be checked."""
        await self._keys.ready()

    async def caller(self, token: str) -> Caller:
        """Say whose token it is. Raises as `verify` does."""
        return caller_of(await self.verify(token), self._roles_claim)

    async def verify(self, token: str) -> Claims:
        """Check a token and return its claims.

        Raises `Unauthenticated` for a token that does not hold, `Unavailable` when it cannot be
        checked because no keys are held and the issuer is out of reach.
        """
        now = self._clock()
        since, until, known = self._verified.get(token, (now, now, {}))
        if since <= now < until:
            return known
        try:
            claims = await self._check(token)
        except Refused as refusal:
            get_logger().info("identity.token_refused", reason=str(refusal))
            raise Unauthenticated(
                "The token is not valid here. Get a new one and try again.",
                headers={"www-authenticate": 'Bearer error="invalid_token"'},
            ) from None
        self._remember(token, now, claims)
        return claims

    async def _check(self, token: str) -> Claims:
        header = _header(token)
        algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ", "")
        if not isinstance(algorithm, str) or algorithm not in self._algorithms:
            raise Refused("algorithm")
        if not isinstance(kind, str) or kind.lower() not in self._types:
            raise Refused("type")
        if "crit" in header:
            raise Refused("critical header")
        key = await self._keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise Refused("key id")
        try:
            claims = jwt.decode(token, key, registry=self._signatures).claims
        except (JoseError, ValueError, RecursionError):
            raise Refused("signature") from None
        try:
            self._rules.validate(claims)
        except JoseError:
            raise Refused("claims") from None
        return claims

    def _remember(self, token: str, now: float, claims: Claims) -> None:
        self._verified.pop(token, None)
        while len(self._verified) >= CACHE_TOKENS:
            del self._verified[next(iter(self._verified))]
        self._verified[token] = (now, min(now + CACHE_SECONDS, claims["exp"]), claims)


def _header(token: str) -> dict[str, Any]:
    """Read the header without trusting it. Raises `Refused`."""
    if len(token) > MAX_TOKEN_CHARACTERS or token.count(".") != 2:
        raise Refused("form")
    try:
        header = json.loads(urlsafe_b64decode(to_bytes(token.split(".")[0])))
    except (ValueError, RecursionError):
        raise Refused("form") from None
    if not isinstance(header, dict):
        raise Refused("form")
    return header
