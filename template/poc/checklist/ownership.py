"""OWN-1 and OWN-2: whether people own it, and whether they work on it together."""

from datetime import timedelta

from poc.checklist import codeowners, people
from poc.checklist.attestations import same
from poc.checklist.catalogue import Item, Level
from poc.checklist.commits import Commit, commits, distinct
from poc.checklist.proof import Answer
from poc.checklist.words import View
from poc.engine.owners import Role

TOOK_PART = 14  # days
KNOW_IT = 2  # people


def owners_stand(item: Item, view: View) -> Answer:
    """OWN-1 at level poc; the later levels also ask for the roles that are due by then."""
    return owners_at("poc", view)


def owners_at(level: Level, view: View) -> Answer:
    """OWN-1 for the roles that have to stand at a level."""
    whole, today = view.governance, view.where.today
    missing = people.missing(whole.owners, level, today)
    if missing:
        first = f"{missing[0]} {people.told(whole.owners, missing[0], today)}"
        rest = f"; also open: {', '.join(missing[1:])}" if missing[1:] else ""
        return Answer("fail", f"{first[0].upper()}{first[1:]}{rest}.")
    apart = codeowners.out_of_step(whole.root, whole.owners, whole.charter)
    if apart:
        return Answer("fail", f"{apart[0].upper()}{apart[1:]}.")
    needed = [
        role.accepted
        for name, role in whole.owners.roles.items()
        if role.accepted and not people.due_later(whole.owners, name, level)
    ]
    ends = min(needed) + timedelta(people.ACCEPTED_FOR)
    return Answer("pass", "Everybody needed now said yes, and CODEOWNERS is in step.", ends)


def worked_together(item: Item, view: View) -> Answer:
    """OWN-2: the production owner took part lately; code and evals are known to two people."""
    root, role = view.governance.root, view.governance.owners.role("production")
    if not role.named:
        return Answer("fail", "There is no production owner who could take part; name one.")
    everything = commits(root)
    if everything is None:
        return Answer(
            "unknown", "Git has no whole history here: commit, or fetch it all in CI (depth 0)."
        )
    start = view.where.now - timedelta(TOOK_PART)
    lately = [one for one in everything if start <= one.at <= view.where.now and _is(role, one)]
    if not lately:
        team = " or ".join(filter(None, (role.person, role.deputy)))
        return Answer("fail", f"No commit by {team} in the last {TOOK_PART} days: work together.")
    for folder in ("app", "evals"):
        known = distinct(commits(root, folder) or [])
        if known < KNOW_IT:
            return Answer(
                "fail", f"{known} of at least {KNOW_IT} people have worked on {folder}/: pair up."
            )
    last = max(one.at for one in lately).date()
    return Answer("pass", f"Production took part on {last}; two people and more know it.")


def _is(role: Role, commit: Commit) -> bool:
    names = [name for name in (role.person, role.deputy) if name.strip()]
    return any(
        (role.email and one.mail.casefold() == role.email.casefold())
        or any(same(one.name, name) for name in names)
        for one in commit.people
    )
