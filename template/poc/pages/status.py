"""The weekly status: what changed, what ends soon, who has to act."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from poc.engine.findings import Verdict
from poc.engine.situation import Situation
from poc.pages import agreement, figures, gaps, readiness, rendering
from poc.pages.history import Week, changed, weeks
from poc.pages.portfolio import status_json
from poc.pages.trend import described, trend_svg
from poc.pages.words import TITLES, VERDICTS, area, money, percent, person, project

if TYPE_CHECKING:
    from poc.checklist.scorecard import Scorecard
    from poc.engine.governance import Governance
    from poc.money.forecast import Forecast

__all__ = ["status_json", "status_markdown", "trend_svg"]

SOON_DAYS = 14
# Points that the text beside the picture repeats.
TOLD = 8


def status_markdown(
    history: Sequence[Mapping[str, Any]],
    scorecard: "Scorecard",
    verdict: Verdict,
    forecast: "Forecast",
    situation: Situation,
    *,
    governance: "Governance | None" = None,
    drawn: str = "",
) -> str:
    """Write STATUS.md. `history` are the ledger's `score` lines, with or without today's.

    With `governance` it names people and lists overdue blockers. `drawn` says what the production
    owner is asked to show this week. The picture lies beside it, as `trend.svg`.
    """
    past = weeks(history, situation.today)
    now = Week.of(situation.today, scorecard, verdict)
    points = [(one.day, one.score) for one in [*past, now]]
    return rendering.markdown(
        "status.md",
        name=project(governance.root) if governance else "",
        sign=VERDICTS[verdict.word],
        verdict=verdict,
        today=situation.today.isoformat(),
        run=situation.run,
        level=readiness.level(scorecard),
        weakest=f"{area(scorecard.weakest_area)} {percent(scorecard.weakest_score)}",
        score=percent(scorecard.score),
        outcomes=readiness.outcomes(scorecard),
        missing=readiness.missing(scorecard),
        told=described(points[-TOLD:]),
        since=past[-1].day.isoformat() if past else "",
        changes=changed(past[-1], now) if past else [],
        ending=_ending(scorecard, situation.today, governance),
        blockers_known=governance is not None,
        overdue=_overdue(governance, situation.today),
        asks=_asks(scorecard, verdict, situation, governance),
        cost=_cost(forecast, governance, situation.today),
        drawn=drawn,
    )


def _ending(
    scorecard: "Scorecard", today: date, governance: "Governance | None"
) -> list[dict[str, str]]:
    """Words and waivers that end within two weeks, or have ended, the first first."""
    dated = [(one.expires, one) for one in scorecard.items if one.expires is not None]
    return [
        {"id": one.id, "on": ends.isoformat(), "who": _who(governance, one.owner)}
        for ends, one in sorted(dated, key=lambda pair: (pair[0], pair[1].id))
        if (ends - today).days <= SOON_DAYS
    ]


def _overdue(governance: "Governance | None", today: date) -> list[dict[str, str]]:
    blockers: Iterable[Any] = governance.charter.blockers if governance else ()
    return [
        {"what": one.what, "on": one.due.isoformat(), "who": _who(governance, one.owner)}
        for one in blockers
        if one.status == "open" and one.due and one.due < today
    ]


def _who(governance: "Governance | None", role: Any) -> str:  # noqa: ANN401 - a RoleName
    return TITLES[role] + (f", {person(governance.owners, role)}" if governance else "")


def _asks(
    scorecard: "Scorecard",
    verdict: Verdict,
    situation: Situation,
    governance: "Governance | None",
) -> list[gaps.Ask]:
    found = agreement.people(governance) if governance else []
    found += gaps.signing(verdict)
    found += gaps.measuring(verdict)
    found += gaps.checklist(scorecard)
    found += gaps.overdue(governance.charter, situation.today) if governance else []
    found += gaps.deciding(verdict)
    return gaps.grouped(found, governance.owners if governance else None)


def _cost(forecast: "Forecast", governance: "Governance | None", today: date) -> str:
    first, currency = forecast.columns[0], forecast.currency
    said = ""
    if governance is not None:
        accepted = figures.accepted(governance, today)
        said = f" From governance/budget.yaml, {figures.status(accepted)}."
    return (
        f"A month at {first.volume:,} requests costs {money(first.total, currency)} and nets"
        f" {money(first.net, currency)}. {figures.built(forecast)}{said}"
    )
