"""R9: the template's own part is as it was released, or the difference is owned by somebody."""

import json

from poc.checklist.attestations import FILE, same
from poc.gates.ruling import Change, Said, note, passes, refuses
from poc.gates.shipped import LIST, digests


def shipped(change: Change) -> Said:
    """R9: compare each file with the list of the release."""
    whole = change.governance
    try:
        listed = json.loads((whole.root / LIST).read_text("utf-8"))
        version, wanted = str(listed["version"]), dict(listed["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return refuses(f"{LIST} is missing or damaged; `copier update` brings it back.")
    here = digests(whole.root)
    changed = [name for name in {**wanted, **here} if wanted.get(name) != here.get(name)]
    allowed = {one.path: one for one in whole.attestations.overrides}
    open_, held = [], []
    for name in changed:
        how = "edited" if name in wanted and name in here else "added"
        how = how if name in here else "removed"
        one = allowed.get(name)
        if one is None:
            open_.append(
                f"{name} was {how} against release {version}; undo it, or list it under overrides"
                f" in {FILE}."
            )
        elif one.until < change.where.today:
            open_.append(f"{name}: its override in {FILE} ended on {one.until}; undo the change.")
        elif not _is_somebody(change, one.by):
            open_.append(f"{name}: its override is by {one.by}, who holds no role in owners.yaml.")
        else:
            held.append(f"{name} is modified until {one.until}, says {one.by}: {one.why}")
    if open_:
        return refuses(*open_)
    return note(*held) if held else passes(f"All is as in release {version}.")


def _is_somebody(change: Change, name: str) -> bool:
    roles = change.governance.owners.roles.values()
    return any(one.named and same(one.person, name) for one in roles)
