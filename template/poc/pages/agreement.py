"""What is missing from what the signers agree to, and who has to fill it in."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from poc.engine.owners import SIGNERS, Owners, RoleName
from poc.engine.readiness import BLOCKERS
from poc.pages.gaps import Gap
from poc.pages.words import count, listed

if TYPE_CHECKING:
    from poc.checklist.attestations import Acceptance
    from poc.engine.charter import Charter
    from poc.engine.governance import Governance
    from poc.money.forecast import Forecast
    from poc.money.plan import CaseNeed

# Weeks in which those who build it and those who run it work together.
OVERLAP = 4


def people(governance: "Governance") -> list[Gap]:
    """Signers, and owners of what has to hold, who are not named or have not said yes."""
    owners, found = governance.owners, []
    musts = [one.owner for one in governance.contract.criteria if one.priority == "must"]
    for role in dict.fromkeys([*SIGNERS, *musts]):
        held = owners.role(role)
        if not held.named:
            found.append(Gap(role, "name this person"))
        elif held.accepted is None:
            found.append(Gap(role, "accept this role"))
    return found


def gaps(
    governance: "Governance",
    forecast: "Forecast",
    accepted: "Acceptance | None",
    needs: "Iterable[CaseNeed]" = (),
) -> list[Gap]:
    """What has to be filled in before the contract can be put in force.

    The same points keep `poc lock` from doing so, but for the budget, which may be accepted later.
    """
    charter, contract, owners = governance.charter, governance.contract, governance.owners
    lawful: RoleName = "privacy" if owners.role("privacy").named else "risk"
    found = people(governance)
    found += budget(owners, accepted)
    if forecast.uncovered_areas:
        areas = listed(forecast.uncovered_areas)
        found.append(Gap("sponsor", f"budget the work on {areas}, or name what covers it"))
    if contract.decision_date is None:
        found.append(Gap("sponsor", "set the decision date"))
    if charter.production.target is None:
        found.append(Gap("production", "set the day it should be live"))
    if not charter.risk_class:
        found.append(Gap(lawful, "decide the risk class"))
    if not charter.notice.strip():
        found.append(Gap(lawful, "write the notice to users"))
    if len(charter.blockers) < BLOCKERS:
        found.append(Gap("production", f"list at least {BLOCKERS} blockers"))
    plan = owners.handover
    apart = plan.build_team and plan.run_team and plan.build_team != plan.run_team
    if apart and plan.overlap_weeks < OVERLAP:
        found.append(Gap("production", f"plan {OVERLAP} weeks of both teams together"))
    return found + _systems(governance) + _undated(charter) + _cases(needs)


def _systems(governance: "Governance") -> list[Gap]:
    """Other teams' systems that nobody agreed to, or that a criterion needs and nobody listed."""
    charter = governance.charter
    found = []
    open_systems = [i.system for i in charter.integrations if not i.owner.strip() or not i.agreed]
    if open_systems:
        found.append(
            Gap("production", f"get an owner and a date agreed for {listed(open_systems)}")
        )
    known = {one.system for one in charter.integrations}
    for one in governance.contract.criteria:
        system = str((one.indicator.model_extra or {}).get("system"))
        if one.type == "integration" and system not in known:
            found.append(Gap(one.owner, f"list {system} under the charter's integrations"))
    return found


def budget(owners: Owners, accepted: "Acceptance | None") -> list[Gap]:
    """Who has to accept the budget: its owner, and the sponsor while there is none."""
    from poc.checklist.attestations import accepts_budget

    return [] if accepted else [Gap(accepts_budget(owners), "accept the budget")]


def _undated(charter: "Charter") -> list[Gap]:
    found: dict[RoleName, int] = {}
    for one in charter.blockers:
        if one.status == "open" and one.due is None:
            found[one.owner] = found.get(one.owner, 0) + 1
    return [Gap(role, f"set a day for {count(n, 'blocker')}") for role, n in found.items()]


def _cases(needs: "Iterable[CaseNeed]") -> list[Gap]:
    """Criteria that the planned cases are too few for, or that no number of cases would show."""
    few, never = [], []
    for one in needs:
        name = one.id if one.slice == "all" else f"{one.id} {one.slice}"
        enough = one.needed if one.needed is not None else one.least
        planned = one.planned or 0
        if one.verdict != "ok" and enough is not None and enough > planned:
            few.append(f"{name} ({planned:,} planned, {enough:,} needed)")
        elif one.verdict != "ok":
            never.append(name)
    found = [Gap("evaluation", f"plan more cases for {listed(few)}")] if few else []
    if never:
        text = f"what is expected would not show {listed(never)} on any number of cases"
        found.append(Gap("evaluation", text))
    return found
