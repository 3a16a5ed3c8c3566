"""Installs rendered projects and runs their own commands, the way their users do."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent


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

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(
            command,
            cwd=self.project,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
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
