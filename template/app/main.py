"""Starts the service: `python -m app.main`."""

import asyncio
import gc
import signal
import socket
import sys
from contextlib import aclosing, closing
from pathlib import Path
from types import FrameType

import httpx2
import uvicorn

from app import gateway, usecase
from app.acceptance import Acceptance
from app.api.service import Parts, create_site
from app.errors import ServiceError
from app.gateway import Gateway
from app.handler import CaseHandler
from app.identity import SignIn, Verifier
from app.identity.discovery import is_loopback_http
from app.intake import Limits
from app.pipeline import Pipeline
from app.records import Records, open_records
from app.settings import Settings, SettingsError, load
from app.telemetry import logs, metrics, traces

CALIBRATION = Path(usecase.__file__).parent / "calibration.json"


async def serve(settings: Settings) -> None:
    """Build every part, serve until a signal comes, then close the parts in reverse.

    Raises `SettingsError`, `ServiceError`, `ValueError` or `OSError` for what is not ready.
    """
    # An issuer on this machine is not behind the proxy that the environment names.
    trust_env = not is_loopback_http(settings.issuer)
    with closing(open_records(settings.database_url.get_secret_value())) as records:
        await records.ping()
        async with (
            httpx2.AsyncClient(timeout=5, trust_env=trust_env) as client,
            aclosing(await gateway.start(settings, usecase.USE_CASE, records)) as model,
        ):
            config = uvicorn.Config(
                create_site(parts(settings, records, client, model)),
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=20,
            )
            with listen(settings.host, settings.port) as listener:
                metrics.serve(settings.host, settings.metrics_port)
                # What start-up built lives as long as the process: spare the collector it.
                gc.collect()
                gc.freeze()
                await uvicorn.Server(config).serve([listener])


def parts(
    settings: Settings, records: Records, client: httpx2.AsyncClient, model: Gateway
) -> Parts:
    """Put together what the routes work with."""
    limits = Limits(settings.intake_limit_bytes, settings.intake_limit_characters)
    pipeline = Pipeline(usecase.USE_CASE, model, Acceptance.load(CALIBRATION), limits)
    return Parts(
        settings=settings,
        usecase=usecase.USE_CASE,
        records=records,
        verifier=Verifier.of(settings, client),
        sign_in=SignIn(settings, client),
        handler=CaseHandler(pipeline, records),
        tracer_provider=traces.provider(usecase.USE_CASE.name, settings.trace_sample_ratio),
    )


def listen(host: str, port: int) -> socket.socket:
    """Listen on the port of the API and the pages. Raises `SettingsError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named: asyncio switches Nagle's delay off for no other socket.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"APP_PORT: {host}:{port} cannot be used ({error.strerror});"
            " end what listens there, or choose another"
        ) from None
    return listener


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    # uvicorn raises the signal again once it has stopped: the parts must be closed even then.
    sys.exit(0)


def main() -> None:
    """Run, or say in a line or two what keeps the service from starting."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        settings = load()
        logs.configure(settings.log_level)
        asyncio.run(serve(settings))
    except (SettingsError, ServiceError, ValueError, OSError) as error:
        sys.exit(f"The service cannot start: {error}")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
