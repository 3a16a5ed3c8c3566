"""R4: looks at the decision set, and what must never be in git of it."""

from poc.engine import signing
from poc.engine.admissible import DECISION
from poc.engine.ledger import PATH
from poc.engine.situation import git
from poc.gates.ruling import Change, Said, note, passes, refuses
from poc.sets import manifest as sets


def looks(change: Change) -> Said:
    """R4: every look came after the contract, as often as agreed, at the set that is sealed."""
    root, ledger = change.governance.root, change.governance.ledger
    taken = ledger.of("look")
    most = (signing.in_force(change.governance) or change.governance.contract).max_looks
    lock = ledger.original
    found = [
        f"{PATH}:{one.seq}: a look of {one.at:%Y-%m-%d} without a contract in force."
        for one in taken
        if lock is None or one.seq < lock.seq
    ]
    if len(taken) > most:
        found.append(f"{PATH}:{taken[most].seq}: look {len(taken)}, and {most} are agreed.")
    plain = [
        path.relative_to(root).as_posix()
        for path in (
            sets.cases_of(root, DECISION),
            sets.labelled_of(root, DECISION),
            sets.cases_of(root, DECISION).with_name("key"),
        )
    ]
    committed = (git(root, "ls-files", "--", *plain) or "").split()
    found += [
        f"{one} is in git, where whoever tunes the service reads it: take it out of the history,"
        " and draw a fresh set."
        for one in committed
    ]
    if found:
        return refuses(*found)
    if not sets.path_of(root, DECISION).exists():
        return passes("Nothing has been drawn to decide on, and nothing was scored.")
    manifest = sets.load(root, DECISION)
    if taken and manifest.labels and taken[-1].body.get("dataset") != manifest.labels.digest:
        return note("The decision set is another one than that of the last look.")
    told = "" if manifest.seal else " It is not sealed yet: `poc seal`."
    return passes(f"The decision set was scored {len(taken)} of {most} times.{told}")
