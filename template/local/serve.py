"""Runs the service on a laptop: `python -m local.serve` (`make run`).

Starts the local identity provider and the service, says where to look, and ends both on
Ctrl-C. With an APP_ISSUER that is not http on loopback, only the service is started.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import httpx2

from app.identity.discovery import is_loopback_http
from app.settings import Settings, SettingsError, load
from local import identity

Child = subprocess.Popen[bytes]

IDENTITY = (sys.executable, "-m", "local.identity")
SERVICE = (sys.executable, "-m", "app.main")
START_SECONDS = 60.0
# The service finishes its requests first; see its graceful stop.
STOP_SECONDS = 25.0


def check_ports(settings: Settings) -> None:
    """Raise `SystemExit` naming the first port that something else listens on."""
    wanted = [
        (settings.host, settings.port, "APP_PORT and APP_PUBLIC_URL"),
        (settings.host, settings.metrics_port, "APP_METRICS_PORT"),
    ]
    if is_loopback_http(settings.issuer):
        wanted.append((identity.host(settings), identity.port(settings), "APP_ISSUER"))
    for host, port, setting in wanted:
        if not _is_free(host, port):
            sys.exit(f"Port {port} is taken. End what listens there, or change {setting}.")


def started(settings: Settings, *children: Child, seconds: float = START_SECONDS) -> bool:
    """Wait until sign-in and service answer; False when a child ends or time runs out."""
    urls = [_host_url(settings.host, settings.port) + "/health/ready"]
    if is_loopback_http(settings.issuer):
        urls.insert(0, _discovery(settings))
    return answers(urls, children, seconds)


def answers(urls: Sequence[str], children: Sequence[Child], seconds: float) -> bool:
    """Poll until each address gave a 200; False when a child ends or `seconds` are over."""
    deadline = time.monotonic() + seconds
    with httpx2.Client(timeout=2, trust_env=False) as client:
        for url in urls:
            while not _gives_200(client, url):
                if time.monotonic() > deadline or any(one.poll() is not None for one in children):
                    return False
                time.sleep(0.05)
    return all(one.poll() is None for one in children)


def run(settings: Settings, quiet: bool) -> int:
    """Run the children until one ends; the exit status."""
    output = subprocess.DEVNULL if quiet else None
    with _children() as children:
        if is_loopback_http(settings.issuer):
            children.append(subprocess.Popen(IDENTITY, stdout=output, start_new_session=True))
            if not answers([_discovery(settings)], children, START_SECONDS):
                return _gave_up("local identity provider")
        children.append(subprocess.Popen(SERVICE, stdout=output, start_new_session=True))
        if not started(settings, *children):
            return _gave_up("service")
        if not quiet:
            print(_where_to_look(settings), flush=True)
        while all(one.poll() is None for one in children):
            time.sleep(0.2)
        print("A part of it ended by itself; see above. Ending the rest.", file=sys.stderr)
        return 1


@contextmanager
def _children() -> Iterator[list[Child]]:
    """The children's life: whatever happens, all of them have ended afterwards."""
    children: list[Child] = []
    try:
        yield children
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for child in reversed(children):
            child.terminate()
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _gives_200(client: httpx2.Client, url: str) -> bool:
    try:
        return client.get(url).status_code == 200
    except httpx2.HTTPError:
        return False


def _host_url(host: str, port: int) -> str:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _discovery(settings: Settings) -> str:
    return settings.issuer.rstrip("/") + "/.well-known/openid-configuration"


def _gave_up(part: str) -> int:
    print(f"The {part} did not start; see above.", file=sys.stderr)
    return 1


def _where_to_look(settings: Settings) -> str:
    lines = [f"\nThe service runs. Pages: {settings.public_url}"]
    if is_loopback_http(settings.issuer):
        lines.append("Sign in by picking a person. A token for the API: make token ROLE=submitter")
    return "\n".join([*lines, "Stop it with Ctrl-C.\n"])


def _on_sigterm(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Check, start, wait, stop; `--quiet` leaves out the children's output and the hints."""
    try:
        settings = load()
    except SettingsError as error:
        sys.exit(str(error))
    if not settings.is_local:
        sys.exit("make run is for a laptop: APP_ENVIRONMENT is not local. Run python -m app.main.")
    check_ports(settings)
    signal.signal(signal.SIGTERM, _on_sigterm)
    try:
        status = run(settings, quiet="--quiet" in sys.argv[1:])
    except KeyboardInterrupt:
        status = 0
    sys.exit(status)


if __name__ == "__main__":
    main()
