"""Where and when a command runs: the clock, the CI run, the commit."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

# The ledger's line of a look is written by the run that scores it, and committed after it.
_OWN = (":(exclude)governance/ledger.jsonl",)
# Each CI's own name for a run; the last is for any other.
_RUNS = ("GITHUB_RUN_ID", "CI_PIPELINE_ID", "BUILD_BUILDID", "BUILD_TAG", "CI_RUN_ID")


@dataclass(frozen=True, slots=True)
class Situation:
    """`run` is the CI run's id, empty on a laptop: then everything is a preview."""

    now: datetime
    run: str
    commit: str
    dirty: bool

    @property
    def official(self) -> bool:
        """True in CI."""
        return bool(self.run)

    @property
    def today(self) -> date:
        """The day in UTC."""
        return self.now.astimezone(UTC).date()


def situation(
    root: Path, environ: Mapping[str, str] = os.environ, now: datetime | None = None
) -> Situation:
    """Look around. A folder without git has the commit "" and counts as changed.

    Of the files in git only the ledger may differ; `poc gate` holds it against the base branch.
    """
    head = git(root, "rev-parse", "HEAD")
    status = git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", *_OWN)
    return Situation(
        now=now or datetime.now(UTC),
        run=ci_run(environ),
        commit=(head or "").strip(),
        dirty=head is None or status is None or bool(status.strip()),
    )


def ci_run(environ: Mapping[str, str] = os.environ) -> str:
    """The id of the CI run, empty outside of one."""
    if environ.get("CI", "").lower() not in ("true", "1", "yes"):
        return ""
    return next((environ[name] for name in _RUNS if environ.get(name)), "")


def git(root: Path, *arguments: str) -> str | None:
    """What git says, None when it refuses or is not there."""
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(root), *arguments],  # noqa: S607
            capture_output=True,
            check=True,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", errors="replace")
