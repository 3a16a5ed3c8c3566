"""Writes what is made of other files of the template: run `make renew` after changing those.

The siblings of the Jinja files that make `template/` run where it lies, the schemas, the digests
that `poc gate` holds a project's yardstick against, and the page of demands.
"""

import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from copier import run_copy

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "template"


def siblings() -> None:
    """Copy the default render of each Jinja file that has a sibling beside it."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the working tree is what is wanted here
        project = Path(folder) / "poc"
        run_copy(str(ROOT), project, defaults=True, vcs_ref="HEAD", quiet=True, overwrite=True)
        for path in TEMPLATE.rglob("*.jinja"):
            name = path.relative_to(TEMPLATE).with_suffix("")
            if (TEMPLATE / name).exists():
                shutil.copyfile(project / name, TEMPLATE / name)


def main() -> None:
    """Write everything, in the order in which it is made of each other."""
    siblings()
    subprocess.run([sys.executable, "-m", "poc.schemas"], cwd=TEMPLATE, check=True)
    for tool in ("release", "demands"):
        subprocess.run([sys.executable, "-m", f"tools.{tool}"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
