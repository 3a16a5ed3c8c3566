"""The issuer's signing keys: fetched, kept through outages, replaced as the issuer rotates."""

import asyncio
import math
import time
from collections.abc import Callable
from typing import Any

import httpx2
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from app.errors import Unavailable
from app.identity.discovery import IssuerError, Metadata, check_issuer, discover, read_json
from app.telemetry.logs import get_logger

MAX_AGE_SECONDS = 3600.0
RETRY_SECONDS = 30.0
FIRST_RETRY_SECONDS = 2.0
# 2048 bits in unpadded base64url, RFC 7518 section 3.3.
MIN_RSA_MODULUS_CHARACTERS = 342


class IssuerKeys:
    """The public keys of one issuer by key id. `clock` counts seconds and never runs backwards.

    Keys older than `MAX_AGE_SECONDS` are fetched again, so that a withdrawn key stops being
    accepted; while the issuer is down the keys held stay in use. An unknown key id causes a
    fetch too. Whatever the cause, there is at most one attempt in `RETRY_SECONDS`, failures
    included, or in `FIRST_RETRY_SECONDS` as long as no keys are held.

    Raises `ValueError` when the issuer is neither https nor on loopback.
    """

    def __init__(
        self,
        issuer: str,
        client: httpx2.AsyncClient,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        check_issuer(issuer)
        self.issuer = issuer
        self._client = client
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._metadata: Metadata | None = None
        self._fetched_at = -math.inf
        self._tried_at = -math.inf
        self._lock = asyncio.Lock()

    async def get(self, kid: str) -> Key | None:
        """Find a key; None when the issuer does not know it.

        Raises `Unavailable` when no keys are held and the issuer cannot be reached.
        """
        if self._stale and not (self._lock.locked() and kid in self._keys):
            await self._refresh()
        if kid not in self._keys:
            await self._refresh()
        if not self._keys:
            raise _unavailable()
        return self._keys.get(kid)

    async def metadata(self) -> Metadata:
        """The issuer's endpoints. Raises `Unavailable` when they are not known yet."""
        if self._stale:
            await self._refresh()
        if self._metadata is None:
            raise _unavailable()
        return self._metadata

    async def ready(self) -> None:
        """Raise `Unavailable` as long as no token could be checked."""
        if not self._keys:
            await self._refresh()
        if not self._keys:
            raise _unavailable()

    @property
    def _stale(self) -> bool:
        return self._clock() - self._fetched_at > MAX_AGE_SECONDS

    async def _refresh(self) -> None:
        async with self._lock:
            pause = RETRY_SECONDS if self._keys else FIRST_RETRY_SECONDS
            if self._clock() - self._tried_at < pause:
                return
            # Before the fetch: an attempt that fails or hangs counts as well.
            self._tried_at = self._clock()
            try:
                self._metadata = await discover(self._client, self.issuer)
                document = await read_json(self._client, self._metadata.jwks_uri)
                self._keys = signing_keys(document)
                self._fetched_at = self._clock()
            except IssuerError as error:
                held = len(self._keys)
                get_logger().warning("identity.issuer_failed", reason=str(error), keys_held=held)


def signing_keys(document: dict[str, Any]) -> dict[str, Key]:
    """Take the usable keys out of a JWK set, by key id. Raises `IssuerError`.

    Symmetric keys, encryption keys, short RSA keys, keys without an id and keys that cannot be
    read are left out; the others stay usable.
    """
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise IssuerError("the key set has no list of keys")
    found: dict[str, Key] = {}
    for jwk in listed:
        key = _signing_key(jwk)
        if key is not None and key.kid is not None:
            found.setdefault(key.kid, key)
    return found


def _signing_key(jwk: object) -> Key | None:
    if not isinstance(jwk, dict) or jwk.get("kty") not in ("RSA", "EC", "OKP"):
        return None
    if not isinstance(jwk.get("kid"), str) or jwk.get("use", "sig") != "sig":
        return None
    if jwk["kty"] == "RSA" and len(str(jwk.get("n"))) < MIN_RSA_MODULUS_CHARACTERS:
        return None
    try:
        return JWKRegistry.import_key(jwk)
    except (JoseError, ValueError, TypeError, KeyError, UnsupportedAlgorithm):
        return None


def _unavailable() -> Unavailable:
    return Unavailable(
        "The identity provider cannot be reached, so nobody can be signed in. Try again shortly.",
        headers={"retry-after": "5"},
    )
