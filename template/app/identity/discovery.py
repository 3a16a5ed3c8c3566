"""Finds an issuer's endpoints (OpenID Connect Discovery 1.0) and reads its documents."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2

DEADLINE_SECONDS = 5.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class IssuerError(Exception):
    """The issuer did not answer, or answered what cannot be used."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The parts of a discovery document that are used here.

    An endpoint is empty when the issuer does not offer it. `sends_iss` tells whether each
    authorization response must name the issuer (RFC 9207).
    """

    jwks_uri: str
    authorization_endpoint: str
    token_endpoint: str
    sends_iss: bool


def is_loopback_http(url: str) -> bool:
    """Tell whether the address is plain http that does not leave the machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def check_issuer(issuer: str) -> None:
    """Raise `ValueError` for an issuer whose keys could be swapped on the way."""
    if urlsplit(issuer).scheme != "https" and not is_loopback_http(issuer):
        raise ValueError("APP_ISSUER must be https, or http on 127.0.0.1 or localhost")


async def call(client: httpx2.AsyncClient, request: httpx2.Request) -> httpx2.Response:
    """Send one request with a deadline for the whole of it. Raises `IssuerError`."""
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await client.send(request, follow_redirects=False)
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
        raise IssuerError("the issuer cannot be reached") from error


async def read_json(client: httpx2.AsyncClient, url: str) -> dict[str, Any]:
    """Read one of the issuer's JSON documents. Raises `IssuerError`."""
    response = await call(client, client.build_request("GET", url))
    if response.status_code != 200:
        raise IssuerError(f"the issuer answered {response.status_code}")
    return json_object(response)


def json_object(response: httpx2.Response) -> dict[str, Any]:
    """Parse a reply that must be a JSON object. Raises `IssuerError`."""
    try:
        document = response.json()
    except (ValueError, RecursionError) as error:
        raise IssuerError("the issuer did not answer with JSON") from error
    if not isinstance(document, dict):
        raise IssuerError("the issuer did not answer with a JSON object")
    return document


async def discover(client: httpx2.AsyncClient, issuer: str) -> Metadata:
    """Read the issuer's discovery document. Raises `IssuerError`.

    The document must name the issuer byte for byte, or one issuer could speak for another
    (OpenID Connect Discovery 1.0, section 4.3).
    """
    url = issuer.rstrip("/") + "/.well-known/openid-configuration"
    document = await read_json(client, url)
    if document.get("issuer") != issuer:
        raise IssuerError("the discovery document names another issuer than APP_ISSUER")
    jwks_uri = _endpoint(document, "jwks_uri", issuer)
    if not jwks_uri:
        raise IssuerError("the discovery document has no jwks_uri")
    return Metadata(
        jwks_uri=jwks_uri,
        authorization_endpoint=_endpoint(document, "authorization_endpoint", issuer),
        token_endpoint=_endpoint(document, "token_endpoint", issuer),
        sends_iss=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _endpoint(document: dict[str, Any], name: str, issuer: str) -> str:
    url = document.get(name, "")
    if not isinstance(url, str):
        raise IssuerError(f"{name} in the discovery document is not a text")
    try:
        secure = urlsplit(url).scheme == "https" or (
            is_loopback_http(issuer) and is_loopback_http(url)
        )
    except ValueError as error:
        raise IssuerError(f"{name} in the discovery document is not an address") from error
    if url and not secure:
        raise IssuerError(f"{name} in the discovery document is not https")
    return url
