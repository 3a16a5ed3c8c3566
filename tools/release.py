"""`python -m tools.release`: writes template/poc/release.json, the digests of what is shipped.

`poc gate R9` holds a project against it. With `--check` nothing is written; it ends with 1 when
the file is not what would be written.
"""

import argparse
import json
import runpy
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "template"


def rendered(root: Path = ROOT) -> str:
    """The text of the file for this version and these files."""
    shipped = runpy.run_path(str(root / "template" / "poc" / "gates" / "shipped.py"))
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    data = {"version": project["version"], "files": shipped["digests"](root / "template")}
    return json.dumps(data, indent=1) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, or check it."""
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    options = parser.parse_args(arguments)
    path, text = TEMPLATE / "poc" / "release.json", rendered()
    if not options.check:
        path.write_text(text, "utf-8")
    elif not path.is_file() or path.read_text("utf-8") != text:
        print(f"{path.relative_to(ROOT)} is out of date; run: python -m tools.release")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
