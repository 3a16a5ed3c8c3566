"""`poc next` and `poc contract`: what to do now, who, and what to print."""

from collections.abc import Callable
from pathlib import Path

from poc.commands.next import SHOWN
from poc.engine import evidence
from poc.engine.problems import Exit
from tests.governance import staging
from tests.governance.console import Console
from tests.governance.sample import change, project

Terminal = Callable[[Path], Console]
PROFILE = (
    "See what your messages really hold: poc profile PATH --write",
    "data, not named yet",
    "governance/profile.json",
)


def steps(poc: Console) -> list[tuple[str, str, str]]:
    found = poc.json("poc next")["steps"]
    return [(one["what"], one["who"], one["where"]) for one in found]


def test_a_draft_says_what_keeps_it_from_being_signed(tmp_path: Path, console: Terminal) -> None:
    root = project(tmp_path, charter={"riskClass": "", "blockers": []})
    poc = console(root)
    assert poc.json("poc next")["head"].startswith("The contract is a draft.")
    assert steps(poc) == [
        PROFILE,
        ("Decide the risk class (riskClass).", "Ravi Sen (risk)", "governance/charter.yaml"),
        (
            "List what could keep it from going live: 0 of at least 5 blockers are there.",
            "Ole Vang (production)",
            "governance/charter.yaml",
        ),
    ]
    assert poc.type("poc next") == Exit.OK
    assert "Ravi Sen (risk):\n  - Decide the risk class" in poc.out
    assert "more: poc next" not in poc.out


def test_a_complete_draft_is_printed_and_signed(tmp_path: Path, console: Terminal) -> None:
    poc = console(project(tmp_path))
    (what, who, where), data = steps(poc)
    assert data == PROFILE
    assert "poc contract, poc lock" in what
    assert (who, where) == ("Ana Brandt (sponsor)", "governance/")


def test_research_has_nothing_to_sign(tmp_path: Path, console: Terminal) -> None:
    poc = console(project(tmp_path, charter={"intent": "research"}))
    assert steps(poc) == []
    assert "nothing to sign, no verdict" in poc.json("poc next")["head"]


def test_after_the_lock_it_names_what_was_changed_and_who_has_to_sign(
    measured: tuple[Path, Console],
) -> None:
    root, poc = measured
    change(root, "criteria", {"hypothesis": "Other."})
    change(root, "charter", {"component": "Other."})
    change(root, "owners", {"roles.risk.person": "Ida Holm"})
    (root / "governance" / "signoffs" / "sponsor.yaml").unlink()
    amend = "was changed since the lock: poc amend --why ..."
    sign = "Sign the contract in force: poc lock --renew."
    assert steps(poc)[:4] == [
        (f"governance/{name}.yaml {amend}", "Ana Brandt (sponsor)", f"governance/{name}.yaml")
        for name in ("criteria", "charter")
    ] + [
        (sign, "Ana Brandt (sponsor)", "governance/signoffs/sponsor.yaml"),
        (sign, "Ida Holm (risk)", "governance/signoffs/risk.yaml"),
    ]


def test_it_names_the_owner_of_each_must_that_is_open(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    staging.operated(root, p95=2700)
    (root / evidence.FOLDER / "attacks.json").unlink()
    found = steps(poc)
    assert found[0] == (
        "PERF-1 Nobody waits. 2,700 ms measured, at most 2,500 ms agreed.",
        "Ole Vang (production)",
        "governance/criteria.yaml",
    )
    assert found[1][:2] == (
        "SEC-1 Hidden instructions do nothing. nothing has measured it yet.",
        "Ravi Sen (risk)",
    )
    assert all(where == "governance/checklist.yaml" for _, _, where in found[2:])
    head = poc.json("poc next")["head"]
    assert "the verdict is NO-GO, the level is none" in head


def test_what_is_not_shown_is_counted(agreed: tuple[Path, Console]) -> None:
    _, poc = agreed
    count = len(steps(poc))
    assert count > SHOWN
    assert poc.type("poc next") == Exit.OK
    assert f"And {count - SHOWN} more: poc next --all" in poc.out
    assert sum(line.startswith("  - ") for line in poc.out.splitlines()) == SHOWN
    assert poc.type("poc next --all") == Exit.OK
    assert "more: poc next" not in poc.out
    assert sum(line.startswith("  - ") for line in poc.out.splitlines()) == count


def test_the_contract_is_written_to_print_and_as_text(tmp_path: Path, console: Terminal) -> None:
    root = project(tmp_path)
    poc = console(root)
    assert poc.json("poc contract")["files"] == [
        "build/contract/contract.html",
        "build/contract/contract.md",
    ]
    text = (root / "build" / "contract" / "contract.md").read_text("utf-8")
    assert "QUAL-1" in text
    assert "<html" in (root / "build" / "contract" / "contract.html").read_text("utf-8")
    for path in (root / "build" / "contract").iterdir():
        path.unlink()
    assert poc.type("poc contract --markdown") == Exit.OK
    assert poc.out.rstrip() == text.rstrip()
    assert not list((root / "build" / "contract").iterdir())
