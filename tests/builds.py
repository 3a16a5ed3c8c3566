"""Installs rendered projects and runs their own commands, the way their users do."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
TEMPLATE = Path(__file__).parents[1] / "template"


# The rooms of template/tests that no project gets: tests of `poc`, run where they lie.
YARDSTICK = ("tests/collecting", "tests/governance", "tests/sets", "tests/sources")


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Environment:
    """A project and the variables its commands run with: own ports, this interpreter, this uv."""

    project: Path
    variables: dict[str, str]

    def make(self, target: str, *more: str) -> str:
        """Run a target; its whole output is in the failure."""
        command = ["make", "--no-print-directory", target, f"UV={BIN / 'uv'}", *more]
        if not any(one.startswith("PYTHON=") for one in more):
            command.append(f"PYTHON={sys.executable}")
        return self._run(command)

    def python(self, *arguments: str) -> str:
        """Run the project's own interpreter."""
        return self._run([str(self.project / ".venv" / "bin" / "python"), *arguments])

    def yardstick(self, marks: str) -> str:
        """Run the template's tests of `poc` by this project's interpreter."""
        there = Environment(
            TEMPLATE,
            self.variables | {"PYTHONPATH": str(TEMPLATE), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        )
        python = str(self.project / ".venv" / "bin" / "python")
        return there._run([python, "-m", "pytest", "-n", "2", "-m", marks, *YARDSTICK])

    def poc(self, line: str, code: int = 0) -> str:
        """Type a `poc` command and return what it says; it has to end with this exit code."""
        command = [str(self.project / ".venv" / "bin" / "poc"), *shlex.split(line)]
        return self._run(command, code)

    def _run(self, command: list[str], code: int = 0) -> str:
        done = subprocess.run(
            command,
            cwd=self.project,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"{command}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
        return done.stdout + done.stderr


def environment(project: Path) -> Environment:
    """The variables for a project: nothing of ours leaks in, ports are free ones."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("APP_", "PYTEST_", "VIRTUAL_ENV", "PYTHONPATH", "MAKE"))
    }
    port = free_port()
    return Environment(
        project,
        kept
        | {
            "APP_PORT": str(port),
            "APP_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "APP_METRICS_PORT": str(free_port()),
            "APP_ISSUER": f"http://127.0.0.1:{free_port()}",
        },
    )


def installed(project: Path, *more: str) -> Path:
    """Install a project with `make setup`."""
    environment(project).make("setup", *more)
    return project


@contextmanager
def running(env: Environment) -> Iterator[None]:
    """`make run` in the background; ends only the processes it started."""
    child = subprocess.Popen(
        ["make", "run"],
        cwd=env.project,
        env=env.variables,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        ready = f"http://127.0.0.1:{env.variables['APP_PORT']}/health/ready"
        deadline = time.monotonic() + 60
        while True:
            assert child.poll() is None
            assert time.monotonic() < deadline
            try:
                with urllib.request.urlopen(ready, timeout=1):  # noqa: S310 - our own loopback
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        yield
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait(40)
