"""What is missing, and who has to act. Every page lists it in the same words."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from poc.engine.contract import MONEY
from poc.engine.findings import Verdict
from poc.engine.owners import SIGNERS, Owners, RoleName
from poc.pages.words import MISSING, TITLES, count, listed, person

if TYPE_CHECKING:
    from poc.checklist.scorecard import Scorecard
    from poc.engine.charter import Charter


class Gap(NamedTuple):
    """One thing that is missing, and the role that has to act."""

    role: RoleName
    what: str


class Ask(NamedTuple):
    """All that one role has to do. `person` is "missing" where nobody is named."""

    title: str
    person: str
    tasks: list[str]


def grouped(gaps: Iterable[Gap], owners: Owners | None) -> list[Ask]:
    """The gaps by role, signers first. A role that nobody holds is asked to be filled first."""
    by_role: dict[RoleName, list[str]] = {role: [] for role in TITLES}
    for gap in gaps:
        if gap.what not in by_role[gap.role]:
            by_role[gap.role].append(gap.what)
    return [
        Ask(TITLES[role], person(owners, role) if owners else "", tasks)
        for role, tasks in by_role.items()
        if tasks
    ]


def measuring(verdict: Verdict) -> list[Gap]:
    """Evidence that is missing, by the owner of the criterion."""
    found: dict[RoleName, list[str]] = {}
    more = []
    for one in verdict.findings:
        if one.state == "not_measured" and one.type not in MONEY:
            found.setdefault(one.owner, []).append(one.id)
        elif one.state == "inconclusive" and one.cases_missing:
            cases = count(one.cases_missing, "more case")
            more.append(Gap(one.owner, f"measure {cases} for {one.id}"))
        elif one.state == "inconclusive":
            more.append(Gap(one.owner, f"widen the margin of {one.id}, or measure more"))
    return [Gap(role, f"bring evidence for {listed(ids)}") for role, ids in found.items()] + more


def signing(verdict: Verdict) -> list[Gap]:
    """Signatures that are missing; before the contract is in force there is nothing to sign yet."""
    if verdict.locked_on is None:
        return [Gap(role, "agree the contract and sign it") for role in SIGNERS]
    unsigned = [one.role for one in verdict.signatures if one.state in ("missing", "outdated")]
    return [Gap(role, "sign the contract in force") for role in unsigned]


def checklist(scorecard: "Scorecard") -> list[Gap]:
    """Items that the next level misses and that this release can prove."""
    found: dict[RoleName, list[str]] = {}
    for item in scorecard.items:
        if item.id in scorecard.next_level_missing and item.in_release:
            found.setdefault(item.owner, []).append(item.id)
    return [Gap(role, f"prove {listed(ids)} of the checklist") for role, ids in found.items()]


def overdue(charter: "Charter", today: date) -> list[Gap]:
    """Open blockers whose day has passed."""
    return [
        Gap(one.owner, f"close the blocker overdue since {one.due}: {one.what}")
        for one in charter.blockers
        if one.status == "open" and one.due and one.due < today
    ]


def deciding(verdict: Verdict) -> list[Gap]:
    """Whose word is next once there is one to take a decision on."""
    if verdict.preview or verdict.word not in ("GO", "NO-GO"):
        return []
    return [Gap("sponsor", f"decide by {verdict.decide_by or MISSING}")]
