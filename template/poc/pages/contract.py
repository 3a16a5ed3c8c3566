"""The contract on one page, to read aloud, print and sign."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from poc.engine import digest, signing
from poc.engine.owners import DUTIES, SIGNERS
from poc.pages import agreement, figures, gaps, rendering, scope
from poc.pages.report import Page
from poc.pages.thresholds import sureness, threshold
from poc.pages.words import (
    SIGNED,
    TITLES,
    count,
    day,
    listed,
    person,
    project,
    short,
)

if TYPE_CHECKING:
    from poc.checklist.attestations import Acceptance
    from poc.engine.governance import Governance
    from poc.money.forecast import Forecast
    from poc.money.plan import CaseNeed


LIMITS = (
    "No verdict: nothing it shows says that it is good enough for users.",
    "No staging and no production: it runs on the machines of those who try it.",
    "No personal data and no special data: public and internal data only.",
    "No promise: neither a date, nor a budget, nor an owner after the experiment.",
)
ONWARD = (
    "Set intent: production in governance/charter.yaml, agree the contract and sign it before any"
    " result is measured. What was measured as research does not count as evidence."
)


def render_contract(
    governance: "Governance",
    forecast: "Forecast",
    accepted: "Acceptance | None",
    needs: "Iterable[CaseNeed]",
) -> Page:
    """Draw `governance/*.yaml` as they are now.

    Research gets a page that says what it cannot do. Values are escaped; nothing is left out.
    """
    view = _frame(governance)
    if governance.charter.intent == "research":
        view |= {"scope": scope.scope(governance.charter), "data": scope.data(governance.charter)}
        view |= {"limits": LIMITS, "onward": ONWARD}
        return _page("research", view)
    view |= {
        "contract": governance.contract,
        "decide_by": day(governance.contract.decision_date),
        "scope": scope.scope(governance.charter),
        "data": scope.data(governance.charter),
        "criteria": _criteria(governance, forecast.currency),
        "counts": _counts(governance),
        "money": figures.table(forecast, accepted),
        "blockers": scope.blockers(governance.charter),
        "asks": gaps.grouped(
            agreement.gaps(governance, forecast, accepted, needs), governance.owners
        ),
        "signers": _signers(governance),
    }
    return _page("contract", view)


def _page(name: str, view: dict[str, Any]) -> Page:
    return Page(
        html=rendering.html(f"{name}.html", **view),
        markdown=rendering.markdown(f"{name}.md", **view),
    )


def _frame(governance: "Governance") -> dict[str, Any]:
    return {
        "project": project(governance.root),
        "sponsor": person(governance.owners, "sponsor"),
        "state": _state(governance),
        "digest": digest.of_model(governance.contract),
    }


def _state(governance: "Governance") -> str:
    """Whether this is a draft, in force, or edited since it was."""
    entry = governance.ledger.in_force
    if entry is None:
        return "Draft, not in force."
    edited = signing.edited(governance)
    if edited:
        return f"Not in force: {listed(edited)} changed since; run poc amend."
    return f"In force since {entry.at.date()}."


def _criteria(governance: "Governance", currency: str) -> list[dict[str, str]]:
    contract, owners = governance.contract, governance.owners
    return [
        {
            "id": one.id,
            "priority": one.priority,
            "statement": one.statement,
            "agreed": threshold(contract, one, currency),
            "owner": short(one.owner),
            "person": person(owners, one.owner),
        }
        for one in contract.criteria
    ]


def _counts(governance: "Governance") -> str:
    """Which evidence counts, in one sentence."""
    contract = governance.contract
    rule = contract.admissibility
    looks = "once" if contract.max_looks == 1 else f"{contract.max_looks} times"
    return (
        f"Only evidence from {listed(list(rule.environments), 'or')} counts, at most"
        f" {count(rule.max_age_days, 'day')} old, of what would be deployed. The decision set may"
        f" be scored {looks}, each time with {sureness(contract)} confidence."
    )


def _signers(governance: "Governance") -> list[dict[str, str]]:
    signed = {one.role: one for one in signing.signatures(governance)}
    return [
        {
            "title": TITLES[role],
            "duty": DUTIES[role],
            "person": person(governance.owners, role),
            "signed": "" if signed[role].state == "missing" else SIGNED[signed[role].state],
            "on": str(signed[role].on or ""),
        }
        for role in SIGNERS
    ]
