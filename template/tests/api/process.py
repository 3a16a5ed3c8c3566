"""Processes of the real service on free ports, in a folder of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from local.token import fetch_token
from tests.identity.people import settings_for

Child = subprocess.Popen[bytes]

PATH = [str(Path(__file__).parents[2]), *(path for path in sys.path if path)]
PATIENCE_SECONDS = 60.0

SERVICE = ("-m", "tests.api.service")
LAPTOP = ("-m", "tests.api.service", "--laptop")
IDENTITY = ("-m", "local.identity")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class Running:
    """What runs in `folder`, its settings, and everything it has written."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port, self.metrics_port, identity_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.metrics_url = f"http://127.0.0.1:{self.metrics_port}"
        self.issuer = f"http://127.0.0.1:{identity_port}"
        self.settings = {
            "APP_PORT": str(self.port),
            "APP_METRICS_PORT": str(self.metrics_port),
            "APP_PUBLIC_URL": self.url,
            "APP_ISSUER": self.issuer,
            **settings,
        }
        self.children: list[Child] = []

    def start(self, *arguments: str, **settings: str) -> Child:
        environment = {name: value for name, value in os.environ.items() if name[:4] != "APP_"}
        environment |= {**self.settings, **settings, "PYTHONPATH": os.pathsep.join(PATH)}
        with self._output(len(self.children)).open("wb") as output:
            child = subprocess.Popen(
                (sys.executable, *arguments),
                cwd=self.folder,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.children.append(child)
        return child

    def stop(self) -> None:
        for child in reversed(self.children):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
            child.wait(PATIENCE_SECONDS)

    def text(self, number: int = -1) -> str:
        """Everything that one of the children has written, the newest unless told."""
        return self._output(range(len(self.children))[number]).read_text("utf-8")

    def _output(self, number: int) -> Path:
        return self.folder / f"output-{number}.txt"

    def ready(self, child: Child, url: str) -> None:
        """Wait until an address answers with 200, as long as the child lives."""

        def answers() -> bool:
            assert child.poll() is None, self.text()
            try:
                return httpx2.get(url, trust_env=False, timeout=5).status_code == 200
            except httpx2.HTTPError:
                return False

        until(answers)

    def token(self, role: str = "submitter") -> str:
        settings = settings_for(issuer=self.issuer)
        return fetch_token(settings, role, self.folder / "data/local-identity.json")

    def client(self, role: str = "submitter") -> httpx2.Client:
        headers = {"authorization": f"Bearer {self.token(role)}"}
        return httpx2.Client(base_url=self.url, headers=headers, trust_env=False, timeout=30)


def until(holds: Callable[[], bool]) -> None:
    """Poll a condition that other processes bring about."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "this never happened"
        time.sleep(0.02)


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Running]:
    """The service and its identity provider, migrated and ready."""
    site = Running(folder, **settings)
    try:
        assert site.start("-m", "app.records.migrate").wait(PATIENCE_SECONDS) == 0, site.text()
        identity = site.start(*IDENTITY)
        site.ready(identity, f"{site.issuer}/.well-known/openid-configuration")
        site.ready(site.start(*SERVICE), f"{site.url}/health/ready")
        yield site
    finally:
        site.stop()
