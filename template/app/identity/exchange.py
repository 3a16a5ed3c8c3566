"""The authorization code flow with PKCE as a client speaks it (RFC 6749, 7636, 9207; OIDC)."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from typing import TypedDict
from urllib.parse import quote_plus, urlencode

import httpx2

from app.errors import Unauthenticated, Unavailable
from app.identity.discovery import IssuerError, call, json_object
from app.identity.keys import IssuerKeys
from app.identity.roles import Caller, Claims, caller_of
from app.identity.verifier import Verifier
from app.settings import Settings
from app.telemetry.logs import get_logger

FLOW_SECONDS = 600.0


class Flow(TypedDict):
    """What one attempt to sign in remembers between its two requests."""

    state: str
    nonce: str
    verifier: str
    to: str
    started: float


def failed() -> Unauthenticated:
    """The one error of an attempt that did not succeed; the reason is in the log only."""
    return Unauthenticated("The sign-in did not complete. Open the start page to try again.")


class CodeExchange:
    """Talks to the issuer for one client; `callback` is the registered redirect address.

    `clock` is Unix time in seconds.
    """

    def __init__(
        self,
        settings: Settings,
        client: httpx2.AsyncClient,
        callback: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._client = client
        self._callback = callback
        self._clock = clock
        self._keys = IssuerKeys(settings.issuer, client)
        self._verifier = Verifier(
            self._keys,
            audience=settings.client_id,
            algorithms=settings.algorithms,
            types=("jwt", ""),
            roles_claim=settings.roles_claim,
            clock=clock,
        )

    async def start(self, to: str) -> tuple[Flow, str]:
        """Begin an attempt: what to remember, and where to send the browser.

        Raises `Unavailable` when the issuer's endpoints are not known.
        """
        metadata = await self._keys.metadata()
        if not metadata.authorization_endpoint:
            raise self._broken("no authorization endpoint")
        flow = Flow(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            to=to,
            started=self._clock(),
        )
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._callback,
            "scope": "openid profile",
            "state": flow["state"],
            "nonce": flow["nonce"],
            "code_challenge": challenge(flow["verifier"]),
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in metadata.authorization_endpoint else "?"
        return flow, f"{metadata.authorization_endpoint}{joint}{urlencode(asked)}"

    async def finish(self, flow: Flow | None, answer: Mapping[str, str]) -> Caller:
        """Check the issuer's answer, redeem its code and say who signed in.

        Raises `Unauthenticated` for an answer that does not belong to this attempt or does not
        hold, `Unavailable` when the issuer does not do its part.
        """
        metadata = await self._keys.metadata()
        if flow is None or self._clock() - flow["started"] > FLOW_SECONDS:
            raise _refused("no attempt under way")
        if not _same(answer.get("state", ""), flow["state"]):
            raise _refused("state")
        named = answer.get("iss")
        if named != self._settings.issuer and (named is not None or metadata.sends_iss):
            raise _refused("issuer")
        if not answer.get("code"):
            raise _refused("no code")
        id_token = await self._redeem(metadata.token_endpoint, answer["code"], flow["verifier"])
        claims = await self._claims(id_token)
        if not _same(str(claims.get("nonce", "")), flow["nonce"]):
            raise _refused("nonce")
        return caller_of(claims, self._settings.roles_claim)

    async def _redeem(self, endpoint: str, code: str, verifier: str) -> str:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._callback,
            "client_id": self._settings.client_id,
            "code_verifier": verifier,
        }
        secret = self._settings.client_secret
        headers = {"accept": "application/json"}
        if secret is not None:
            headers["authorization"] = basic(self._settings.client_id, secret.get_secret_value())
        if not endpoint:
            raise self._broken("no token endpoint")
        try:
            request = self._client.build_request("POST", endpoint, data=fields, headers=headers)
            response = await call(self._client, request)
            document = json_object(response)
        except IssuerError as error:
            raise self._broken(str(error)) from None
        if response.status_code == 400 and document.get("error") == "invalid_grant":
            raise _refused("code")
        if response.status_code != 200 or not isinstance(document.get("id_token"), str):
            raise self._broken(f"the token endpoint answered {response.status_code}")
        id_token: str = document["id_token"]
        return id_token

    async def _claims(self, id_token: str) -> Claims:
        try:
            claims = await self._verifier.verify(id_token)
        except Unauthenticated:
            raise failed() from None
        # OpenID Connect Core 1.0, section 3.1.3.7: a token for several must name this client.
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self._settings.client_id:
            raise _refused("authorized party")
        return claims

    def _broken(self, reason: str) -> Unavailable:
        get_logger().warning("identity.sign_in_failed", reason=reason)
        return Unavailable("The identity provider cannot sign you in right now. Try again shortly.")


def challenge(verifier: str) -> str:
    """The S256 code challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def basic(client_id: str, secret: str) -> str:
    """The client's credentials as a header; both parts form-urlencoded (RFC 6749, 2.3.1)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode("ascii")).decode("ascii")


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _refused(reason: str) -> Unauthenticated:
    get_logger().info("identity.sign_in_refused", reason=reason)
    return failed()
