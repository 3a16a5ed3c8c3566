"""The signing keys of the local identity provider, and the tokens it signs with them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from app.settings import Settings
from local.accounts import Person

TOKEN_SECONDS = 900
# The newest key signs; the ones before it are published until their last tokens are over.
KEYS_PUBLISHED = 3


@dataclass(slots=True)
class SigningKey:
    """A key and when it stopped signing, as Unix time; infinity while it signs."""

    key: ECKey
    retired_at: float = float("inf")


class Mint:
    """Signs tokens; its keys live in memory and end with the process.

    `clock` is Unix time in seconds.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        self._keys = [_new_key()]

    def rotate(self) -> str:
        """Sign with a new key from now on and return its id."""
        self._keys[-1].retired_at = self._clock()
        self._keys = [*self._keys[1 - KEYS_PUBLISHED :], _new_key()]
        return str(self._keys[-1].key.kid)

    def published(self) -> dict[str, Any]:
        """The public keys as a JWK set: the one in use, and those whose tokens may be alive."""
        oldest = self._clock() - TOKEN_SECONDS
        alive = [one.key for one in self._keys if one.retired_at > oldest]
        return dict(KeySet(list(alive)).as_dict(private=False))

    def access_token(
        self, subject: str, client_id: str, roles: Sequence[str], name: str = ""
    ) -> str:
        """Sign an access token for the API (RFC 9068)."""
        more = {"name": name} if name else {}
        return self._sign(
            "at+jwt", subject, self._settings.audience, roles, {"client_id": client_id, **more}
        )

    def id_token(self, person: Person, client_id: str, nonce: str) -> str:
        """Sign an ID token for the client somebody signs in to."""
        more = {"name": person.name, **({"nonce": nonce} if nonce else {})}
        return self._sign("JWT", person.id, client_id, person.roles, more)

    def _sign(
        self, kind: str, subject: str, audience: str, roles: Sequence[str], more: dict[str, str]
    ) -> str:
        now = int(self._clock())
        claims = {
            "iss": self._settings.issuer,
            "sub": subject,
            "aud": audience,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            self._settings.roles_claim: list(roles),
            **more,
        }
        key = self._keys[-1].key
        header = {"alg": "ES256", "typ": kind, "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=["ES256"])


def _new_key() -> SigningKey:
    return SigningKey(ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True))
