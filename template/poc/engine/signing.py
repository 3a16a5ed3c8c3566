"""Puts a contract in force, and says who agreed to it."""

import shutil
import subprocess
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from poc.engine import digest
from poc.engine.charter import Charter
from poc.engine.contract import Contract
from poc.engine.findings import Signature, Signed
from poc.engine.goalposts import changes
from poc.engine.governance import SIGNOFFS, Governance
from poc.engine.ledger import PATH, Entry
from poc.engine.owners import SIGNERS, Owners, RoleName
from poc.engine.problems import Damaged

NAMESPACE = "poc-signoff"


def scope(charter: Charter) -> dict[str, Any]:
    """What the signers agree to beside the criteria: what it does, and where it ends."""
    data = digest.plain(charter)
    kept = {key: data[key] for key in ("intent", "component", "capabilities", "outOfScope")}
    return kept | {"integrations": sorted(one.system for one in charter.integrations)}


def agreement(contract: Contract, charter: Charter) -> dict[str, Any]:
    """What a ledger line keeps of a contract, so that it can be judged again word by word."""
    return {
        "contract": digest.of_model(contract),
        "terms": digest.written(contract),
        "scope": scope(charter),
    }


def in_force(governance: Governance) -> Contract | None:
    """The contract of the newest lock or amendment, as it was agreed."""
    entry = governance.ledger.in_force
    return None if entry is None else _terms(entry)


def original(governance: Governance) -> Contract | None:
    """The contract of the first lock."""
    entry = governance.ledger.original
    return None if entry is None else _terms(entry)


def _terms(entry: Entry) -> Contract:
    try:
        return Contract.model_validate(entry.body["terms"])
    except ValidationError:
        raise Damaged(
            f"{PATH}:{entry.seq}: this release of poc cannot read the contract agreed on there;"
            " take the release it was agreed with."
        ) from None


def edited(governance: Governance) -> list[str]:
    """Which files differ in effect from what is in force; empty before the first lock."""
    entry = governance.ledger.in_force
    if entry is None:
        return []
    found = []
    if changes(_terms(entry), governance.contract):
        found.append("governance/criteria.yaml")
    if scope(governance.charter) != entry.body["scope"]:
        found.append("governance/charter.yaml")
    return found


def signatures(governance: Governance) -> list[Signature]:
    """Each signer's state for the contract in force; without one, for the file as it is."""
    entry = governance.ledger.in_force
    wanted = entry.body["contract"] if entry else digest.of_model(governance.contract)
    given = {one.role: one for one in governance.signoffs}
    found = []
    for role in SIGNERS:
        one = given.get(role)
        state: Signed = "missing"
        if one is not None and entry is not None:
            state = "outdated"
            holder = governance.owners.role(role)
            if one.contract == wanted and holder.named and one.person == holder.person:
                state = (
                    "verified" if verified(governance.root, role, governance.owners) else "declared"
                )
        person = one.person if one else governance.owners.role(role).person
        found.append(Signature(role=role, person=person, state=state, on=one.date if one else None))
    return found


def sign_off(root: Path, owners: Owners, contract: str, today: date) -> list[Path]:
    """Write the file of each signer; an older signature no longer fits it and is removed."""
    paths = []
    for role in SIGNERS:
        path = root / SIGNOFFS / f"{role}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        person = digest.canonical(owners.role(role).person).decode()
        path.write_text(
            f"role: {role}\nperson: {person}\ncontract: {contract}\ndate: {today}\n", "utf-8"
        )
        _signature(path).unlink(missing_ok=True)
        paths.append(path)
    return paths


def verified(root: Path, role: RoleName, owners: Owners) -> bool:
    """True when the sign-off carries a valid SSH signature by the key `owners.yaml` names.

    Made with: ssh-keygen -Y sign -n poc-signoff -f KEY governance/signoffs/ROLE.yaml
    """
    path, key = root / SIGNOFFS / f"{role}.yaml", owners.role(role).key.strip()
    signature, program = _signature(path), shutil.which("ssh-keygen")
    if not key or not signature.is_file() or program is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        allowed = Path(folder) / "allowed"
        allowed.write_text(f"{role} {key}\n", "utf-8")
        done = subprocess.run(  # noqa: S603
            [program, "-Y", "verify", "-n", NAMESPACE, "-I", role]
            + ["-f", str(allowed), "-s", str(signature)],
            input=path.read_bytes(),
            capture_output=True,
            check=False,
        )
    return done.returncode == 0


def _signature(path: Path) -> Path:
    return path.with_name(path.name + ".sig")
