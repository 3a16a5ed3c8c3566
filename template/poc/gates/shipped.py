"""Which files come with a release and are not edited in a project, with their digests."""

import hashlib
from pathlib import Path

LIST = "poc/release.json"
CHECKLIST = "governance/checklist.yaml"
SKIPPED = ("__pycache__", ".mypy_cache", ".ruff_cache")


def digests(root: Path) -> dict[str, str]:
    """SHA-256 of each file that decides how a project is judged, by path."""
    # The bounds and the price file's arithmetic stand elsewhere, and decide as much.
    found = [root / name for name in (CHECKLIST, "evals/statistics.py", "app/prices.py")]
    found += (root / "governance" / "schemas").glob("*.json")
    found += [one for one in (root / "poc").rglob("*") if not set(one.parts) & set(SKIPPED)]
    paths = {one.relative_to(root).as_posix(): one for one in found if one.is_file()}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted(paths.items())
        if name != LIST and path.suffix != ".pyc"
    }
