"""Preflight from the settings to a first structured answer, without the use case."""

import asyncio
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

import httpx2
from pydantic import BaseModel, ConfigDict

from app.case import Ask
from app.gateway.asking import read
from app.gateway.endpoint import Endpoint
from app.gateway.errors import (
    BadCredentials,
    GatewayError,
    QuotaExceeded,
    Rejected,
    SpendCapReached,
)
from app.gateway.provider import Completion, Provider


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; `detail` says what was seen and, unless it passed, what to do."""

    name: str
    status: Literal["PASS", "WARN", "FAIL"]
    detail: str


class Probe(BaseModel):
    """A schema that any model able to answer in a schema can fill."""

    model_config = ConfigDict(extra="forbid")

    ready: bool


QUESTION = Ask("Answer with ready set to true.", "Are you ready?")


def transport(remote: Endpoint) -> Check:
    """Name the settings, and warn when cases and key would travel in the clear."""
    parts = urlsplit(remote.address)
    seen = f"{remote.provider}, model {remote.model}, output {remote.output}"
    if parts.scheme == "https" or _loopback(parts.hostname or ""):
        return Check("settings", "PASS", seen)
    return Check("settings", "WARN", f"{seen}; cases and key travel unencrypted: use https")


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def address(url: str, seconds: float) -> Check:
    """Look for any HTTP answer: only the way there is checked, so every status counts."""
    try:
        async with (
            asyncio.timeout(seconds),
            httpx2.AsyncClient() as client,
            client.stream("GET", url),
        ):
            return Check("address", "PASS", f"{url} answers")
    except (httpx2.HTTPError, TimeoutError) as error:
        detail = f"{url} does not answer ({type(error).__name__}): check APP_MODEL_BASE_URL"
        return Check("address", "FAIL", f"{detail}, proxy and firewall")


async def probe(provider: Provider, seconds: float) -> list[Check]:
    """Ask one small question: it proves credentials, model and structured output at once."""
    try:
        completion = await provider.ask(QUESTION, Probe, seconds)
    except GatewayError as error:
        return [_refuted(error)]
    return [
        Check("credentials", "PASS", "accepted"),
        Check("model", "PASS", provider.model),
        _structured(completion),
    ]


def _refuted(error: GatewayError) -> Check:
    # What stands before the failure is left out: a 404 for a wrong address, or a request that was
    # never sent, proves nothing about the key.
    if isinstance(error, SpendCapReached):
        return Check("price", "FAIL", str(error))
    if isinstance(error, BadCredentials | QuotaExceeded):
        return Check("credentials", "FAIL", str(error))
    if isinstance(error, Rejected):
        return Check("structured output", "FAIL", str(error))
    wait = "" if error.retry_after is None else f" Try again in {error.retry_after:g} s."
    return Check("model", "FAIL", f"{error}{wait}")


def _structured(completion: Completion) -> Check:
    answer, _, detail = read(completion, Probe)
    if answer is not None:
        return Check("structured output", "PASS", "a small schema was filled")
    return Check("structured output", "FAIL", f"{detail} Try another APP_MODEL_OUTPUT or model.")
