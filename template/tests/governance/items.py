"""A project in which everything this release can prove is proven, to be broken line by line."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import yaml

from poc.cli import main
from poc.engine.charter import Charter
from poc.engine.digest import of_model
from poc.engine.evidence import Environment, ItemOutcome
from poc.engine.yamlfile import read
from poc.sets.manifest import Agreement, Labels, Manifest, Seal, Window, save
from tests.governance.console import Console
from tests.governance.sample import (
    accept_budget,
    change,
    commit,
    git,
    project,
    record,
    today,
)

Said = Literal["pass", "fail", "unknown"]
TESTED = ("AUTH-1", "COST-1", "DATA-1")
DECIDED = ("EVAL-1", "EVAL-2", "EVAL-3", "COMP-1", "COMP-2", "COST-2", "OWN-1", "OWN-2")
HERE = (*TESTED, "DATA-2", *DECIDED)
SET = "governance/sets/decision.json"


def proven(folder: Path) -> Path:
    """Locked, accepted, confirmed, worked on together, tested and measured."""
    root = project(folder)
    assert main(["owners", "--write", "--root", str(root)]) == 0
    assert main(["lock", "--by", "Lea Arp", "--root", str(root)]) == 0
    (root / "evals").mkdir()
    for name, mail in (("Ole Vang", "ole@example.test"), ("Mo Lund", "mo@example.test")):
        for room in ("app", "evals"):
            (root / room / f"{mail}.py").write_text(f'"""By {name}."""\n')
        commit_as(root, name, mail)
    (root / "docs").mkdir()
    (root / "docs" / "threat-model.md").write_text("What can go wrong.\n")
    change(root, "owners", {"roles.security": role("Sia Berg"), "roles.data": role("Dora Lim")})
    save(root, decision_set())
    accept_budget(root)
    confirm(root, "COMP-2", "privacy", "Pia Falk", **{"governance/charter.yaml": charter(root)})
    confirm(root, "COMP-1", "security", "Sia Berg", **{"docs/threat-model.md": digest(root)})
    confirm(root, "DATA-2", "data", "Dora Lim", **{SET: digest(root, SET)})
    assert main(["owners", "--write", "--root", str(root)]) == 0
    commit(root, "proven")
    tested(root)
    gated(root)
    scored(root)
    return root


def item(poc: Console, name: str) -> dict[str, Any]:
    """One item of the score."""
    [one] = [one for one in poc.json("poc score")["items"] if one["id"] == name]
    found: dict[str, Any] = one
    return found


def tested(root: Path, outcome: Said = "pass", detail: str = "9 tests passed.", **how: Any) -> Path:  # noqa: ANN401
    """Write the record of a run of the tests."""
    items = [ItemOutcome(item=one, outcome=outcome, detail=detail) for one in TESTED]
    return record(root, "tests", **{**on_a_laptop(), "items": items, **how})


def gated(root: Path, outcome: Said = "pass", detail: str = "No drop.", **how: Any) -> Path:  # noqa: ANN401
    """Write the record of the gate of the evals."""
    items = [ItemOutcome(item="EVAL-1", outcome=outcome, detail=detail)]
    return record(root, "eval-gate", **{**on_a_laptop(), "items": items, **how})


def scored(root: Path, outcome: Said = "pass", detail: str = "It can.", **how: Any) -> Path:  # noqa: ANN401
    """Write the record of a run on the decision set."""
    items = [ItemOutcome(item="EVAL-3", outcome=outcome, detail=detail)]
    return record(root, "evals-decision", **{**on_a_laptop(), "items": items, **how})


def decision_set() -> Manifest:
    """What a drawn, labelled and sealed set says of itself."""
    day, none = datetime.now(UTC), "0" * 64
    labels = Labels(
        labelled_on=day,
        source="pages",
        people=3,
        cases=400,
        settled=20,
        agreement=[Agreement(n=400, observed=0.95, kappa=0.9, lower=0.86)],
        pace=[],
        digest=none,
    )
    return Manifest(
        name="decision",
        origin="production",
        data_class="internal",
        drawn_on=day,
        seed=1,
        method="At random.",
        window=Window(first=today() - timedelta(days=90), last=today()),
        sources=[],
        population=4000,
        duplicates=0,
        strata=[],
        cases=400,
        random=400,
        boosted=0,
        families=400,
        edges={"odd": 80},
        natural_edges=80,
        apart={},
        digest=none,
        labels=labels,
        seal=Seal(file="data/decision.sealed", sha256=none, key="0" * 12, sealed_on=day),
    )


def on_a_laptop() -> dict[str, Any]:
    """Where tests and evals of a developer run."""
    return {"environment": Environment(name="local"), "provider": "", "run": ""}


def confirm(root: Path, item: str, role: str, person: str, **about: str) -> dict[str, Any]:
    """Add somebody's word on an item."""
    entry = {
        "item": item,
        "role": role,
        "person": person,
        "given": today().isoformat(),
        "expires": (today() + timedelta(days=14)).isoformat(),
        "about": about,
    }
    said = listed(root, "attestations")
    change(root, "attestations", {"attestations": [*said, entry]})
    return entry


def waive(root: Path, item: str, **how: Any) -> None:  # noqa: ANN401
    """Add a waiver by the risk owner, from today for 30 days."""
    entry = {
        "item": item,
        "reason": "scheduled",
        "why": "The team that does it is free next week.",
        "by": "Ravi Sen",
        "given": today().isoformat(),
        "until": (today() + timedelta(days=30)).isoformat(),
    } | how
    change(root, "attestations", {"waivers": [*listed(root, "waivers"), entry]})


def listed(root: Path, key: str) -> list[dict[str, Any]]:
    """The entries below a key of attestations.yaml."""
    data = yaml.safe_load((root / "governance" / "attestations.yaml").read_text("utf-8"))
    return list(data.get(key) or [])


def short(root: Path, *names: str) -> None:
    """Keep these items of the checklist only, and the words on them."""
    path = root / "governance" / "checklist.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    data["items"] = [one for one in data["items"] if one["id"] in names]
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    said = [one for one in listed(root, "attestations") if one["item"] in names]
    change(root, "attestations", {"attestations": said})


def commit_as(root: Path, name: str, mail: str, message: str = "work") -> None:
    """Commit everything as somebody."""
    git(root, "add", "-A")
    who = ["-c", f"user.name={name}", "-c", f"user.email={mail}"]
    git(root, *who, "commit", "-q", "--allow-empty", "-m", message)


def role(person: str) -> dict[str, str]:
    """A role somebody took on today."""
    return {"person": person, "accepted": today().isoformat()}


def charter(root: Path) -> str:
    """The digest of the charter as it was understood."""
    return of_model(read(root / "governance" / "charter.yaml", Charter))


def digest(root: Path, path: str = "docs/threat-model.md") -> str:
    """The digest of any other file."""
    return sha256((root / path).read_bytes()).hexdigest()
