"""Asks each gate."""

from collections.abc import Callable, Sequence

from poc.gates import COMING, GATES, agreed, history, looking, people, release, scope
from poc.gates.ruling import Change, Ruling, Said

CHECKS: dict[str, Callable[[Change], Said]] = {
    "R1": agreed.contract,
    "R2": history.ledger,
    "R4": looking.looks,
    "R5": scope.capabilities,
    "R7": people.signers,
    "R9": release.shipped,
    "R10": people.budget,
    "R11": people.let_through,
    "R12": history.evidence,
    "R13": agreed.decision,
}


def judge(change: Change, wanted: Sequence[str] = ()) -> list[Ruling]:
    """The rulings of the wanted gates, all without any, in their order."""
    found = []
    for gate, title in GATES.items():
        if wanted and gate not in wanted:
            continue
        check = CHECKS.get(gate)
        said = check(change) if check else Said("to come", [COMING[gate]])
        found.append(Ruling(gate=gate, title=title, state=said.state, said=said.lines))
    return found
