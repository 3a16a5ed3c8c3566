"""Go or no-go: judges the contract in force by the evidence that counts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from poc.checklist.attestations import budget_accepted
from poc.engine import digest, signing
from poc.engine.admissible import Court, Deployed, deployed
from poc.engine.contract import MONEY, SHARES, Contract, Criterion, Type
from poc.engine.evidence import Record
from poc.engine.findings import Finding, Move, Signature, State, Verdict, Word
from poc.engine.governance import Governance
from poc.engine.judge import judge, of_point, point
from poc.engine.ledger import Entry, Ledger
from poc.engine.situation import Situation
from poc.money.forecast import forecast

_ORDER: tuple[State, ...] = ("not_met", "inconclusive", "not_measured", "met")
# Operations first: what keeps it from running comes before how well the model answers.
_OPERATIONS: tuple[Type, ...] = (
    "fault_handling",
    "attack_success",
    "pii_leak",
    "integration",
    "latency",
    "review_sla",
    "human_review",
    "value",
    "monthly_cost",
    "unit_cost",
)


def reach(governance: Governance, records: list[Record], where: Situation) -> Verdict:
    """Reach the verdict. Pure but for reading the code's digest and the sign-offs' signatures."""
    what = deployed(governance.root)
    agreed = signing.in_force(governance)
    contract = agreed or governance.contract
    court = Court(contract, governance.ledger, records, what, where)
    findings = judge_all(governance, contract, court, where.today)
    signed = signing.signatures(governance)
    blocks = _not_in_force(governance, signed)
    word = weigh(findings, bool(blocks))
    first = signing.original(governance)
    entry = governance.ledger.in_force
    return Verdict(
        word=word,
        reasons=[*blocks, *_reasons(findings, word)],
        findings=_sorted(findings),
        original=None if first is None else _under(governance, first, records, what, where, blocks),
        moves=_moves(governance.ledger),
        looks_used=len(governance.ledger.of("look")),
        looks_allowed=contract.max_looks,
        contract=digest.of_model(contract),
        locked_on=entry.at.date() if entry else None,
        signatures=signed,
        decide_by=contract.decision_date,
        cheaper=_cheaper(governance, contract, records, what, where, findings),
        inadmissible=[f"{one.path}: {reason}" for one, reason in court.refused],
        preview=not where.official or where.dirty,
        research=governance.charter.intent == "research",
        behaviour=what.behaviour,
        commit=where.commit,
        run=where.run,
        at=where.now,
    )


def judge_all(
    governance: Governance, contract: Contract, court: Court, today: date
) -> list[Finding]:
    """Judge every criterion of a contract, in its order."""
    accepted = budget_accepted(governance.budget, governance.owners, governance.attestations, today)
    money = forecast(contract.volume, governance.budget)
    found = []
    for one in contract.criteria:
        if one.type in MONEY:
            at = one.indicator.conditions().get("at")
            value = money.metric(one.indicator.metric, at) if accepted else None
            why_not = (
                "nothing computes this figure; see the metrics in governance/budget.yaml."
                if accepted
                else f"the budget has not been accepted by {_accepts(governance)}."
            )
            found.append(point(one, value, why_not, "governance/budget.yaml"))
            continue
        sights, why_not = court.sights(one)
        if one.type == "integration":
            found.append(of_point(one, sights.get("all"), why_not))
        else:
            found.append(judge(contract, one, sights, why_not))
    return [_with_failures(contract, one, court) for one in found]


def weigh(findings: Sequence[Finding], blocked: bool) -> Word:
    """The word, in this order: a miss saves money at once, then what is missing, then doubt."""
    states = {one.state for one in findings if one.priority == "must"}
    if "not_met" in states:
        return "NO-GO"
    if blocked or "not_measured" in states:
        return "NOT YET MEASURED"
    return "INCONCLUSIVE" if "inconclusive" in states else "GO"


def _not_in_force(governance: Governance, signed: list[Signature]) -> list[str]:
    if governance.charter.intent == "research":
        return [
            "This is research: it gets no verdict, no staging and no personal data. For a verdict,"
            " set intent: production in governance/charter.yaml."
        ]
    if governance.ledger.in_force is None:
        return ["No contract is in force. The sponsor and three others sign it: poc lock."]
    found = [
        f"{name} differs from what is in force, and was not judged: poc amend."
        for name in signing.edited(governance)
    ]
    open_roles = [one.role for one in signed if one.state in ("missing", "outdated")]
    if open_roles:
        found.append(
            f"The contract in force is not signed by {', '.join(open_roles)}: poc lock --renew."
        )
    return found


def _under(
    governance: Governance,
    contract: Contract,
    records: list[Record],
    what: Deployed,
    where: Situation,
    blocks: list[str],
) -> Word:
    court = Court(contract, governance.ledger, records, what, where)
    return weigh(judge_all(governance, contract, court, where.today), bool(blocks))


def _cheaper(
    governance: Governance,
    contract: Contract,
    records: list[Record],
    what: Deployed,
    where: Situation,
    findings: list[Finding],
) -> str:
    """Name the trained baseline where it meets by itself what the chosen model was measured on."""
    if what.provider == "offline":
        return ""
    other = Court(
        contract, governance.ledger, records, what._replace(provider="offline", model=""), where
    )
    judged = {one.id: one for one in judge_all(governance, contract, other, where.today)}
    of_model = [
        one.id
        for one in contract.criteria
        if one.priority == "must" and one.indicator.dataset is not None
    ]
    if not of_model or any(judged[name].state != "met" for name in of_model):
        return ""
    return (
        f"The trained baseline meets {', '.join(of_model)} by the same contract, without a model's"
        " cost and without sending data out: consider it."
    )


def _moves(ledger: Ledger) -> list[Move]:
    """What amendments moved, and what differs between two looks, in the order of events."""
    found = []
    before: Entry | None = None
    for entry in ledger.of("amend", "look"):
        changes = entry.body["changes"] if entry.event == "amend" else []
        if entry.event == "look":
            changes = [] if before is None else _between(before, entry)
            before = entry
        why = str(entry.body.get("why", f"look {entry.body.get('look')}"))
        for one in changes:
            values = {key: one[key] for key in ("what", "kind", "before", "after", "blind")}
            found.append(Move(**values, on=entry.at.date(), by=entry.by, why=why))
    return found


def _between(one: Entry, other: Entry) -> list[dict[str, Any]]:
    """Another set of cases and other scorers may be right, and are never out of sight."""
    return [
        {"what": what, "kind": "changed", "before": was[:12], "after": now[:12], "blind": False}
        for key, what in (("dataset", "cases of the decision set"), ("scorer", "scorers"))
        if (was := str(one.body.get(key))) != (now := str(other.body.get(key)))
    ]


def _reasons(findings: Sequence[Finding], word: Word) -> list[str]:
    """One sentence for each reason of the word, operations first."""
    states: dict[Word, State] = {
        "NO-GO": "not_met",
        "NOT YET MEASURED": "not_measured",
        "INCONCLUSIVE": "inconclusive",
    }
    if word == "GO":
        return ["Every criterion that must hold, holds."]
    chosen = [one for one in findings if one.priority == "must" and one.state == states[word]]
    said: dict[str, list[str]] = {}
    for one in sorted(chosen, key=_operations_first):
        name = one.id if one.slice == "all" else f"{one.id} ({one.slice})"
        said.setdefault(one.reason, []).append(name)
    return [f"{', '.join(names)}: {reason}" for reason, names in said.items()]


def _operations_first(one: Finding) -> int:
    return _OPERATIONS.index(one.type) if one.type in _OPERATIONS else len(_OPERATIONS)


def _sorted(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (_ORDER.index(one.state), one.priority))


def _with_failures(contract: Contract, finding: Finding, court: Court) -> Finding:
    """Add how many wrong answers a week leave without a person, where both shares are known."""
    one = contract.criterion(finding.id)
    if one is None or one.type != "quality" or finding.n is None:
        return finding
    right = _share(one, court)
    reviewed = next((c for c in contract.criteria if c.indicator.metric == "review_rate"), None)
    held = None if reviewed is None else _share(reviewed, court)
    if right is None or held is None:
        return finding
    weekly = contract.volume.requests_per_month * 12 / 52
    return finding.model_copy(update={"per_week": round(weekly * (1 - held) * (1 - right), 1)})


def _share(one: Criterion, court: Court) -> float | None:
    sight: Any = court.sights(one)[0].get("all")
    if sight is None or one.type not in SHARES or not sight.measurement.n:
        return None
    return float(sight.measurement.hits or 0) / float(sight.measurement.n)


def _accepts(governance: Governance) -> str:
    role = governance.owners.role("budget")
    if role.named:
        return f"{role.person} (budget)"
    sponsor = governance.owners.role("sponsor")
    return f"{sponsor.person} (sponsor)" if sponsor.named else "the sponsor, who is not named"
