"""Renders are shared by all tests that only read them."""

import os
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from copier import run_copy

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "template"
# What a team replaces after day one; an update leaves it alone.
YOURS = (
    "project.toml",
    "app/usecase/",
    "evals/cases/",
    "evals/scorers.py",
    "evals/slices.py",
    "evals/edges.toml",
    "evals/guideline.md",
    "evals/baseline.json",
    "evals/learning_curve.json",
)


def render(destination: Path, source: Path = ROOT, ref: str = "HEAD", **answers: object) -> Path:
    """Render this clone's own state, uncommitted changes included."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_copy(
            str(source),
            destination,
            data=answers,
            defaults=True,
            vcs_ref=ref,
            quiet=True,
            overwrite=True,
        )
    return destination


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody, without the settings of whoever runs the tests."""
    environment = os.environ | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.test",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.test",
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes; git's own are left out."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of the default answers; read it, do not change it."""
    return render(tmp_path_factory.mktemp("default") / "poc")


Renderer = Callable[..., Path]
