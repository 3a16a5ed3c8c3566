"""What the answers mean, shown while they are given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from poc.engine.contract import MONEY, Contract, Criterion
from poc.engine.problems import PocError
from poc.kickoff.answers import Answers
from poc.kickoff.changes import applied
from poc.kickoff.fields import identifier
from poc.kickoff.meaning import meaning
from poc.kickoff.questions import Step
from poc.money.budget import Budget
from poc.money.forecast import Forecast, forecast_for
from poc.money.goals import Goal
from poc.money.load import priced
from poc.money.plan import CaseNeed, Labelling, labelling, needs
from poc.pages import figures as tables
from poc.pages.words import amount, count, listed, money

ALL = "all"


@dataclass
class Figure:
    """Sentences, and a table with `heads` and `rows`, below one part of a page.

    A sentence's sign tells what it is without colour.
    """

    sentences: list[tuple[str, str]] = field(default_factory=list)
    caption: str = ""
    heads: list[tuple[str, str]] = field(default_factory=list)
    rows: list[tuple[str, list[str]]] = field(default_factory=list)

    def say(self, sentence: str, sign: str = "") -> None:
        """Add one sentence; `sign` is "!" for a warning, "✗" for what cannot be."""
        self.sentences.append((sign, sentence))


def figures(
    root: Path, step: Step, data: Mapping[str, Any], answers: Answers | None = None
) -> dict[str, Figure]:
    """What to show on a page, by part, for the files' answers with those typed on top."""
    if not step.figures:
        return {}
    if answers and answers.errors:
        return _later(next(iter(answers.errors.values())))
    changes = answers.changes if answers else {}
    now = {name: applied(one, changes.get(name, [])) for name, one in data.items()}
    try:
        contract = Contract.model_validate(now["criteria"])
        if step.figures == "cases":
            return _cases(contract, _forecast(root, contract, now.get("budget")))
        return {ALL: _money(_reckoned(root, contract, now["budget"]))}
    except ValidationError as error:
        return _later(str(error.errors()[0]["msg"]).removeprefix("Value error, "))
    except PocError as error:
        return _later(error.lines[0])


def _later(why: str) -> dict[str, Figure]:
    figure = Figure()
    figure.say(f"The figures follow once this is mended: {why.rstrip('.')}.", "!")
    return {ALL: figure}


def _reckoned(root: Path, contract: Contract, budget: Any) -> Forecast:  # noqa: ANN401
    return forecast_for(contract, priced(root, Budget.model_validate(budget)))


def _forecast(root: Path, contract: Contract, budget: Any) -> Forecast | None:  # noqa: ANN401
    """The forecast, None while the budget does not hold: the cases do not depend on it."""
    try:
        return _reckoned(root, contract, budget)
    except (ValidationError, PocError):
        return None


def _cases(contract: Contract, forecast: Forecast | None) -> dict[str, Figure]:
    wanted = needs(contract)
    found: dict[str, Figure] = {}
    for index, one in enumerate(contract.criteria):
        figure = found[f"row-{identifier(f'criteria:criteria.{index}')}"] = Figure()
        for sentence in meaning(contract, one):
            figure.say(sentence)
        if forecast is not None:
            _by_budget(figure, one, forecast)
        for need in wanted:
            if need.id == one.id:
                sign = {"ok": "✓", "unlikely": "!", "impossible": "✗"}[need.verdict]
                where, _, said = need.sentence.partition(": ")
                part = "" if need.slice == "all" else f"{where.partition(' ')[2]} "
                figure.say(part + said[:1].upper() + said[1:], sign)
                for need_hours in labelling(contract, [need] if need.dataset else []):
                    _takes(figure, need_hours)
    return found | {ALL: _labels(contract, wanted)}


def _takes(figure: Figure, one: Labelling) -> None:
    """How many labelled cases one criterion asks for, and the work that is."""
    if one.needed is not None and one.hours_needed is not None:
        hours = count(max(round(one.hours_needed), 1), "hour")
        figure.say(f"A good chance takes {count(one.needed, 'labelled case')}: {hours} of work.")


def _labels(contract: Contract, wanted: list[CaseNeed]) -> Figure:
    """How many labelled cases that takes in each set, and what labelling them costs."""
    figure = Figure()
    for one in labelling(contract, wanted):
        planned = f"{count(one.planned, 'case')} take {count(round(one.hours_planned), 'hour')}"
        figure.say(f"Labels in the set {one.dataset}: {planned} for two people.")
        if one.needed is None or one.hours_needed is None:
            figure.say("As expected now, no number of cases is sure to be enough.", "!")
        else:
            hours = count(round(one.hours_needed), "hour")
            figure.say(
                f"For a good chance of a yes, {count(one.needed, 'case')} are needed: {hours}."
            )
    low = list(dict.fromkeys(need.id for need in wanted if need.verdict != "ok"))
    if low:
        figure.say(f"Look again at {listed(low)}: as planned, a yes is unlikely or cannot be.", "!")
    return figure


def _by_budget(figure: Figure, one: Criterion, forecast: Forecast) -> None:
    """What the budget says about a criterion on money."""
    at = one.indicator.conditions().get("at")
    found = forecast.metric(one.indicator.metric, at) if one.type in MONEY else None
    if found is not None:
        goal = Goal(one.indicator.metric, str(at), one.objective.op, one.objective.value)
        sign = "✓" if goal.reached(found) else "!"
        figure.say(f"The budget says {money(found, forecast.currency)} a month.", sign)


def _money(forecast: Forecast) -> Figure:
    figure = Figure(caption=f"A month in {forecast.currency}, by requests a month")
    figure.heads = [(one.label, f"{one.volume:,}") for one in forecast.columns]
    lines = {
        "Model tokens": "model",
        "Review": "review",
        "Errors": "errors",
        "Infrastructure": "infrastructure",
        "Upkeep, on call": "upkeep",
        "Total": "total",
        "Saved": "benefit",
        "Net": "net",
        "Worst case": "worst",
        "A request": "per_request",
    }
    for title, name in lines.items():
        figure.rows.append((title, [amount(getattr(one, name)) for one in forecast.columns]))
    shown = tables.table(forecast, None)
    figure.say(shown["pays"], "✓" if forecast.net_12m > 0 else "✗")
    figure.say(
        f"Production costs {money(forecast.production_cost, forecast.currency)} and takes"
        f" {amount(forecast.production_weeks)} weeks."
    )
    for ratio in (forecast.cost_ratio, forecast.time_ratio):
        figure.say(ratio.sentence, {"green": "✓", "amber": "!", "red": "✗"}[ratio.band])
    for change in forecast.changes:
        figure.say(f"It would change with: {change.sentence}")
    return figure
