"""Prints an access token of the local identity provider: `python -m local.token ROLE`."""

import sys
from pathlib import Path

import httpx2

from app.identity import Role
from app.identity.discovery import is_loopback_http
from app.identity.exchange import basic
from app.settings import Settings, SettingsError, load
from local.accounts import SECRETS, read_secret, service_id

NOT_RUNNING = "The local identity provider is not running; start it with `make run`."


class TokenError(Exception):
    """There is no token to be had; the message says what to do."""


def fetch_token(settings: Settings, role: str, secrets_file: Path = SECRETS) -> str:
    """Get an access token of the service client with this role. Raises `TokenError`."""
    if role not in list(Role):
        raise TokenError(f"There is no role {role!r}; choose one of {', '.join(Role)}.")
    if not is_loopback_http(settings.issuer):
        raise TokenError("APP_ISSUER is not the local identity provider; get a token there.")
    client_id = service_id(role)
    secret = read_secret(client_id, secrets_file)
    if secret is None:
        raise TokenError(NOT_RUNNING)
    try:
        # Loopback never goes through a proxy.
        with httpx2.Client(timeout=5, trust_env=False) as client:
            response = client.post(
                settings.issuer.rstrip("/") + "/token",
                data={"grant_type": "client_credentials"},
                headers={"authorization": basic(client_id, secret)},
            )
    except httpx2.HTTPError:
        raise TokenError(NOT_RUNNING) from None
    if response.status_code != 200:
        raise TokenError(
            f"What runs at {settings.issuer} refused ({response.status_code}); end it and start"
            " again with `make run`."
        )
    token: str = response.json()["access_token"]
    return token


def main() -> None:
    """Print the token, or say in one line why there is none."""
    if len(sys.argv) != 2:
        sys.exit(f"Say for which role: python -m local.token ROLE, one of {', '.join(Role)}.")
    try:
        print(fetch_token(load(), sys.argv[1]))
    except (SettingsError, TokenError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
