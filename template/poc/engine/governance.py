"""Everything that was agreed, read at once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

from pydantic import Field

from poc.engine import ledger as ledgers
from poc.engine.charter import Charter
from poc.engine.contract import Contract
from poc.engine.owners import Owners, RoleName
from poc.engine.problems import InvalidFile
from poc.engine.yamlfile import Strict, read

if TYPE_CHECKING:
    from poc.checklist.attestations import Attestations
    from poc.checklist.catalogue import Checklist
    from poc.money.budget import Budget

FOLDER = Path("governance")
SIGNOFFS = FOLDER / "signoffs"

ReadT = TypeVar("ReadT")


class Signoff(Strict):
    """`signoffs/<role>.yaml`: this person agrees to the contract of this digest."""

    role: RoleName
    person: str
    contract: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    date: date


class Governance(NamedTuple):
    """The files of `governance/`, valid and read."""

    root: Path
    charter: Charter
    contract: Contract
    budget: "Budget"
    owners: Owners
    attestations: "Attestations"
    checklist: "Checklist"
    ledger: ledgers.Ledger
    signoffs: list[Signoff]


def load(root: Path) -> Governance:
    """Read all files. Raises `InvalidFile` with the mistakes of all of them, or `Damaged`."""
    from poc.checklist.attestations import Attestations
    from poc.checklist.catalogue import Checklist
    from poc.money.load import load as load_budget

    folder = root / FOLDER
    if not folder.is_dir():
        raise InvalidFile(ledgers.NO_PROJECT)
    mistakes: list[str] = []

    def attempt(reading: Callable[[], ReadT]) -> ReadT | None:
        try:
            return reading()
        except InvalidFile as error:
            mistakes.extend(error.lines)
            return None

    def file(name: str) -> Path:
        return folder / f"{name}.yaml"

    charter = attempt(lambda: read(file("charter"), Charter, shown(root, file("charter"))))
    contract = attempt(lambda: read(file("criteria"), Contract, shown(root, file("criteria"))))
    budget = attempt(lambda: load_budget(root))
    owners = attempt(lambda: read(file("owners"), Owners, shown(root, file("owners"))))
    said = attempt(
        lambda: read(file("attestations"), Attestations, shown(root, file("attestations")))
    )
    items = attempt(lambda: read(file("checklist"), Checklist, shown(root, file("checklist"))))
    signoffs = attempt(lambda: _signoffs(root))
    if (
        charter is None
        or contract is None
        or budget is None
        or owners is None
        or said is None
        or items is None
        or signoffs is None
    ):
        raise InvalidFile(*mistakes)
    return Governance(
        root, charter, contract, budget, owners, said, items, ledgers.load(root), signoffs
    )


def shown(root: Path, path: Path) -> str:
    """How messages call a file: as seen from the project's folder."""
    return path.relative_to(root).as_posix()


def _signoffs(root: Path) -> list[Signoff]:
    found: list[Signoff] = []
    mistakes: list[str] = []
    for path in sorted((root / SIGNOFFS).glob("*.yaml")):
        try:
            one = read(path, Signoff, shown(root, path))
            if one.role != path.stem:
                raise InvalidFile(f"{shown(root, path)}:1: role: it says {one.role}; rename one.")
            found.append(one)
        except InvalidFile as error:
            mistakes += error.lines
    if mistakes:
        raise InvalidFile(*mistakes)
    return found
