"""Serves the page to the browser on this machine until Ctrl-C."""

import contextlib
import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import uvicorn

from poc.engine.problems import Refused
from poc.kickoff.app import build

HOST = "127.0.0.1"
WORDS = "It answers on this machine only. Answers are saved page by page; Ctrl-C ends it."


def listen(port: int) -> socket.socket:
    """A socket on the loopback address; 0 takes a free port. Raises `Refused`."""
    try:
        return socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Refused(
            f"Port {port} cannot be used: {why}. Leave --port out, and a free one is taken."
        ) from None


def serve(root: Path, port: int, browser: bool, output: TextIO) -> list[str]:
    """Serve until Ctrl-C; return the files that were changed. Raises `Refused`."""
    with listen(port) as listening:
        guard, kickoff = build(root, listening.getsockname()[1])
        server = _Server(guard, lambda: _open(guard.address) if browser else None)
        print(f"The kickoff page: {guard.address}", file=output)
        print(WORDS, file=output, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    return list(kickoff.written)


class _Server(uvicorn.Server):
    """Calls back once it answers."""

    def __init__(self, app: object, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,  # type: ignore[arg-type]
                log_level="warning" if os.environ.get("POC_DEBUG") else "critical",
                access_log=False,
                server_header=False,
                lifespan="off",
                # An open tab must not keep the command from ending.
                timeout_graceful_shutdown=1,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def _open(address: str) -> None:
    """Open the browser beside the server: some browsers return only when they are closed."""
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
