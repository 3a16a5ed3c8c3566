"""What has to hold before a model can be relied on, checked in an order that explains.

The calls are held to the caps too, but each run by itself: no database is needed.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from app.case import AnyUseCase, ReviewReason
from app.gateway.budget import RunBudget
from app.gateway.endpoint import Endpoint, MissingExtra, endpoint
from app.gateway.gateway import Gateway, Reply
from app.gateway.probe import Check, address, probe, transport
from app.gateway.provider import Provider
from app.gateway.synthetic import first_case
from app.gateway.tariff import Tariff
from app.gateway.watch import utc_now
from app.prices import STALE_DAYS, money
from app.settings import Settings, SettingsError


async def run(settings: Settings, usecase: AnyUseCase) -> AsyncGenerator[Check, None]:
    """Check from the settings to a real answer; the first failure is the last finding."""
    try:
        remote = endpoint(settings)
    except SettingsError as error:
        yield Check("settings", "FAIL", str(error))
        return
    if remote is None:
        yield await _offline(usecase, settings.model_timeout_seconds)
        return
    async with aclosing(_remote(remote, usecase, settings.model_timeout_seconds)) as findings:
        async for check in findings:
            yield check
            if check.status == "FAIL":
                return


async def _offline(usecase: AnyUseCase, seconds: float) -> Check:
    tried = await _try("offline", usecase, None, seconds)
    if isinstance(tried, Check):
        return tried
    return Check("offline", "PASS", "the trained baseline answers; nothing to check")


async def _remote(
    remote: Endpoint, usecase: AnyUseCase, seconds: float
) -> AsyncGenerator[Check, None]:
    yield transport(remote)
    yield _priced(remote.tariff)
    try:
        provider = await asyncio.to_thread(remote.connect, RunBudget())
    except MissingExtra as error:
        yield Check("extra", "FAIL", str(error))
        return
    try:
        yield Check("extra", "PASS", f"the library for {remote.provider} is installed")
        yield await address(remote.address, seconds)
        for check in await probe(provider, seconds):
            yield check
        for check in await _real_call(provider, usecase, seconds):
            yield check
    finally:
        await provider.aclose()


def _priced(tariff: Tariff) -> Check:
    price = tariff.price
    seen = (
        f"{price.in_per_m:g} in, {price.out_per_m:g} out {tariff.currency} per million tokens,"
        f" checked on {price.checked_on}; at most {tariff.shown(tariff.per_request)} a request,"
        f" {tariff.shown(tariff.per_day)} a day"
    )
    if not price.stale(utc_now().date()):
        return Check("price", "PASS", seen)
    advice = f"compare it with {price.source} and set checkedOn in {tariff.file}"
    return Check("price", "WARN", f"{seen}; not within the last {STALE_DAYS} days: {advice}")


async def _real_call(provider: Provider, usecase: AnyUseCase, seconds: float) -> list[Check]:
    tried = await _try("real call", usecase, provider, seconds)
    return [tried] if isinstance(tried, Check) else [_answered(tried), _counted(tried)]


async def _try(
    name: str, usecase: AnyUseCase, provider: Provider | None, seconds: float
) -> Reply[Any] | Check:
    """Have a sample answered, or say why that could not even be tried."""
    try:
        case = first_case(usecase)
        if case is None:
            detail = "no sample of the use case is readable, so none was tried: add a plain one"
            return Check(name, "WARN", detail)
        return await Gateway(usecase, provider, seconds).answer(case)
    except Exception as error:
        detail = f"the use case failed ({type(error).__name__}): is its baseline trained?"
        return Check(name, "FAIL", f"{detail} Run `make setup`.")


def _answered(reply: Reply[Any]) -> Check:
    if reply.failure is not None:
        return Check("real call", "FAIL", reply.detail)
    if reply.refusal is ReviewReason.REFUSED:
        return Check("real call", "WARN", f"{reply.detail} Such cases go to a person.")
    if reply.refusal is not None:
        return Check("real call", "FAIL", reply.detail)
    return Check("real call", "PASS", f"a sample case was answered in {reply.seconds:.1f} s")


def _counted(reply: Reply[Any]) -> Check:
    seen = f"{reply.tokens_in} in, {reply.tokens_out} out"
    if reply.tokens_in and reply.tokens_out:
        return Check("tokens", "PASS", f"{seen}, {money(reply.cost, reply.currency or '')}")
    unknown = "the provider does not count, so each call counts as the most it can cost"
    return Check("tokens", "WARN", f"{seen}: {unknown}")
