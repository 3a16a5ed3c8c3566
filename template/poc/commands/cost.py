"""`poc cost`: what it costs at 1, 10 and 100 times the volume, and whether it pays."""

import argparse
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from app.prices import Caps
from poc.checklist.attestations import (
    FILE,
    Acceptance,
    accepts_budget,
    budget_accepted,
    budget_block,
)
from poc.commands import Outcome
from poc.commands.forecasts import amount, figures, judged
from poc.commands.tables import bullets, paragraph
from poc.engine import governance
from poc.engine.digest import plain
from poc.engine.situation import situation
from poc.money import load
from poc.money.budget import Budget
from poc.money.forecast import Forecast, forecast_for

DAYS_A_MONTH = 365 / 12


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    parser.add_argument(
        "--model",
        metavar="PROVIDER:NAME",
        help=f"reckon with another model of {load.PRICES}, or offline",
    )


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Show the forecast, and who accepted the budget or has to."""
    whole, today = governance.load(root), situation(root).today
    budget = load.priced(root, whole.budget)
    shown = load.with_model(root, budget, options.model) if options.model else budget
    money = forecast_for(whole.contract, shown)
    accepted = budget_accepted(whole.budget, whole.owners, whole.attestations, today)
    warnings = [*_of_prices(root, shown, money, today)]
    lines = [figures(money, str(shown.run.model)), "", *judged(money)]
    if options.model:
        lines += ["", paragraph(_compared(money, forecast_for(whole.contract, budget), budget))]
    else:
        warnings += _of_project(root, budget)
    if warnings:
        lines += ["", bullets(warnings, "!")]
    lines += ["", _acceptance(whole, accepted, today)]
    data = plain(money) | {
        "model": str(shown.run.model),
        "warnings": warnings,
        "accepted": plain(accepted) if accepted else None,
    }
    return Outcome("\n".join(lines), data)


def _compared(money: Forecast, usual: Forecast, budget: Budget) -> str:
    one, other = money.columns[0], usual.columns[0]
    return (
        f"With {budget.run.model}, as the budget says, a month costs {amount(other.total)} at 1x"
        f" instead of {amount(one.total)}. Models differ in how they count tokens and in how well"
        " they answer: measure both."
    )


def _of_prices(root: Path, budget: Budget, money: Forecast, today: date) -> Iterator[str]:
    if old := load.stale(budget.price, today):
        yield old
    prices = load.prices(root)
    if prices is not None:
        yield from _capped(money, prices.caps)


def _capped(money: Forecast, caps: Caps) -> Iterator[str]:
    """The first volume at which the cap would stop the model on an average day."""
    for one in money.columns:
        day = one.model / DAYS_A_MONTH
        if day > caps.per_day:
            yield (
                f"At {one.label} tokens cost {amount(day)} on an average day, above the cap of"
                f" {caps.per_day:g} a day in {load.PRICES}: for the rest the trained baseline"
                " answers."
            )
            return


def _of_project(root: Path, budget: Budget) -> Iterator[str]:
    """Whether the budget reckons with what `project.toml` says would be deployed."""
    try:
        model = tomllib.loads((root / "project.toml").read_text("utf-8"))["model"]
        provider, name = str(model["provider"]), str(model.get("name", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    chosen = budget.run.model
    if provider != chosen.provider or name not in ("", chosen.name):
        yield (
            f"The service answers with {provider}{':' * bool(name)}{name} (project.toml), and the"
            f" budget reckons with {chosen}: set run.model in {load.BUDGET} to what would go live."
        )


def _acceptance(whole: governance.Governance, accepted: Acceptance | None, today: date) -> str:
    if accepted:
        return paragraph(
            f"Accepted by {accepted.person} ({accepted.role}) on {accepted.on}, until"
            f" {accepted.expires}."
        )
    role = accepts_budget(whole.owners)
    person = whole.owners.role(role)
    who = f"{person.person} ({role})" if person.named else f"The {role}, once named,"
    return "\n\n".join(
        (
            paragraph(
                "Not accepted: until it is, a verdict counts none of these figures."
                f" {who} accepts them by adding this below `attestations:` in {FILE}:"
            ),
            budget_block(whole.budget, whole.owners, today),
        )
    )
