"""A whole project with synthetic governance files, for tests to agree on, measure and break."""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from poc.engine import evidence
from poc.engine.admissible import deployed
from poc.engine.digest import of, of_model
from poc.engine.yamlfile import read

TEMPLATE = Path(__file__).parents[2]
SAMPLE = Path(__file__).parent / "sample"
ACCEPTED = "2026-01-10"


def project(folder: Path, **changes: Mapping[str, Any]) -> Path:
    """Write a project whose contract can be locked today, and commit it.

    `changes` names a file and what differs in it, key by key: `criteria={"maxLooks": 5}`.
    """
    root = folder / "project"
    (root / "governance").mkdir(parents=True)
    for path in SAMPLE.glob("*.yaml"):
        text = path.read_text("utf-8").replace(ACCEPTED, today().isoformat())
        (root / "governance" / path.name).write_text(text, "utf-8")
    shutil.copy(TEMPLATE / "governance" / "checklist.yaml", root / "governance")
    for name, new in changes.items():
        change(root, name, new)
    (root / "app" / "usecase").mkdir(parents=True)
    (root / "app" / "usecase" / "__init__.py").write_text('CAPABILITIES = ("sort_letter",)\n')
    (root / "project.toml").write_text(
        '[project]\nname = "Letters"\n[model]\nprovider = "offline"\n'
    )
    (root / ".gitignore").write_text("/build/\n")
    git(root, "init", "-q", "-b", "main")
    commit(root, "start")
    return root


def today() -> date:
    """The day of the test, in UTC."""
    return datetime.now(UTC).date()


def change(root: Path, name: str, new: Mapping[str, Any]) -> None:
    """Change keys of a governance file; a key may be a path such as "roles.sponsor.person"."""
    path = root / "governance" / f"{name}.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    for key, value in new.items():
        *parents, last = key.split(".")
        node = data
        for part in parents:
            node = node[int(part)] if part.isdigit() else node[part]
        node[int(last) if last.isdigit() else last] = value
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "utf-8")


def accept_budget(root: Path) -> None:
    """The budget owner accepts the budget as it is."""
    from poc.money.budget import Budget

    digest = of_model(read(root / "governance" / "budget.yaml", Budget))
    entry = {
        "item": "COST-2",
        "role": "budget",
        "person": "Bea Katz",
        "given": today().isoformat(),
        "expires": (today() + timedelta(days=90)).isoformat(),
        "about": {"governance/budget.yaml": digest},
    }
    change(root, "attestations", {"attestations": [entry]})


def record(root: Path, name: str, *measurements: Mapping[str, Any], **other: Any) -> Path:  # noqa: ANN401
    """Write evidence as a CI run in staging would; this is a fixture, nothing was measured."""
    what = deployed(root)
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "name": name,
        "started_on": now - timedelta(minutes=5),
        "finished_on": now - timedelta(minutes=1),
        "environment": evidence.Environment(name="staging", local_issuer=False, local_store=False),
        "provider": what.provider,
        "run": "77",
        "behaviour": what.behaviour,
        "scorer": what.scorer,
        "measurements": [evidence.Measurement(**one) for one in measurements],
    } | other
    return evidence.write(root, evidence.Predicate(**values), head(root))


def signed(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """Edit a record's predicate and make its digest fit again, as its maker could."""
    data = json.loads(path.read_text("utf-8"))
    data.pop("digest")
    edit(data["predicate"])
    path.write_text(json.dumps(data | {"digest": of(data)}), "utf-8")


def commit(root: Path, message: str) -> None:
    """Commit everything."""
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)


def head(root: Path) -> str:
    """The commit of today."""
    return git(root, "rev-parse", "HEAD").strip()


def git(root: Path, *arguments: str) -> str:
    """Run git as somebody."""
    who = ["-c", "user.name=Lea Arp", "-c", "user.email=lea@example.test"]
    done = subprocess.run(
        ["git", "-C", str(root), *who, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout
