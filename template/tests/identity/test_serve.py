"""Serving both parts on a laptop: start, quiet, end, and what is said when it cannot be."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.settings import Settings
from local import serve
from local.serve import check_ports, started
from local.token import TokenError, fetch_token
from tests.identity.machine import free_port, free_settings, something_else

ROOT = Path(__file__).parents[2]
# Stands in for the service: it is ready at once, until told to end.
SERVICE = """
import http.server, os, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.end_headers()
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", int(os.environ["APP_PORT"])), Ready)
"""
NOISY = SERVICE + "print('ready', flush=True); server.serve_forever()"
FOREVER = SERVICE + "server.serve_forever()"
ONCE = SERVICE + "server.handle_request()"
BROKEN = "import sys; sys.exit('the service is broken')"


@contextmanager
def serving(
    folder: Path, settings: Settings, service: str, *options: str
) -> Iterator[subprocess.Popen[str]]:
    """Run the command with another service in place of the real one."""
    code = f"import sys, local.serve as s;s.SERVICE = (sys.executable, '-c', {service!r}); s.main()"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "APP_PORT": str(settings.port),
        "APP_METRICS_PORT": str(settings.metrics_port),
        "APP_ISSUER": settings.issuer,
        "APP_ENVIRONMENT": settings.environment,
    }
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", code, *options]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=pipe, stderr=pipe, text=True
    ) as child:
        try:
            yield child
        finally:
            child.terminate()
            child.communicate(timeout=60)


def read_until(child: subprocess.Popen[str], text: str) -> str:
    assert child.stdout is not None
    read = ""
    for line in child.stdout:
        read += line
        if text in line:
            return read
    raise AssertionError(f"ended without {text!r}: {read}")


def test_it_serves_both_parts_until_it_is_ended(tmp_path: Path) -> None:
    settings = free_settings()
    secrets = tmp_path / "data" / "local-identity.json"
    with serving(tmp_path, settings, FOREVER) as child:
        said = read_until(child, "Ctrl-C")
        assert settings.public_url in said
        assert "make token" in said
        assert fetch_token(settings, "auditor", secrets).count(".") == 2
        child.terminate()
        assert child.wait(60) == 0
    check_ports(settings)
    with pytest.raises(TokenError, match="not running"):
        fetch_token(settings, "auditor", secrets)


def test_it_can_be_quiet_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    settings = free_settings()
    with serving(tmp_path, settings, NOISY, "--quiet") as child:
        assert started(settings, seconds=60)
        child.send_signal(signal.SIGINT)
        assert child.communicate(timeout=60) == ("", "")
        assert child.returncode == 0
    check_ports(settings)


def test_it_ends_with_an_error_when_a_part_ends(tmp_path: Path) -> None:
    settings = free_settings()
    with serving(tmp_path, settings, ONCE) as child:
        _, said = child.communicate(timeout=60)
        assert child.returncode == 1
    assert "see above" in said
    check_ports(settings)


def test_it_ends_with_an_error_when_the_service_does_not_start(tmp_path: Path) -> None:
    settings = free_settings()
    with serving(tmp_path, settings, BROKEN) as child:
        _, said = child.communicate(timeout=60)
        assert child.returncode == 1
    assert said.splitlines() == ["the service is broken", "The service did not start; see above."]
    check_ports(settings)


def test_with_an_issuer_elsewhere_only_the_service_is_started(tmp_path: Path) -> None:
    settings = free_settings(issuer="https://login.example.test")
    with serving(tmp_path, settings, FOREVER) as child:
        assert "make token" not in read_until(child, "Ctrl-C")
        assert not (tmp_path / "data").exists()


def test_something_else_that_answers_is_not_taken_for_a_child_that_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait(60)
    with something_else() as port:
        settings = free_settings(port=port, issuer="https://login.example.test")
        assert not started(settings, child, seconds=60)
        assert started(settings, seconds=60)


def test_it_is_for_a_laptop_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENVIRONMENT", "staging")
    monkeypatch.setenv("APP_ISSUER", "https://login.example.test")
    monkeypatch.setenv("APP_PUBLIC_URL", "https://pages.example.test")
    monkeypatch.setenv("APP_SESSION_SECRET", "s" * 40)
    with pytest.raises(SystemExit, match="APP_ENVIRONMENT is not local"):
        serve.main()


@pytest.mark.parametrize(
    ("taken", "setting"),
    [("port", "APP_PORT"), ("metrics_port", "APP_METRICS_PORT"), ("issuer", "APP_ISSUER")],
)
def test_a_taken_port_is_named_with_its_setting(taken: str, setting: str) -> None:
    settings = free_settings()
    port = int(str(getattr(settings, taken)).rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)), pytest.raises(SystemExit) as stop:
        check_ports(settings)
    assert str(stop.value).startswith(f"Port {port} is taken.")
    assert setting in str(stop.value)


def test_the_port_of_an_issuer_elsewhere_does_not_matter() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as held:
        port = held.getsockname()[1]
        check_ports(free_settings(issuer=f"https://login.example.test:{port}"))
