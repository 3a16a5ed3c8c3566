"""Who signed the contract in force, and what a signature is worth."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from poc.engine.digest import of
from poc.engine.problems import Exit
from tests.governance.console import Console
from tests.governance.sample import change, project, today
from tests.governance.test_ledger_edits import signed

Terminal = Callable[[Path], Console]


def test_new_people_sign_the_contract_in_force_anew(tmp_path: Path, console: Terminal) -> None:
    root = project(tmp_path)
    poc = console(root)
    poc.type("poc lock")
    assert states(poc) == {"declared"}
    change(root, "owners", {"roles.sponsor.person": "Ida Holm"})
    assert states(poc) == {"declared", "outdated"}
    assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED
    assert "not signed by sponsor: poc lock --renew" in poc.out
    assert poc.type("poc lock --renew") == Exit.OK
    assert states(poc) == {"declared"}
    (root / "governance" / "signoffs" / "risk.yaml").unlink()
    assert states(poc) == {"declared", "missing"}


def states(poc: Console) -> set[str]:
    return {one["state"] for one in poc.json("poc verdict")["verdict"]["signatures"]}


def test_a_signature_by_key_is_verified_and_ends_with_the_contract(
    tmp_path: Path, console: Terminal
) -> None:
    if not shutil.which("ssh-keygen"):
        pytest.skip("needs ssh-keygen, of OpenSSH 8.1 or later")
    root = project(tmp_path)
    poc = console(root)
    keys = {name: tmp_path / name for name in ("right", "wrong")}
    for key in keys.values():
        keygen("-q", "-t", "ed25519", "-N", "", "-f", str(key))
    public = keys["right"].with_suffix(".pub").read_text().strip()
    change(root, "owners", {"roles.sponsor.key": public})
    poc.type("poc lock")
    path = root / "governance" / "signoffs" / "sponsor.yaml"

    def sponsor() -> str:
        return str(poc.json("poc verdict")["verdict"]["signatures"][0]["state"])

    assert sponsor() == "declared"
    keygen("-Y", "sign", "-q", "-n", "poc-signoff", "-f", str(keys["wrong"]), str(path))
    assert sponsor() == "declared"
    path.with_name("sponsor.yaml.sig").unlink()
    keygen("-Y", "sign", "-q", "-n", "poc-signoff", "-f", str(keys["right"]), str(path))
    assert sponsor() == "verified"
    path.write_text(path.read_text().replace("date: 2", "date: 1"))
    assert sponsor() == "declared"
    poc.type("poc lock --renew")
    assert sponsor() == "declared"


def keygen(*arguments: str) -> None:
    subprocess.run(["ssh-keygen", *arguments], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("role: risk\nperson: X\ncontract: {0}\ndate: 2026-01-01\n", "it says risk; rename one"),
        ("role: sponsor\nperson: X\ncontract: abc\ndate: 2026-01-01\n", "sponsor.yaml:3: contract"),
        ("role: sponsor\nsigned: yes\n", "signed: is not a key"),
    ],
)
def test_a_sign_off_written_by_hand_is_checked(
    tmp_path: Path, console: Terminal, text: str, said: str
) -> None:
    root = project(tmp_path)
    folder = root / "governance" / "signoffs"
    folder.mkdir()
    (folder / "sponsor.yaml").write_text(text.format("a" * 64))
    poc = console(root)
    assert poc.type("poc verdict") == Exit.INVALID
    assert said in poc.err


def states_by_role(poc: Console) -> dict[str, str]:
    return {one["role"]: one["state"] for one in poc.json("poc verdict")["verdict"]["signatures"]}


def test_a_lock_writes_one_file_for_each_signer(agreed: tuple[Path, Console]) -> None:
    root, _ = agreed
    folder = root / "governance" / "signoffs"
    assert sorted(path.name for path in folder.iterdir()) == [
        "evaluation.yaml",
        "production.yaml",
        "risk.yaml",
        "sponsor.yaml",
    ]
    text = (folder / "sponsor.yaml").read_text()
    assert text.startswith('role: sponsor\nperson: "Ana Brandt"\ncontract: ')
    assert text.endswith(f"date: {today()}\n")


@pytest.mark.parametrize(
    ("old", "new"), [("Ravi Sen", "Ana Brandt"), ("Ravi Sen", "ravi sen"), ("contract: ", "")]
)
def test_a_sign_off_by_another_or_of_another_contract_is_none(
    measured: tuple[Path, Console], old: str, new: str
) -> None:
    root, poc = measured
    path = root / "governance" / "signoffs" / "risk.yaml"
    lines = path.read_text().splitlines()
    lines[1] = lines[1].replace(old, new)
    if not new:
        lines[2] = f"contract: {'a' * 64}"
    path.write_text("\n".join(lines))
    assert states_by_role(poc)["risk"] == "outdated"
    assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED
    assert "not signed by risk: poc lock --renew" in poc.out


@pytest.mark.parametrize("name", ["", "TBD", "the team"])
def test_a_role_that_nobody_holds_cannot_sign(measured: tuple[Path, Console], name: str) -> None:
    root, poc = measured
    change(root, "owners", {"roles.risk.person": name})
    assert poc.type("poc lock --renew") == Exit.REFUSED
    assert "Name the risk owner" in poc.err
    path = root / "governance" / "signoffs" / "risk.yaml"
    path.write_text(path.read_text().replace("Ravi Sen", name))
    assert states_by_role(poc)["risk"] == "outdated"
    assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED


def test_one_person_cannot_take_over_all_signatures(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    roles = ("sponsor", "production", "evaluation", "risk")
    change(root, "owners", {f"roles.{role}.person": "Ann Ox" for role in roles})
    assert poc.type("poc lock --renew") == Exit.REFUSED
    assert "One person cannot sign alone" in poc.err


def test_an_edited_contract_is_amended_not_signed_anew(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    change(root, "criteria", {"maxLooks": 4})
    assert poc.type("poc lock --renew") == Exit.REFUSED
    assert "changed since it was locked; say: poc amend" in poc.err


def test_a_charter_that_differs_is_named(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    for edit in (
        {"component": "Another"},
        {"capabilities": ["sort_letter", "pay"]},
        {"integrations.0.system": "crm"},
    ):
        path = root / "governance" / "charter.yaml"
        before = path.read_bytes()
        change(root, "charter", edit)
        assert poc.type("poc verdict") == Exit.NOT_YET_MEASURED
        assert "governance/charter.yaml differs from what is in force" in poc.out
        path.write_bytes(before)
    change(root, "charter", {"users": ["Other people"], "integrations.0.contact": "x"})
    assert poc.type("poc verdict") == Exit.OK


def test_terms_that_this_release_cannot_read_are_told(agreed: tuple[Path, Console]) -> None:
    root, poc = agreed

    def older(line: dict[str, Any]) -> None:
        terms = line["body"]["terms"] | {"maxLoks": 3}
        line["body"] |= {"terms": terms, "contract": of(terms)}

    signed(root / "governance" / "ledger.jsonl", 0, older)
    assert poc.type("poc verdict") == Exit.DAMAGED
    assert "ledger.jsonl:1: this release of poc cannot read the contract agreed on" in poc.err
