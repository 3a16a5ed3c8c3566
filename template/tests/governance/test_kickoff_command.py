"""`poc kickoff` as a process: where it listens, what it prints, how it ends."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.api.process import free_port
from tests.governance.console import Console
from tests.governance.sample import project

PATIENCE = 60


@contextmanager
def running(root: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, and the address it printed."""
    words = ("-m", "poc.cli", "kickoff", "--no-browser", "--root", str(root), *arguments)
    child = subprocess.Popen(
        (sys.executable, *words),
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout is not None
    try:
        found = re.search(r"http://\S+", child.stdout.readline())
        assert found is not None
        yield child, found.group()
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate(timeout=PATIENCE)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_saves_and_ends(tmp_path: Path, ending: signal.Signals) -> None:
    root, port = project(tmp_path), free_port()
    with running(root, "--port", str(port)) as (child, address):
        assert address.startswith(f"http://127.0.0.1:{port}/?token=")
        origin = f"http://127.0.0.1:{port}"
        with httpx2.Client(follow_redirects=True, timeout=PATIENCE) as browser:
            page = browser.get(address)
            assert page.url.path == "/step/purpose"
            fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
            fields |= {"charter:component": "Sort mail", "go": "stay"}
            answer = browser.post(str(page.url), data=fields, headers={"origin": origin})
            assert "Saved to governance/charter.yaml" in answer.text
            # The browser's connection is still open.
            child.send_signal(ending)
            said, _ = child.communicate(timeout=PATIENCE)
    assert "component: Sort mail" in (root / "governance" / "charter.yaml").read_text("utf-8")
    if ending == signal.SIGINT:
        assert child.returncode == 0
        assert said.rstrip().endswith("Ended. Changed: governance/charter.yaml.")
    assert "Traceback" not in said


def test_it_listens_on_the_loopback_address_only(tmp_path: Path) -> None:
    with running(project(tmp_path)) as (_, address):
        port = int(address.split(":")[2].split("/")[0])
        listening = Path("/proc/net/tcp")
        if not listening.exists():
            pytest.skip("needs /proc/net/tcp")
        rows = [line.split() for line in listening.read_text().splitlines()[1:]]
        bound = [row[1].split(":")[0] for row in rows if row[1].endswith(f":{port:04X}")]
        assert set(bound) == {"0100007F"}


def test_a_port_that_is_taken_is_refused(
    tmp_path: Path, console: Callable[[Path], Console]
) -> None:
    terminal = console(project(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert terminal.type(f"poc kickoff --no-browser --port {port}") == 4
    assert f"Port {port} cannot be used" in terminal.err
    assert "Leave --port out" in terminal.err


@pytest.mark.parametrize("port", ["-1", "70000", "http", "1.5"])
def test_a_port_that_is_none_is_a_mistake_of_the_command_line(
    tmp_path: Path, console: Callable[[Path], Console], port: str
) -> None:
    terminal = console(project(tmp_path))
    assert terminal.type(f"poc kickoff --no-browser --port={port}") == 2
    assert "a number from 0 to 65535" in terminal.err


def test_outside_of_a_project_it_says_so(
    tmp_path: Path, console: Callable[[Path], Console]
) -> None:
    terminal = console(tmp_path)
    assert terminal.type("poc kickoff --no-browser") == 3
    assert "There is no folder governance/ here" in terminal.err
