"""The service as a process: it starts, serves, and ends without losing anything."""

import shutil
import signal
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.api.process import IDENTITY, LAPTOP, PATIENCE_SECONDS, Running, until
from tests.api.usecase import SURE, text

# The project's own service: whatever its use case is, it stores a text.
MAIN = ("-m", "app.main")


@pytest.fixture
def site(tmp_path: Path, migrated: Path) -> Iterator[Running]:
    """A folder with a migrated database in which nothing runs yet."""
    (tmp_path / "data").mkdir()
    shutil.copy(migrated, tmp_path / "data/app.db")
    made = Running(tmp_path)
    yield made
    made.stop()


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return True
    return False


def begin_request(line: socket.socket, token: str, body: bytes) -> None:
    """Send all but the body, and wait until the service asks for that."""
    head = (
        f"POST /v1/cases HTTP/1.1\r\nhost: poc\r\nauthorization: Bearer {token}\r\n"
        f"content-type: text/plain\r\ncontent-length: {len(body)}\r\n"
        "expect: 100-continue\r\n\r\n"
    )
    line.sendall(head.encode())
    assert line.recv(100).startswith(b"HTTP/1.1 100")


def test_a_request_under_way_is_finished_before_the_end(site: Running, tmp_path: Path) -> None:
    site.ready(site.start(*IDENTITY), f"{site.issuer}/.well-known/openid-configuration")
    # A proxy for the way out must not stand between the service and its own machine.
    service = site.start(*MAIN, HTTP_PROXY="http://127.0.0.1:9", NO_PROXY="")
    site.ready(service, f"{site.url}/health/ready")
    with socket.create_connection(("127.0.0.1", site.port)) as line:
        begin_request(line, site.token(), text(SURE))
        service.send_signal(signal.SIGTERM)
        until(lambda: refuses(site.port))
        line.sendall(text(SURE))
        reply = b"".join(iter(lambda: line.recv(65536), b""))
    assert reply.startswith(b"HTTP/1.1 201")
    assert service.wait(PATIENCE_SECONDS) == 0
    assert "Traceback" not in site.text()
    # The last connection that is closed in order takes the write-ahead log with it.
    assert not (tmp_path / "data/app.db-wal").exists()
    database = sqlite3.connect(tmp_path / "data/app.db")
    assert database.execute("SELECT count(*) FROM audit").fetchall() == [(1,)]
    database.close()


def test_a_start_that_fails_ends_with_1_and_no_traceback(site: Running) -> None:
    service = site.start(*MAIN, APP_ENVIRONMENT="production")
    assert service.wait(PATIENCE_SECONDS) == 1
    said = site.text()
    assert said.startswith("The service cannot start: APP_SESSION_SECRET: must be set")
    assert "Traceback" not in said


def test_a_laptop_runs_and_ends_both_parts(site: Running) -> None:
    laptop = site.start(*LAPTOP)
    site.ready(laptop, f"{site.url}/health/ready")
    with site.client() as client:
        reply = client.post("/v1/cases", content=text(SURE), headers={"content-type": "text/plain"})
        assert reply.json()["status"] == "answered"
    laptop.send_signal(signal.SIGTERM)
    assert laptop.wait(PATIENCE_SECONDS) == 0
    for url in (site.url, site.issuer):
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(url, trust_env=False)


def test_a_laptop_whose_service_does_not_start_ends(site: Running) -> None:
    laptop = site.start(*LAPTOP, APP_DATABASE_URL="sqlite:///data/new.db")
    assert laptop.wait(PATIENCE_SECONDS) == 1
    assert "python -m app.records.migrate" in site.text()
    assert refuses(int(site.issuer.rpartition(":")[2]))
