"""What a fresh project scores, for docs/governance.md: `python tools/day_one.py PROJECT`.

The project is one in which `make test` and `make evals` have run; its own `poc score` is asked.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "governance.md"
BLOCK = re.compile(r"<!-- day one -->\n(.*?)<!-- end -->\n", re.DOTALL)


def scorecard(project: Path) -> dict[str, Any]:
    """Ask the project."""
    done = subprocess.run(
        [project / ".venv" / "bin" / "poc", "score", "--json"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    card: dict[str, Any] = json.loads(done.stdout)
    return card


def table(card: dict[str, Any]) -> str:
    """The block of the page, as Markdown."""
    items = card["items"]
    here = [one for one in items if one["inRelease"]]
    passed = [one for one in here if one["outcome"] == "pass"]
    points = sum(one["weight"] * one["credit"] for one in items)
    total = sum(one["weight"] for one in items)
    rows = [
        ("score", f"{card['score']:.1f} % ({points:g} of {total:g} points), level {card['level']}"),
        ("pass", _names(passed)),
        ("wait for the team", _names(one for one in here if one["outcome"] != "pass")),
        ("not in this release", _names(one for one in items if not one["inRelease"])),
    ]
    return "\n".join(["| | |", "| --- | --- |", *(f"| {a} | {b} |" for a, b in rows)]) + "\n"


def _names(items: Any) -> str:  # noqa: ANN401
    found = [one["id"] for one in items]
    return f"{', '.join(found)} ({len(found)})"


def main() -> None:
    """Write the block into the page."""
    block = f"<!-- day one -->\n{table(scorecard(Path(sys.argv[1])))}<!-- end -->\n"
    PAGE.write_text(BLOCK.sub(lambda _: block, PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
