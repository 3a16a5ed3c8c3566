"""The development identity provider: `python -m local.identity`.

An OpenID Connect provider for a laptop. It has no passwords, so it runs only where
APP_ENVIRONMENT is local and only on loopback. Its keys live in memory; restarting it signs
everybody out of the API.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.identity.discovery import is_loopback_http
from app.settings import Settings, SettingsError, load
from local.accounts import SECRETS, Accounts
from local.authorization import Authorization
from local.grants import TokenEndpoint
from local.minting import Mint


def create_app(
    settings: Settings, secrets_file: Path = SECRETS, clock: Callable[[], float] = time.time
) -> Starlette:
    """Build the provider and write its clients' secrets to `secrets_file`.

    Raises `SystemExit` outside the local environment and for an issuer off this machine.
    `clock` is Unix time in seconds.
    """
    if not settings.is_local:
        sys.exit("The local identity provider refuses to run: APP_ENVIRONMENT is not local.")
    if not is_loopback_http(settings.issuer):
        sys.exit("The local identity provider runs on http://127.0.0.1 only; see APP_ISSUER.")
    accounts = Accounts.load()
    accounts.write_secrets(secrets_file)
    mint = Mint(settings, clock)
    authorization = Authorization(settings, accounts, clock)
    tokens = TokenEndpoint(accounts, authorization, mint)

    async def discovery(request: Request) -> Response:
        return JSONResponse(metadata(settings.issuer))

    async def jwks(request: Request) -> Response:
        return JSONResponse(mint.published())

    async def rotate(request: Request) -> Response:
        return JSONResponse({"kid": mint.rotate()})

    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", discovery),
            Route("/jwks.json", jwks),
            Route("/authorize", authorization.page, methods=["GET"]),
            Route("/authorize", authorization.decide, methods=["POST"]),
            Route("/token", tokens.answer, methods=["POST"]),
            Route("/dev/rotate", rotate, methods=["POST"]),
        ],
        # Only under its own name: no page elsewhere may reach it through a name of its own.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[host(settings)])],
    )


def host(settings: Settings) -> str:
    """The host in the issuer's address."""
    return urlsplit(settings.issuer).hostname or ""


def port(settings: Settings) -> int:
    """The port in the issuer's address."""
    return urlsplit(settings.issuer).port or 80


def metadata(issuer: str) -> dict[str, Any]:
    """The discovery document."""
    base = issuer.rstrip("/")
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "jwks_uri": f"{base}/jwks.json",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid", "profile"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }


def main() -> None:
    """Serve at the address of APP_ISSUER until stopped."""
    try:
        settings = load()
    except SettingsError as error:
        sys.exit(str(error))
    app = create_app(settings)
    uvicorn.run(
        app, host=host(settings), port=port(settings), log_level="warning", access_log=False
    )


if __name__ == "__main__":
    main()
