"""Who owns what: the table of roles, and the file that the forge reads."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from poc.engine.problems import Exit
from tests.governance.console import Console
from tests.governance.sample import change, project, today

Terminal = Callable[[Path], Console]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project(tmp_path)


def rules(root: Path) -> dict[str, list[str]]:
    """What CODEOWNERS says, by path."""
    lines = (root / "CODEOWNERS").read_text("utf-8").splitlines()
    found = [line.split() for line in lines if line and not line.startswith("#")]
    return {path: people for path, *people in found}


def written(root: Path, poc: Console) -> dict[str, list[str]]:
    assert poc.type("poc owners --write") == Exit.OK
    return rules(root)


def test_each_path_asks_whom_it_concerns(root: Path, console: Terminal) -> None:
    found = written(root, console(root))
    assert next(iter(found.items())) == ("*", ["@ole-vang"])
    assert found["/evals/"] == ["@eva-noor"]
    assert found["/app/usecase/prompt.md"] == found["/app/usecase/weights.json"] == ["@mo-lund"]
    assert found["/governance/criteria.yaml"] == ["@ana-brandt", "@ravi-sen"]
    assert found["/governance/charter.yaml"] == ["@ana-brandt", "@pia-falk"]
    assert found["/governance/budget.yaml"] == found["/governance/prices.yaml"] == ["@bea-katz"]
    for role, handle in (("sponsor", "@ana-brandt"), ("risk", "@ravi-sen")):
        assert found[f"/governance/signoffs/{role}.yaml*"] == [handle]


def test_production_stands_in_for_a_vacant_role_and_the_sponsor_for_the_budget(
    root: Path, console: Terminal
) -> None:
    change(root, "owners", {"roles.model": {"person": ""}, "roles.budget": {"person": ""}})
    change(root, "owners", {"roles.privacy": {"person": "TBD", "handle": "@tbd"}})
    found = written(root, console(root))
    assert found["/app/usecase/prompt.md"] == ["@ole-vang"]
    assert found["/governance/budget.yaml"] == ["@ana-brandt"]
    assert found["/governance/charter.yaml"] == ["@ana-brandt", "@ole-vang"]


def test_nobody_stands_in_for_a_signer(root: Path, console: Terminal) -> None:
    change(root, "owners", {"roles.risk": {"person": ""}})
    poc = console(root)
    found = written(root, poc)
    assert not any("signoffs/risk" in path for path in found)
    assert "Nobody can be asked about 1 path yet" in " ".join(poc.out.split())


def test_a_mail_will_do_where_there_is_no_handle(root: Path, console: Terminal) -> None:
    change(root, "owners", {"roles.production.handle": ""})
    assert written(root, console(root))["*"] == ["ole@example.test"]


def test_an_integration_asks_its_owner_where_the_handle_is_known(
    root: Path, console: Terminal
) -> None:
    poc = console(root)
    assert not any("integrations" in path for path in written(root, poc))
    change(root, "charter", {"integrations.0.owner": "@archive/team"})
    assert written(root, poc)["/app/integrations/archive*"] == ["@archive/team"]


def test_the_check_follows_the_file(root: Path, console: Terminal) -> None:
    poc = console(root)
    assert poc.type("poc owners --check") == Exit.REFUSED
    assert "There is no CODEOWNERS" in poc.err
    written(root, poc)
    assert poc.type("poc owners --check") == Exit.OK
    path = root / "CODEOWNERS"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert poc.type("poc owners --check") == Exit.OK
    lines = path.read_text("utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if text.startswith("/evals/"))
    path.write_text("\n".join(lines).replace("@eva-noor", "@else") + "\n", "utf-8")
    assert poc.type("poc owners --check") == Exit.REFUSED
    assert f"CODEOWNERS:{line} differs from owners.yaml" in poc.err


def test_a_line_more_or_less_is_out_of_step(root: Path, console: Terminal) -> None:
    poc = console(root)
    written(root, poc)
    path = root / "CODEOWNERS"
    text = path.read_text("utf-8")
    for other in (text + "* @else\n", text.rpartition("/governance/signoffs")[0]):
        path.write_text(other, "utf-8")
        assert poc.type("poc owners --check") == Exit.REFUSED


def test_a_file_that_the_forge_reads_first_is_refused(root: Path, console: Terminal) -> None:
    (root / ".github").mkdir()
    (root / ".github" / "CODEOWNERS").write_text("* @else\n")
    poc = console(root)
    for line in ("poc owners --write", "poc owners --check"):
        assert poc.type(line) == Exit.REFUSED
        assert ".github/CODEOWNERS exists" in poc.err
    assert not (root / "CODEOWNERS").exists()


def test_the_table_says_how_each_role_stands(root: Path, console: Terminal) -> None:
    old, later = (str(today() + timedelta(days=days)) for days in (-91, 1))
    change(
        root,
        "owners",
        {
            "roles.sponsor.person": "TBD",
            "roles.evaluation.accepted": None,
            "roles.risk.accepted": old,
            "roles.model.accepted": later,
            "roles.production.deputy": "",
            "roles.privacy": {"person": "", "due": ""},
        },
    )
    poc = console(root)
    states = {one["role"]: one["state"] for one in poc.json("poc owners")["roles"]}
    assert states == {
        "sponsor": "placeholder",
        "production": "no deputy",
        "evaluation": "open",
        "risk": "old",
        "model": "future",
        "data": "vacant",
        "security": "vacant",
        "privacy": "vacant",
        "budget": "accepted",
        "review": "vacant",
        "oncall": "vacant",
    }
    assert poc.type("poc owners") == Exit.OK
    for told in ("pays, decides go or no-go", "Ravi Sen", "x ask again", "- due by pilot"):
        assert told in poc.out


def test_write_and_check_exclude_each_other(root: Path, console: Terminal) -> None:
    assert console(root).type("poc owners --write --check") == Exit.USAGE


def test_writing_twice_changes_nothing(root: Path, console: Terminal) -> None:
    poc = console(root)
    written(root, poc)
    before = (root / "CODEOWNERS").read_bytes()
    written(root, poc)
    assert (root / "CODEOWNERS").read_bytes() == before
    assert not list(root.glob("*.part"))
