"""R2 and R12: what git holds of the ledger, and what it must not hold."""

from pathlib import Path

from poc.engine.evidence import PREDICATE
from poc.engine.ledger import PATH
from poc.engine.problems import Refused
from poc.engine.situation import git
from poc.gates.ruling import Change, Said, note, passes, refuses

DEFAULT = "origin/main"
# What a run writes; people read it, nobody commits it.
WRITTEN = ("build", "verdict.json", "verdict.html", "verdict.md", "**/verdict.json")


def ledger(change: Change) -> Said:
    """R2: the lines of the base are the first lines here. The chain was checked by reading it."""
    root = change.governance.root
    count = len(change.governance.ledger.entries)
    base = _base(root, change.base)
    if not base:
        return note("There is no commit to compare with; lines cut off its end would not show.")
    old, new = _at(root, base), _here(root)
    if new.startswith(old):
        lines = "1 line holds" if count == 1 else f"{count} lines hold"
        return passes(f"{lines} together and nothing of {base} is missing.")
    fork = (git(root, "merge-base", base, "HEAD") or "").strip()
    start = _at(root, fork) if fork else old
    if start != old and old.startswith(start):
        if new == start:
            return note(f"{base} has newer lines; bring it in before you merge.")
        if new.startswith(start):
            return refuses(
                f"{PATH}: {base} and this branch both added lines. Bring {base} in with its lines,"
                " and run the command for yours again."
            )
    pairs = zip(old.split("\n"), new.split("\n") + [""] * old.count("\n"), strict=False)
    line = next(number for number, (was, is_) in enumerate(pairs, 1) if was != is_)
    return refuses(
        f"{PATH}:{line}: this line of {base} was removed or edited; bring it back with:"
        f" git checkout {base} -- {PATH}"
    )


def evidence(change: Change) -> Said:
    """R12: records and verdicts come from the run that uses them, never from a commit."""
    root = change.governance.root
    listed = git(root, "ls-files", "-z", "--", *(f":(glob){one}" for one in WRITTEN), "build/")
    if listed is None:
        return note("There is no git here, so nothing is committed.")
    moved = git(root, "grep", "-lz", "--cached", "-F", f'"{PREDICATE}"', "--", "*.json") or ""
    found = sorted({one for one in (listed + moved).split("\0") if one})
    if found:
        more = f" and {len(found) - 1} more" if found[1:] else ""
        return refuses(
            f"{found[0]}{more} is in the repository; take it out with: git rm --cached -r"
            f" {found[0]}"
        )
    return passes("No evidence and no verdict is committed.")


def _base(root: Path, asked: str) -> str:
    for name in [asked] if asked else [DEFAULT, "HEAD"]:
        if git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}") is not None:
            return name
    if asked:
        raise Refused(f"There is no commit {asked} here; fetch it, or name another with --base.")
    return ""


def _at(root: Path, commit: str) -> str:
    """The ledger as a commit holds it; empty where it does not."""
    return git(root, "show", f"{commit}:./{PATH.as_posix()}") or ""


def _here(root: Path) -> str:
    path = root / PATH
    return path.read_bytes().decode("utf-8", errors="replace") if path.exists() else ""
