"""An issuer in memory: publishes keys, mints tokens, can be down or rotate."""

import asyncio
import base64
import functools
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import httpx2
from joserfc import jws, jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from pydantic import SecretStr

from app.identity import Verifier
from app.settings import Settings


class Absent(Enum):
    """Marks a claim or header member to leave out."""

    ABSENT = "absent"


@dataclass(frozen=True)
class In:
    """A time claim so many seconds after the token is minted."""

    seconds: float


ABSENT: Any = Absent.ABSENT


@functools.cache
def rsa_key(kid: str = "rsa", alg: str | None = None) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", **({"alg": alg} if alg else {})})


@functools.cache
def ec_key(kid: str = "ec") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


@functools.cache
def ed_key(kid: str = "ed") -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"})


def b64(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


class Issuer:
    """`published` is what its key set lists; `fetches` counts reads of the key set."""

    def __init__(self, url: str = "https://issuer.test") -> None:
        self.url = url
        self.audience = "poc-api"
        self.published: list[Any] = [self.public(ec_key())]
        self.metadata: dict[str, Any] = {
            "issuer": url,
            "jwks_uri": f"{url}/jwks",
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
        }
        self.down = False
        self.fetches = 0
        self.transport = httpx2.MockTransport(self.answer_later)

    @staticmethod
    def public(key: Key, **more: str) -> dict[str, Any]:
        return dict(key.as_dict(private=False, **more))

    def client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=self.transport)

    def verifier(self, **settings: object) -> Verifier:
        return Verifier.of(self.settings(**settings), self.client())

    def settings(self, **more: object) -> Settings:
        values: dict[str, Any] = {"issuer": self.url, "session_secret": SecretStr("s" * 40), **more}
        return Settings(_env_file=None, **values)  # type: ignore[call-arg]

    async def answer_later(self, request: httpx2.Request) -> httpx2.Response:
        """Answer after others had a turn, as over a network."""
        await asyncio.sleep(0)
        return self.answer(request)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        if self.down:
            raise httpx2.ConnectError("refused", request=request)
        if request.url.path == "/.well-known/openid-configuration":
            return httpx2.Response(200, json=self.metadata)
        if request.url.path == "/jwks":
            self.fetches += 1
            return httpx2.Response(200, json={"keys": self.published})
        return httpx2.Response(404)

    def claims(self, sub: str, roles: Iterable[str], **overrides: object) -> dict[str, Any]:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.url,
            "sub": sub,
            "aud": self.audience,
            "iat": now,
            "exp": now + 600,
            "roles": list(roles),
            **overrides,
        }
        return {
            name: now + value.seconds if isinstance(value, In) else value
            for name, value in claims.items()
            if value is not ABSENT
        }

    def token(
        self,
        sub: str = "person-1",
        roles: Iterable[str] = ("submitter",),
        *,
        key: Key | None = None,
        alg: str = "ES256",
        header: dict[str, Any] | None = None,
        **overrides: object,
    ) -> str:
        """Mint an access token; `overrides` change claims, `ABSENT` leaves one out."""
        key = key or ec_key()
        head = {"alg": alg, "kid": key.kid, "typ": "at+jwt", **(header or {})}
        head = {name: value for name, value in head.items() if value is not ABSENT}
        registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
        claims = self.claims(sub, roles, **overrides)
        return jwt.encode(head, claims, key, registry=registry, default_type=None)

    def forged(self, header: dict[str, Any], signature: bytes | None = None) -> str:
        """Write a token by hand, with a header no library would sign.

        Its signature is a valid ES256 one unless another is given.
        """
        head = {"alg": "ES256", "kid": "ec", "typ": "at+jwt", **header}
        payload = json.dumps(self.claims("person-1", ["submitter"])).encode()
        unsigned = f"{b64(json.dumps(head).encode())}.{b64(payload)}"
        if signature is None:
            signature = jws.JWSRegistry.algorithms["ES256"].sign(unsigned.encode(), ec_key())
        return f"{unsigned}.{b64(signature)}"
