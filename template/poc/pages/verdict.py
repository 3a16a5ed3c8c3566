"""The verdict on one page: the word first, then why, what moved, what it costs, who decides."""

from typing import TYPE_CHECKING, Any

from poc.engine.contract import MONEY
from poc.engine.findings import Verdict
from poc.pages import agreement, figures, findings, gaps, goalposts, readiness, rendering
from poc.pages.report import Page, Report
from poc.pages.words import VERDICTS, person, project, when

if TYPE_CHECKING:
    from poc.money.forecast import Forecast

LIMITS = (
    "Limits: evidence is not signed, so it cannot prove who made it, and an administrator can"
    " still cheat; cheating is visible and costs more than doing the work."
)


def render_verdict(report: Report) -> Page:
    """Draw the verdict, and a comment of five lines for a pull request."""
    verdict, governance = report.verdict, report.governance
    if verdict.research:
        return _research(report)
    money = figures.table(report.forecast, report.accepted)
    rows, files = findings.rows(verdict, report.forecast.currency)
    view: dict[str, Any] = {
        "project": project(governance.root),
        "sign": VERDICTS[verdict.word],
        "verdict": verdict,
        "counts": findings.counts(verdict),
        "facts": _facts(verdict),
        "lead": _lead(report, money["pays"]),
        "reasons": verdict.reasons,
        "changes": _changes(verdict, report.forecast),
        "goalposts": goalposts.said(verdict),
        "moves": goalposts.moves(verdict),
        "rows": rows,
        "files": files,
        "weekly": any(one.per_week is not None for one in verdict.findings),
        "money": money,
        "cheaper": verdict.cheaper,
        "ready": readiness.view(report),
        "production": person(governance.owners, "production"),
        "signatures": readiness.signatures(verdict),
        "blockers": readiness.blockers(governance.charter, verdict.at.date()),
        # Before there is a verdict, what has to be done is the news.
        "early": verdict.word == "NOT YET MEASURED",
        "asks": gaps.grouped(_gaps(report), governance.owners),
        "no_go": f"A no-go is a result: {money['poc']} spent, {money['production']} not spent"
        + (f" ({money['status']})." if money["example"] else "."),
        "limits": LIMITS,
    }
    return Page(
        html=rendering.html("verdict.html", **view),
        markdown=rendering.markdown("verdict.md", **view),
        comment=rendering.markdown("comment.md", **view),
    )


def _research(report: Report) -> Page:
    from poc.pages.contract import LIMITS as CANNOT
    from poc.pages.contract import ONWARD, render_contract

    page = render_contract(report.governance, report.forecast, report.accepted, ())
    name = project(report.governance.root)
    lines = {"project": name, "limits": CANNOT, "onward": ONWARD}
    return Page(page.html, page.markdown, rendering.markdown("research-comment.md", **lines))


def _facts(verdict: Verdict) -> list[str]:
    """When, where and of what: the line below the headline."""
    today = verdict.at.date()
    signed = [one for one in verdict.signatures if one.state in ("verified", "declared")]
    by = f"signed by {len(signed)} of {len(verdict.signatures)}"
    decide = verdict.decide_by
    return [
        f"{verdict.at:%Y-%m-%d %H:%M} UTC",
        f"commit {verdict.commit[:7] or 'none'}",
        f"CI run {verdict.run}" if verdict.run else "no CI run",
        f"contract {verdict.contract[:12]}"
        + (f" in force since {verdict.locked_on}, {by}" if verdict.locked_on else " not in force"),
        f"decide by {decide}, {when(decide, today)}" if decide else "no decision date",
    ]


def _lead(report: Report, pays: str) -> str:
    """What the word means here, in a sentence for somebody who reads only one."""
    verdict = report.verdict
    musts = [one for one in verdict.findings if one.priority == "must"]
    failed = [one for one in musts if one.state == "not_met"]
    rest = [one for one in musts if one.type not in MONEY]
    if verdict.word == "NO-GO" and all(one.type in MONEY for one in failed):
        if all(one.state == "met" for one in rest):
            return f"It works; it does not pay. {pays}"
        return f"It does not pay, whatever is measured next. {pays}"
    if verdict.word == "NOT YET MEASURED" and not any(one.state == "met" for one in musts):
        return (
            "Every project starts here. Nothing has been measured that counts, so nothing says yet"
            " whether it works."
        )
    if verdict.word == "GO" and report.scorecard.level not in ("pilot", "production"):
        return (
            "The contract is met. Users are let in by the checklist, not by this word: it is not"
            " ready for them yet."
        )
    if verdict.word == "INCONCLUSIVE":
        return "What was measured fits a yes and a no; it takes more cases to tell."
    return ""


def _changes(verdict: Verdict, forecast: "Forecast") -> list[str]:
    """What would make it pay, where that is what failed."""
    failed = any(one.type in MONEY and one.state == "not_met" for one in verdict.findings)
    return [one.sentence for one in forecast.changes] if failed else []


def _gaps(report: Report) -> list[gaps.Gap]:
    verdict, governance = report.verdict, report.governance
    found = agreement.people(governance)
    if verdict.locked_on is None:
        found = agreement.gaps(governance, report.forecast, report.accepted)
    else:
        found += agreement.budget(governance.owners, report.accepted)
    found += gaps.signing(verdict)
    if verdict.word != "NO-GO":
        found += gaps.measuring(verdict)
        found += gaps.checklist(report.scorecard)
    found += gaps.overdue(governance.charter, verdict.at.date())
    return found + gaps.deciding(verdict)
