"""Ports of this machine: free ones, and one that something else listens on."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from app.settings import Settings
from tests.identity.people import settings_for


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def free_settings(**more: object) -> Settings:
    values = {
        "port": free_port(),
        "metrics_port": free_port(),
        "issuer": f"http://127.0.0.1:{free_port()}",
    }
    return settings_for(**{**values, **more})


class Always(BaseHTTPRequestHandler):
    """Something else that listens: 200 to GET, 401 to POST."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(401)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None: ...


@contextmanager
def something_else() -> Iterator[int]:
    """Let something else listen: its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Always) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
