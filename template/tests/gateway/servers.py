"""Local servers in the shape of OpenAI chat completions and Anthropic messages.

The model's name picks the behaviour, after a slash if there is one. `requests` holds every
question in the order received.
"""

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Self

import uvicorn

from . import behaviours
from .wire import Behaviour, Request, Wire, anthropic_error, openai_error

KEY = "sk-local-0123456789"
LATE_SECONDS = 10.0
PATHS = {"/v1/chat/completions": "openai", "/v1/messages": "anthropic"}
TABLES: dict[str, dict[str, Behaviour]] = {
    "openai": behaviours.OPENAI,
    "anthropic": behaviours.ANTHROPIC,
}

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class ModelServer:
    """Runs in a thread on a free port from `__enter__` to `__exit__`; knows `more` behaviours."""

    def __init__(self, more: Mapping[str, Behaviour] | None = None) -> None:
        self.tables = {name: {**table, **(more or {})} for name, table in TABLES.items()}
        self.requests: list[Request] = []
        self.arrived = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            self._app, interface="asgi3", log_config=None, lifespan="off", ws="none"
        )
        self._server = uvicorn.Server(config)
        # The socket listens already, so a client may connect before the thread has started.
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def address(self, provider: str) -> str:
        root = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        return f"{root}/v1" if provider == "openai" else root

    def forget(self) -> None:
        self.requests.clear()
        self.arrived.clear()

    async def _app(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        body = b""
        while (event := await receive())["type"] == "http.request":
            body += event["body"]
            if not event.get("more_body"):
                break
        if scope["method"] == "POST":
            request = {"path": scope["path"], "headers": dict(scope["headers"])}
            request |= json.loads(body) if body else {}
            self.requests.append(request)
            self.arrived.set()
            await _send(_reply(request, self.tables), receive, send)
        else:
            await _send(Wire(404), receive, send)


def _reply(request: Request, tables: Mapping[str, dict[str, Behaviour]]) -> Wire:
    provider = PATHS.get(request["path"])
    if provider is None:
        return Wire(404, b"{}")
    error = openai_error if provider == "openai" else anthropic_error
    headers = request["headers"]
    if KEY.encode() not in (headers.get(b"x-api-key"), headers.get(b"authorization", b"")[7:]):
        return error(401, "authentication_error", "no such key")
    # A real name may stand in front, since the library knows what real models can do.
    behaviour = tables[provider].get(request["model"].rpartition("/")[2])
    if behaviour is None:
        return error(404, "not_found_error", f"model: {request['model']}")
    return behaviour(request)


async def _send(wire: Wire, receive: Receive, send: Send) -> None:
    if wire.pace == "late" and await _gone(receive, LATE_SECONDS):
        return
    length = len(wire.body) + (100 if wire.pace == "truncated" else 0)
    headers = {"content-type": wire.media_type, "content-length": str(length), **wire.headers}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": wire.status, "headers": raw})
    if wire.pace == "drip":
        for position in range(len(wire.body)):
            if await _gone(receive, LATE_SECONDS / len(wire.body)):
                return
            byte = wire.body[position : position + 1]
            await send({"type": "http.response.body", "body": byte, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        return
    cut = wire.pace == "truncated"
    await send({"type": "http.response.body", "body": wire.body, "more_body": cut})


async def _gone(receive: Receive, seconds: float) -> bool:
    """Wait for the client to hang up; false when it is still there afterwards."""
    try:
        async with asyncio.timeout(seconds):
            return str((await receive())["type"]) == "http.disconnect"
    except TimeoutError:
        return False


class ResettingServer:
    """Accepts, reads a little and resets the connection; `hits` counts the connections."""

    def __init__(self) -> None:
        self.hits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.recv(1024)
                self.hits += 1
                # Lingering for zero seconds makes the close a reset.
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
