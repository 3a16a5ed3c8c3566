"""The local identity provider in this process, and what a client sends to it."""

import json
import time
from pathlib import Path

import httpx2
from starlette.applications import Starlette

from app.identity.exchange import basic, challenge
from local.accounts import service_id
from local.identity import create_app
from tests.identity.people import PROVIDER, query, settings_for
from tests.identity.site import Clock

CALLBACK = "http://127.0.0.1:8000/sign-in/callback"
CODE_VERIFIER = "v" * 64
ASKED = {
    "response_type": "code",
    "client_id": "poc-pages",
    "redirect_uri": CALLBACK,
    "scope": "openid profile",
    "state": "a state",
    "nonce": "a nonce",
    "code_challenge": challenge(CODE_VERIFIER),
    "code_challenge_method": "S256",
}


class Provider:
    """The provider and what is needed to ask it."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock(float(int(time.time())))
        self.secrets_file = folder / "secrets.json"
        self.app: Starlette = create_app(settings_for(), self.secrets_file, self.clock)
        self.client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.app), base_url=PROVIDER
        )

    def secret(self, client_id: str) -> str:
        found: str = json.loads(self.secrets_file.read_text())[client_id]
        return found

    async def own_token(self, role: str, secret: str | None = None) -> httpx2.Response:
        client_id = service_id(role)
        header = basic(client_id, self.secret(client_id) if secret is None else secret)
        return await self.client.post(
            "/token",
            data={"grant_type": "client_credentials"},
            headers={"authorization": header},
        )

    async def code(self, person: str = "person-reviewer", **changes: str) -> str:
        form = {**ASKED, "person": person, **changes}
        reply = await self.client.post("/authorize", data=form)
        return query(reply.headers["location"])["code"]

    async def redeem(self, code: str, **changes: str) -> httpx2.Response:
        fields = {
            "grant_type": "authorization_code",
            "client_id": "poc-pages",
            "redirect_uri": CALLBACK,
            "code": code,
            "code_verifier": CODE_VERIFIER,
            **changes,
        }
        return await self.client.post("/token", data=fields)
