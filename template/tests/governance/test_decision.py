"""What the verdict writes for machines and people, and what people decide beside it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from poc.checklist.scorecard import score
from poc.commands.verdict import users
from poc.engine import evidence, governance, ledger
from poc.engine.digest import of
from poc.engine.problems import Exit
from poc.engine.situation import situation
from poc.engine.verdict import reach
from tests.governance import staging
from tests.governance.console import Console
from tests.governance.sample import git, project

Terminal = Callable[[Path], Console]


def test_the_files_for_machines_and_people_are_written(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    assert poc.type("poc verdict --write") == Exit.OK
    folder = root / "build" / "verdict"
    data = json.loads((folder / "verdict.json").read_text())
    assert data["policy"]["uri"] == "governance/criteria.yaml"
    assert data["verificationResult"] == "PASSED"
    assert {one["uri"] for one in data["inputAttestations"]} >= {"build/evidence/load.json"}
    assert data["clearedForUsers"] == {
        "cleared": False,
        "reason": "the checklist's level is none; users need pilot",
    }
    assert data["checklist"]["level"] == "none"
    head = git(root, "rev-parse", "HEAD").strip()
    assert data["resourceUri"] == f"git+commit:{head}"
    assert data["policy"]["digest"]["sha256"] == data["verdict"]["contract"]
    stated = data.pop("digest")
    assert of(data) == stated
    staging.operated(root, p95=2700)
    assert poc.json("poc verdict")["verificationResult"] == "FAILED"
    assert "GO" in (folder / "verdict.md").read_text()
    assert len((folder / "comment.md").read_text().strip().splitlines()) == 5


@pytest.fixture
def document(measured: tuple[Path, Console]) -> Path:
    """A decision document that quotes the verdict of the project where all is met."""
    root, poc = measured
    path = root / "decisions" / "1.md"
    path.parent.mkdir()
    path.write_text(f"GO, {poc.json('poc verdict')['verdict']['contract'][:12]}")
    return path


LINE = "poc verdict --by Ana --record decisions/1.md --decide"


@pytest.mark.parametrize(
    ("decision", "met", "against"),
    [
        ("go", True, False),
        ("no-go", True, True),
        ("extend", True, False),
        ("go", False, True),
        ("no-go", False, False),
        ("extend", False, False),
    ],
)
def test_what_people_decide_is_recorded_beside_the_verdict(
    measured: tuple[Path, Console], document: Path, decision: str, met: bool, against: bool
) -> None:
    root, poc = measured
    word = "GO" if met else "NO-GO"
    if not met:
        staging.operated(root, p95=2700)
        document.write_text(document.read_text().replace("GO", "NO-GO"))
    assert poc.type(f"{LINE} {decision}") == Exit.OK
    told = f"Recorded: {decision}, decided by Ana; the verdict says {word}."
    assert poc.out == told + (" It is against the verdict, and shows." if against else "") + "\n"
    (entry,) = ledger.load(root).of("decision")
    in_force = ledger.load(root).in_force
    assert in_force
    assert entry.by == "Ana"
    assert entry.body == {
        "decision": decision,
        "verdict": word,
        "against": against,
        "record": "decisions/1.md",
        "contract": in_force.body["contract"],
    }


@pytest.mark.parametrize(
    "text", ["We have decided.", "GO", "{0}", "NO-GO {0}", "go {0}", "GOOD {0}", "GO-ON {0}"]
)
def test_a_document_that_does_not_quote_the_verdict_is_refused(
    measured: tuple[Path, Console], document: Path, text: str
) -> None:
    root, poc = measured
    digest = document.read_text()[4:]
    document.write_text(text.format(digest))
    assert poc.type(f"{LINE} go") == Exit.REFUSED
    assert f"does not quote the verdict: write GO and {digest}" in poc.err
    assert not ledger.load(root).of("decision")
    for quoted in (f"**GO** for {digest}", f"GO. {digest}abc", f"It says NO-GO or GO\n{digest}"):
        document.write_text(quoted)
        assert poc.type(f"{LINE} go") == Exit.OK


@pytest.mark.parametrize("record", ["", "--record decisions/2.md", "--record decisions"])
def test_a_decision_without_a_document_is_refused(
    measured: tuple[Path, Console], document: Path, record: str
) -> None:
    _, poc = measured
    assert poc.type(f"poc verdict --decide go --by Ana {record}") == Exit.REFUSED
    assert "Write down the decision" in poc.err and document.read_text()[4:] in poc.err


def test_a_document_outside_of_the_project_is_refused(
    measured: tuple[Path, Console], document: Path
) -> None:
    root, poc = measured
    outside = root.parent / "1.md"
    outside.write_bytes(document.read_bytes())
    (root / "decisions" / "link.md").symlink_to(outside)
    for path in ("../1.md", str(outside), "decisions/link.md"):
        assert poc.type(f"poc verdict --decide go --by Ana --record {path}") == Exit.REFUSED
        assert f"{path} is outside of the project" in poc.err


def test_nobody_decides_without_a_name(measured: tuple[Path, Console], document: Path) -> None:
    root, poc = measured
    line = "poc verdict --decide go --record decisions/1.md"
    for by in ("", "--by ' '"):
        assert poc.type(f"{line} {by}") == Exit.REFUSED
        assert poc.err == "Say who decided: --by NAME\n"
    git(root, "config", "user.name", "Ana Brandt")
    assert poc.type(line) == Exit.OK
    assert "decided by Ana Brandt" in poc.out and document.is_file()


def test_before_a_contract_nothing_is_decided(tmp_path: Path, console: Terminal) -> None:
    root = project(tmp_path)
    poc = console(root)
    assert poc.type("poc verdict --decide no-go --by Ana --record project.toml") == Exit.REFUSED
    assert "before a contract is in force: poc lock" in poc.err


@pytest.mark.parametrize(
    ("level", "word", "said"),
    [
        ("pilot", "GO", (True, "level pilot")),
        ("production", "GO", (True, "level production")),
        ("pilot", "NO-GO", (False, "level pilot, but the verdict is NO-GO")),
        ("poc", "GO", (False, "the checklist's level is poc; users need pilot")),
        ("none", "GO", (False, "the checklist's level is none; users need pilot")),
    ],
)
def test_users_need_a_go_and_the_level_pilot(
    measured: tuple[Path, Console], level: str, word: str, said: tuple[bool, str]
) -> None:
    root, _ = measured
    whole, where = governance.load(root), situation(root, {})
    verdict = reach(whole, evidence.load(root), where).model_copy(update={"word": word})
    card = score(whole, [], where).model_copy(update={"level": level})
    assert users(verdict, card) == said
