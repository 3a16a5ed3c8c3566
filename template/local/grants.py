"""The token endpoint: codes and clients' own credentials for tokens (RFC 6749)."""

import base64
import hashlib
import hmac
from urllib.parse import unquote_plus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.accounts import Accounts, Client
from local.authorization import Authorization
from local.minting import TOKEN_SECONDS, Mint


class TokenEndpoint:
    """Answers `POST /token`."""

    def __init__(self, accounts: Accounts, authorization: Authorization, mint: Mint) -> None:
        self._accounts = accounts
        self._authorization = authorization
        self._mint = mint

    async def answer(self, request: Request) -> Response:
        """Give tokens, or one of the errors of RFC 6749, section 5.2."""
        form = await request.form(max_files=0, max_fields=20)
        client = self._client(request.headers.get("authorization", ""), form)
        if client is None:
            return _error("invalid_client", 401)
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._code(client, form)
        if kind == "client_credentials":
            return self._own(client)
        return _error("unsupported_grant_type")

    def _client(self, header: str, form: FormData) -> Client | None:
        if not header:
            named = self._accounts.clients.get(str(form.get("client_id", "")))
            return named if named is not None and named.pages else None
        client_id, secret = _basic(header)
        client = self._accounts.clients.get(client_id)
        if client is None or client.pages:
            return None
        return client if hmac.compare_digest(secret.encode(), client.secret.encode()) else None

    def _code(self, client: Client, form: FormData) -> Response:
        grant = self._authorization.redeem(str(form.get("code", "")))
        if grant is None or grant.client_id != client.id:
            return _error("invalid_grant")
        if str(form.get("redirect_uri", "")) != grant.redirect_uri:
            return _error("invalid_grant")
        if not hmac.compare_digest(_s256(str(form.get("code_verifier", ""))), grant.challenge):
            return _error("invalid_grant")
        person = grant.person
        access_token = self._mint.access_token(person.id, client.id, person.roles, person.name)
        return _tokens(access_token, id_token=self._mint.id_token(person, client.id, grant.nonce))

    def _own(self, client: Client) -> Response:
        if client.pages:
            return _error("unauthorized_client")
        return _tokens(self._mint.access_token(client.id, client.id, client.roles))


def _basic(header: str) -> tuple[str, str]:
    """Read a client's id and secret, both form-urlencoded; empty when they cannot be read."""
    scheme, _, pair = header.partition(" ")
    try:
        text = base64.b64decode(pair, validate=True).decode("ascii")
    except ValueError:
        return "", ""
    client_id, _, secret = text.partition(":")
    return (
        (unquote_plus(client_id), unquote_plus(secret)) if scheme.lower() == "basic" else ("", "")
    )


def _s256(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _tokens(access_token: str, **more: str) -> Response:
    body = {"access_token": access_token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
    return JSONResponse({**body, **more}, headers={"cache-control": "no-store"})


def _error(code: str, status: int = 400) -> Response:
    headers = {"cache-control": "no-store"}
    if status == 401:
        headers["www-authenticate"] = "Basic"
    return JSONResponse({"error": code}, status, headers)
