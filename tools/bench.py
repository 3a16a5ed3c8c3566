"""How long `poc` takes beside a bare interpreter: `python tools/bench.py PROJECT`.

Medians of whole processes in one run, so their ratios mean something on any machine; the figures
in milliseconds are those of the machine it ran on.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 15


def median(project: Path, *command: str) -> float:
    """Milliseconds of wall-clock time of one process, after one that warms the caches."""
    taken = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        subprocess.run(command, cwd=project, capture_output=True, check=False)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken[1:])


def main() -> None:
    """Print one line a command."""
    project = Path(sys.argv[1]).resolve()
    python, poc = (str(project / ".venv" / "bin" / name) for name in ("python", "poc"))
    bare = median(project, python, "-c", "pass")
    print(f"{'bare interpreter':<20}{bare:>8.0f} ms")
    for name in ("--help", "next", "verdict", "score", "cost", "plan", "gate"):
        taken = median(project, poc, name)
        print(f"{'poc ' + name:<20}{taken:>8.0f} ms{taken / bare:>8.1f} times")


if __name__ == "__main__":
    main()
