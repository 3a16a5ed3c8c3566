"""The CODEOWNERS file, made of `governance/owners.yaml`: the forge asks whom it names."""

from pathlib import Path

from poc.engine.charter import Charter
from poc.engine.owners import SIGNERS, Owners, RoleName

FILE = "CODEOWNERS"
# The forge reads this one first where it exists.
SHADOW = Path(".github") / "CODEOWNERS"
HEAD = """\
# Written by `poc owners --write` from governance/owners.yaml; change that file, not this one.
# The last line that fits a path counts.
"""

# A path, and the roles that are asked about it. Production stands in for a vacant one.
PATHS: tuple[tuple[str, tuple[RoleName, ...]], ...] = (
    ("*", ("production",)),
    ("/evals/", ("evaluation",)),
    ("/app/usecase/prompt.md", ("model",)),
    ("/app/usecase/weights.json", ("model",)),
    ("/app/usecase/calibration.json", ("model",)),
    ("/governance/owners.yaml", ("sponsor", "production")),
    ("/governance/criteria.yaml", ("sponsor", "risk")),
    ("/governance/charter.yaml", ("sponsor", "privacy")),
    ("/governance/attestations.yaml", ("risk",)),
    ("/governance/budget.yaml", ("budget",)),
    ("/governance/prices.yaml", ("budget",)),
)


def render(owners: Owners, charter: Charter) -> str:
    """The text of the file. A path nobody can be asked about is named in a comment."""
    rows = [(path, _asked(owners, roles)) for path, roles in PATHS]
    for one in charter.integrations:
        if one.owner.startswith("@") and " " not in one.owner:
            rows.append((f"/app/integrations/{one.system}*", [one.owner]))
    # A sign-off is of one person alone: nobody stands in.
    rows += [(f"/governance/signoffs/{role}.yaml*", _of(owners, role)) for role in SIGNERS]
    width = max(len(path) for path, _ in rows)
    lines = [
        f"{path:{width}}  {' '.join(people)}" if people else f"# nobody yet: {path}"
        for path, people in rows
    ]
    return HEAD + "\n".join(lines) + "\n"


def out_of_step(root: Path, owners: Owners, charter: Charter) -> str:
    """Why the file does not say what owners.yaml says; empty when it does."""
    if (root / SHADOW).exists():
        return f"{SHADOW.as_posix()} exists, and the forge reads it instead of {FILE}; remove it"
    path = root / FILE
    if not path.is_file():
        return f"there is no {FILE}; write it with `poc owners --write`"
    text = path.read_bytes().decode("utf-8", errors="replace").replace("\r\n", "\n")
    wanted = render(owners, charter)
    if text == wanted:
        return ""
    pairs = zip(text.split("\n"), wanted.split("\n"), strict=False)
    line = next((n for n, (is_, should) in enumerate(pairs, 1) if is_ != should), 1)
    return f"{FILE}:{line} differs from owners.yaml; write it with `poc owners --write`"


def _asked(owners: Owners, roles: tuple[RoleName, ...]) -> list[str]:
    found: list[str] = []
    for role in roles:
        for one in _of(owners, role) or _stand_in(owners, role):
            if one not in found:
                found.append(one)
    return found


def _stand_in(owners: Owners, role: RoleName) -> list[str]:
    other: RoleName = "sponsor" if role == "budget" else "production"
    return _of(owners, other) or _of(owners, "production")


def _of(owners: Owners, role: RoleName) -> list[str]:
    one = owners.role(role)
    return [one.handle or one.email] if one.named and (one.handle or one.email) else []
