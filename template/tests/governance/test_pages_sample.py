"""Synthetic reports for the pages' tests: invented people, invented figures, nothing measured.

The charter, contract, budget and owners are those of `tests/governance/sample`.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from selectolax.lexbor import LexborHTMLParser, LexborNode

from poc.checklist.attestations import Attestations
from poc.checklist.scorecard import score
from poc.engine.charter import Charter
from poc.engine.contract import POINTS, Contract
from poc.engine.findings import Finding, Move, Signature, State, Verdict, Word
from poc.engine.goalposts import agreed
from poc.engine.governance import Governance
from poc.engine.ledger import Ledger
from poc.engine.owners import SIGNERS, Owners
from poc.engine.situation import Situation
from poc.engine.verdict import reach
from poc.engine.yamlfile import read
from poc.money.budget import Budget
from poc.money.forecast import forecast as real_forecast
from poc.pages.report import Report
from tests.governance.sample import SAMPLE
from tests.governance.test_pages_figures import accepted, checklist, forecast, scorecard

NOW = datetime(2026, 12, 14, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
COMMIT = "4f1c9a2" + "0" * 33
LAPTOP = Situation(now=NOW, run="", commit=COMMIT, dirty=False)
CI = Situation(now=NOW, run="318", commit=COMMIT, dirty=False)
EVIDENCE = "build/evidence/decision.json"
HOSTILE = (
    "</title></td><script>alert(1)</script>",
    "N" * 300,
    "\u202eright to left \u05e9\u05dc\u05d5\u05dd",
    "a | b `c` [d](http://e.test) *f* \\| g\nh",
)


def governance(root: Path = SAMPLE, **changes: Any) -> Governance:  # noqa: ANN401
    """The sample files. A change is `charter__risk_class="high"`: file and attribute."""
    files: dict[str, Any] = {
        "charter": read(SAMPLE / "charter.yaml", Charter),
        "contract": read(SAMPLE / "criteria.yaml", Contract),
        "owners": read(SAMPLE / "owners.yaml", Owners),
    }
    for name, value in changes.items():
        file, _, attribute = name.partition("__")
        files[file] = files[file].model_copy(update={attribute: value}) if attribute else value
    return Governance(
        root=root,
        budget=read(SAMPLE / "budget.yaml", Budget),
        attestations=Attestations(version=1),
        checklist=checklist(),
        ledger=Ledger(),
        signoffs=[],
        **files,
    )


def words(html: str) -> str:
    """A page as somebody reads it."""
    return " ".join(node(html, "main").text().replace("\xa0", " ").split())


def node(html: str, selector: str) -> LexborNode:
    """The one element that a selector finds first."""
    found = LexborHTMLParser(html).css_first(selector)
    assert found is not None, selector
    return found


def nobody(whole: Governance) -> Governance:
    """The same, with nobody named, no date and no budget owner: as on day one."""
    owners = Owners.model_validate({"version": 1, "roles": {name: {} for name in SIGNERS}})
    contract = whole.contract.model_copy(update={"decision_date": None})
    charter = whole.charter.model_copy(update={"risk_class": "", "notice": ""})
    return whole._replace(owners=owners, contract=contract, charter=charter)


def longer(contract: Contract, criteria: int) -> Contract:
    """The same contract with so many criteria, with statements and slices of usual length."""
    more = list(contract.criteria)
    first = more[0]
    while len(more) < criteria:
        more.append(
            first.model_copy(
                update={
                    "id": f"QUAL-{len(more)}",
                    "statement": "Letters in several languages go to the right department as well.",
                    "indicator": first.indicator.model_copy(update={"slices": ["lang:mixed"]}),
                }
            )
        )
    return contract.model_copy(update={"criteria": more})


def finding(whole: Governance, name: str, state: State, **more: Any) -> Finding:  # noqa: ANN401
    """A finding of one criterion; figures are invented."""
    one = whole.contract.criterion(name)
    assert one is not None
    figures: dict[str, Any] = {"measured": "98.8 %", "bound": "97.5 %", "n": 602}
    if one.type in POINTS:
        figures = {"measured": "1,234", "bound": "1,234"}
    measured: dict[State, dict[str, Any]] = {
        "met": figures | {"evidence": EVIDENCE},
        "not_met": {
            "measured": "-2,109",
            "bound": "-2,109",
            "reason": f"-2,109, but {agreed(one)} was agreed.",
            "evidence": "governance/budget.yaml",
        },
        "inconclusive": {
            "measured": "94.1 %",
            "bound": "88.7 %",
            "n": 180,
            "reason": "the interval holds the threshold; more cases would decide it.",
            "cases_missing": 240,
            "evidence": EVIDENCE,
        },
        "not_measured": {"reason": "nothing has measured it yet."},
    }
    return Finding(
        **{
            "id": one.id,
            "type": one.type,
            "priority": one.priority,
            "owner": one.owner,
            "statement": one.statement,
            "state": state,
            "agreed": agreed(one),
        }
        | measured[state]
        | more
    )


def verdict(
    whole: Governance,
    word: Word,
    states: dict[str, State] | None = None,
    **more: Any,  # noqa: ANN401
) -> Verdict:
    """A verdict in CI on a contract in force; every criterion is met but those of `states`."""
    states = states or {}
    findings = [
        finding(
            whole,
            one.id,
            states.get(one.id, "met"),
            **({"per_week": 9.3} if one.type == "quality" and one.id not in states else {}),
        )
        for one in whole.contract.criteria
    ]
    reasons = [f"{one.id}: {one.reason}" for one in findings if one.state != "met"]
    values: dict[str, Any] = {
        "word": word,
        "reasons": reasons or ["Every criterion that must hold, holds."],
        "findings": findings,
        "original": word,
        "moves": [],
        "looks_used": 2,
        "looks_allowed": 3,
        "contract": "9be0" * 16,
        "locked_on": date(2026, 10, 5),
        "signatures": [
            Signature(
                role=role,
                person=whole.owners.role(role).person,
                state="declared",
                on=date(2026, 10, 5),
            )
            for role in SIGNERS
        ],
        "decide_by": date(2026, 12, 18),
        "preview": False,
        "behaviour": "ab" * 32,
        "commit": COMMIT,
        "run": "318",
        "at": NOW,
    }
    return Verdict(**values | more)


def day_one(whole: Governance | None = None) -> Report:
    """A project that was just rendered, on somebody's laptop: what the engine says of it."""
    whole = whole or nobody(governance())
    money = real_forecast(whole.contract.volume, whole.budget)
    return Report(reach(whole, [], LAPTOP), score(whole, [], LAPTOP), money, None, whole)


def report(word: Word = "GO", states: dict[str, State] | None = None, **more: Any) -> Report:  # noqa: ANN401
    """A report in CI with everything agreed."""
    whole = more.pop("whole", None) or governance()
    level = more.pop("level", "none")
    return Report(
        verdict(whole, word, states, **more), scorecard(level), forecast(), accepted(), whole
    )


def move(what: str = "PERF-1 threshold", blind: bool = False, kind: str = "loosened") -> Move:
    return Move(
        on=date(2026, 12, 1),
        what=what,
        kind=cast("Any", kind),
        before="at most 2,000 ms",
        after="at most 2,500 ms",
        blind=blind,
        by="Ole Vang",
        why="The service moved to another region.",
    )


def does_not_pay() -> Report:
    """Works and does not pay; one threshold was moved after results."""
    return report("NO-GO", {"VAL-1": "not_met"}, moves=[move()])
