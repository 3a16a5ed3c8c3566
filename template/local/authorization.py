"""The authorization endpoint: a person is picked, a code goes back (RFC 6749, 7636, 9207)."""

import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.settings import Settings
from local.accounts import Accounts, Person
from local.page import error_page, sign_in_page

CODE_SECONDS = 60
# RFC 7636, section 4.2: base64url of a SHA-256 digest.
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_CARRIED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code stands for; good once, by the same client, until `until` (Unix time)."""

    person: Person
    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    until: float


class Authorization:
    """Hands out one-time codes to the pages' client. `clock` is Unix time in seconds."""

    def __init__(
        self, settings: Settings, accounts: Accounts, clock: Callable[[], float] = time.time
    ) -> None:
        self._issuer = settings.issuer
        self._redirect_uri = settings.public_url.rstrip("/") + "/sign-in/callback"
        self._accounts = accounts
        self._clock = clock
        self._grants: dict[str, Grant] = {}

    async def page(self, request: Request) -> Response:
        """Show who can be picked."""
        return self._wrong(request.query_params) or sign_in_page(
            self._accounts.people.values(),
            {name: request.query_params.get(name, "") for name in _CARRIED},
        )

    async def decide(self, request: Request) -> Response:
        """Send the browser back with a code for the person picked."""
        form = await request.form(max_files=0, max_fields=20)
        asked = {name: str(value) for name, value in form.items()}
        wrong = self._wrong(asked)
        if wrong is not None:
            return wrong
        person = self._accounts.people.get(asked.get("person", ""))
        if person is None:
            return self._back(asked, error="access_denied")
        return self._back(asked, code=self._grant(person, asked))

    def redeem(self, code: str) -> Grant | None:
        """Take a code out of circulation; None when there is no such code, or no longer."""
        grant = self._grants.pop(code, None)
        return grant if grant is not None and self._clock() < grant.until else None

    def _grant(self, person: Person, asked: Mapping[str, str]) -> str:
        now = self._clock()
        self._grants = {code: one for code, one in self._grants.items() if now < one.until}
        code = secrets.token_urlsafe(24)
        self._grants[code] = Grant(
            person=person,
            client_id=asked["client_id"],
            redirect_uri=asked["redirect_uri"],
            challenge=asked["code_challenge"],
            nonce=asked.get("nonce", ""),
            until=now + CODE_SECONDS,
        )
        return code

    def _wrong(self, asked: Mapping[str, str]) -> Response | None:
        """What must not go on. An unknown client or address is never redirected to."""
        client = self._accounts.clients.get(asked.get("client_id", ""))
        if client is None or not client.pages:
            return error_page("No client with this id signs people in; see APP_CLIENT_ID.")
        if asked.get("redirect_uri") != self._redirect_uri:
            return error_page("This redirect address is not registered; see APP_PUBLIC_URL.")
        if asked.get("response_type") != "code":
            return self._back(asked, error="unsupported_response_type")
        if "openid" not in asked.get("scope", "").split():
            return self._back(asked, error="invalid_scope")
        pkce = asked.get("code_challenge_method") == "S256"
        if not pkce or not _CHALLENGE.fullmatch(asked.get("code_challenge", "")):
            return self._back(asked, error="invalid_request")
        return None

    def _back(self, asked: Mapping[str, str], **answer: str) -> Response:
        more = {"iss": self._issuer, **({"state": asked["state"]} if asked.get("state") else {})}
        return RedirectResponse(f"{self._redirect_uri}?{urlencode({**answer, **more})}", 303)
