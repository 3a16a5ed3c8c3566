"""The weekly status for programs: one file a project, read by a page of many projects."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from poc.engine.findings import Verdict
from poc.engine.owners import Owners, RoleName
from poc.engine.situation import Situation
from poc.pages import figures
from poc.pages.history import Week, weeks
from poc.pages.words import project

if TYPE_CHECKING:
    from poc.checklist.scorecard import Scorecard
    from poc.engine.governance import Governance
    from poc.money.forecast import Forecast

VERSION = 1
KEPT = 12


def status_json(
    governance: "Governance",
    history: Sequence[Mapping[str, Any]],
    scorecard: "Scorecard",
    verdict: Verdict,
    forecast: "Forecast",
    situation: Situation,
) -> dict[str, Any]:
    """The status for a page of many projects. Keys are only ever added within a version."""
    today = situation.today
    line = [*weeks(history, today), Week.of(today, scorecard, verdict)][-KEPT:]
    owners, decide = governance.owners, verdict.decide_by
    decisions = governance.ledger.of("decision")
    return {
        "version": VERSION,
        "project": project(governance.root),
        "sponsor": _named(owners, "sponsor"),
        "productionOwner": _named(owners, "production"),
        "intent": governance.charter.intent,
        "at": situation.now.isoformat(timespec="seconds"),
        "commit": situation.commit,
        "run": situation.run,
        "preview": verdict.preview,
        "verdict": None if verdict.research else verdict.word,
        "original": None if verdict.research else verdict.original,
        "level": scorecard.level,
        "waived": scorecard.starred,
        "weakest": {"area": scorecard.weakest_area, "score": scorecard.weakest_score},
        "score": scorecard.score,
        "history": [one.data() for one in line],
        "looks": {"used": verdict.looks_used, "allowed": verdict.looks_allowed},
        "loosenedAfterResults": sum(
            one.kind == "loosened" and not one.blind for one in verdict.moves
        ),
        "costRatio": {"value": forecast.cost_ratio.value, "band": forecast.cost_ratio.band},
        "monthlyAt1x": {"amount": forecast.columns[0].total, "currency": forecast.currency},
        "budgetAccepted": figures.accepted(governance, today) is not None,
        "decisionDate": decide.isoformat() if decide else None,
        "daysToDecision": (decide - today).days if decide else None,
        "decision": decisions[-1].body.get("decision") if decisions else None,
        "decidedAgainst": bool(decisions and decisions[-1].body.get("against")),
        "template": _template(governance),
    }


def _named(owners: Owners, role: RoleName) -> str | None:
    held = owners.role(role)
    return held.person if held.named else None


def _template(governance: "Governance") -> str | None:
    """The release of the template, where the answers file names one."""
    import yaml

    try:
        text = (governance.root / ".copier-answers.yml").read_text("utf-8")
        answers = yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError):
        return None
    found = answers.get("_commit") if isinstance(answers, dict) else None
    return str(found) if found else None
