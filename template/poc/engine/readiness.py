"""What is still open before the contract can be put in force, and who has to act."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from poc.engine.admissible import DECISION
from poc.engine.governance import Governance
from poc.engine.owners import DUTIES, SIGNERS, RoleName
from poc.money.forecast import forecast
from poc.money.plan import needs

BLOCKERS = 5
PASSED = "The decision date"  # how the one point starts that does not hold up an amendment


class Point(NamedTuple):
    """One open point. `who` is a name, or the role where nobody is named; `where` is the file."""

    what: str
    who: str
    where: str


def who(governance: Governance, role: RoleName) -> str:
    """The person of a role, or the role and that it is open."""
    one = governance.owners.role(role)
    return f"{one.person} ({role})" if one.named else f"{role}, not named yet"


def before_lock(governance: Governance, today: date) -> list[Point]:
    """Every precondition of `poc lock` that does not hold."""
    return [
        *people(governance, today),
        *_charter(governance),
        *_contract(governance, today),
        *_budget(governance),
    ]


def people(governance: Governance, today: date) -> Iterator[Point]:
    """What is open about those who sign and those who own a criterion that must hold."""
    where = "governance/owners.yaml"
    needed = dict.fromkeys(SIGNERS)
    needed |= dict.fromkeys(
        one.owner for one in governance.contract.criteria if one.priority == "must"
    )
    for role in needed:
        one = governance.owners.role(role)
        if not one.named:
            said = f"{one.person!r} is no name" if one.person.strip() else "nobody is named"
            yield Point(
                f"Name the {role} owner, who {DUTIES[role]}; {said}.",
                who(governance, "sponsor"),
                where,
            )
        elif one.accepted is None:
            yield Point(f"Accept the role {role}: write the day.", who(governance, role), where)
        elif one.accepted > today:
            yield Point(
                f"{role} was accepted on {one.accepted}, which is still to come; mend the date.",
                who(governance, role),
                where,
            )
    signers = {_folded(governance.owners.role(role).person) for role in SIGNERS}
    if len(signers) == 1 and signers != {""}:
        yield Point(
            "One person cannot sign alone: name somebody else in at least one of"
            f" {', '.join(SIGNERS)}.",
            who(governance, "sponsor"),
            where,
        )
    plan = governance.owners.handover
    apart = plan.build_team and plan.run_team and plan.build_team != plan.run_team
    if apart and plan.overlap_weeks < 4:
        yield Point(
            "Another team runs it than builds it: plan at least 4 weeks together"
            " (handover.overlapWeeks).",
            who(governance, "production"),
            where,
        )


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _charter(governance: Governance) -> Iterator[Point]:
    where, charter = "governance/charter.yaml", governance.charter
    if charter.intent == "research":
        yield Point(
            "Research signs no contract; set intent: production to get a verdict.",
            who(governance, "sponsor"),
            where,
        )
    if not charter.risk_class:
        yield Point("Decide the risk class (riskClass).", who(governance, "risk"), where)
    if charter.production.target is None:
        yield Point(
            "Write when it should be live (production.target).",
            who(governance, "production"),
            where,
        )
    if len(charter.blockers) < BLOCKERS:
        yield Point(
            f"List what could keep it from going live: {len(charter.blockers)} of at least"
            f" {BLOCKERS} blockers are there.",
            who(governance, "production"),
            where,
        )
    for one in charter.blockers:
        if one.status == "open" and one.due is None:
            yield Point(f"Set a day for: {one.what}.", who(governance, one.owner), where)
    for system in charter.integrations:
        if not system.owner.strip() or system.agreed is None:
            yield Point(
                f"Agree with the owner of {system.system}: write owner and the day of the"
                " agreement.",
                who(governance, "production"),
                where,
            )


def _contract(governance: Governance, today: date) -> Iterator[Point]:
    where, contract = "governance/criteria.yaml", governance.contract
    sponsor, evaluation = who(governance, "sponsor"), who(governance, "evaluation")
    if contract.decision_date is None:
        yield Point("Set the day of the decision (decisionDate).", sponsor, where)
    elif contract.decision_date < today:
        yield Point(f"{PASSED} {contract.decision_date} has passed; set another.", sponsor, where)
    systems = {one.system for one in governance.charter.integrations}
    for one in contract.criteria:
        system = one.indicator.conditions().get("system")
        if one.type == "integration" and (not isinstance(system, str) or system not in systems):
            yield Point(
                f"{one.id} asks for the system {system}, which governance/charter.yaml does not"
                " list under integrations.",
                who(governance, one.owner),
                where,
            )
        if one.type == "quality" and one.priority == "must" and one.indicator.dataset != DECISION:
            yield Point(
                f"{one.id} is decided on the cases {one.indicator.dataset or 'of any set'}; only"
                f" the sealed set is looked at as agreed: write dataset: {DECISION}.",
                evaluation,
                where,
            )
    musts = {one.id for one in contract.criteria if one.priority == "must"}
    for need in needs(contract):
        if need.verdict == "impossible" and need.id in musts:
            yield Point(need.sentence, evaluation, where)


def _budget(governance: Governance) -> Iterator[Point]:
    money = forecast(governance.contract.volume, governance.budget)
    if money.cost_ratio.band == "red" and money.uncovered_areas:
        yield Point(
            f"{money.cost_ratio.sentence} Give days, or an item that covers it, to:"
            f" {', '.join(money.uncovered_areas)}.",
            who(governance, "sponsor"),
            "governance/budget.yaml",
        )
