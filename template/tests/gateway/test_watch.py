"""What people on call see of the spend: metrics, and warnings said once a day."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from app.gateway import Completion, RunBudget, Timeout
from app.gateway.metering import Metered
from app.gateway.tariff import load
from app.gateway.watch import utc_now
from app.prices import money

from .pricing import CHECKED, entry, price_file
from .spending import Scripted
from .usecase import CASE, Verdict, YesNo

COST = Decimal("0.000078")
ANSWER = Completion('{"label": "yes"}', False, False, 11, 7)
CURRENCY = "XTS"
OF_MODEL = {"provider": "openai", "model": "m"}


class Day:
    """One process's provider, whose clock the test sets."""

    def __init__(self, folder: Path, per_day: float, budget: RunBudget | None = None) -> None:
        path = price_file(folder / "p.yaml", [entry("openai", "m")], per_day, 0.011, CURRENCY)
        self.now = datetime.combine(CHECKED, datetime.min.time(), UTC)
        self.model = Scripted()
        self.budget = budget or RunBudget()
        tariff = load(path, "openai", "m", 800)
        self.metered = Metered(self.model, tariff, self.budget, 800, lambda: self.now)

    def prepare(self) -> None:
        asyncio.run(self.metered.prepare())

    def ask(self, *does: Completion | Exception) -> None:
        """One question for each outcome; refusals and failures are swallowed."""
        for one in does:
            self.model._does = [one]
            try:
                asyncio.run(self.metered.ask(YesNo().ask(CASE), Verdict, 1))
            except Exception as error:
                assert type(error).__name__ in ("SpendCapReached", type(one).__name__)


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@contextmanager
def moved(name: str, **labels: str) -> Iterator[list[float]]:
    """By how much a counter moves."""
    before, by = value(name, **labels), list[float]()
    yield by
    by.append(value(name, **labels) - before)


def warnings(lines: list[Any], event: str) -> int:
    return sum(line["event"] == event and line["log_level"] == "warning" for line in lines)


def test_the_cost_of_calls_is_counted_by_model(tmp_path: Path) -> None:
    day = Day(tmp_path, per_day=1)
    with moved("app_model_cost_total", **OF_MODEL, currency=CURRENCY) as by:
        day.ask(ANSWER, ANSWER)
    assert by == [pytest.approx(float(2 * COST))]
    with moved("app_model_cost_total", **OF_MODEL, currency=CURRENCY) as by:
        day.ask(Timeout())
    assert by[0] > float(COST)


def test_refused_calls_are_counted_by_cap(tmp_path: Path) -> None:
    day = Day(tmp_path, per_day=0.011)
    with moved("app_model_calls_refused_total", reason="per_day") as by:
        day.ask(Timeout(), ANSWER, ANSWER)
    assert by == [2]
    assert day.model.asked == 1


def test_the_spend_of_the_day_and_its_cap_are_shown(tmp_path: Path) -> None:
    day = Day(tmp_path, per_day=2)
    day.ask(ANSWER, ANSWER)
    assert value("app_model_spend_cap", currency=CURRENCY) == 2
    assert value("app_model_spend_today", currency=CURRENCY) == pytest.approx(float(2 * COST))
    day.now += timedelta(days=1)
    assert value("app_model_spend_today", currency=CURRENCY) == 0


def test_a_day_is_one_of_utc() -> None:
    assert utc_now().utcoffset() == timedelta(0)


def test_a_process_that_starts_shows_what_others_have_spent(tmp_path: Path) -> None:
    first = Day(tmp_path, per_day=2)
    first.ask(ANSWER)
    second = Day(tmp_path, per_day=2, budget=first.budget)
    second.prepare()
    assert value("app_model_spend_today", currency=CURRENCY) == pytest.approx(float(COST))


def test_over_80_per_cent_of_the_cap_one_warning_a_day_is_logged(tmp_path: Path) -> None:
    day = Day(tmp_path, per_day=0.012)
    with capture_logs() as lines:
        day.ask(ANSWER, ANSWER)
        assert warnings(lines, "model.spend_alarm") == 1  # set aside counts as spent
        day.ask(Timeout(), ANSWER)
    assert warnings(lines, "model.spend_alarm") == 1
    assert warnings(lines, "model.refused_per_day") == 1
    day.now += timedelta(days=1)
    with capture_logs() as lines:
        day.ask(Timeout(), ANSWER, ANSWER)
    assert warnings(lines, "model.spend_alarm") == 1
    assert warnings(lines, "model.refused_per_day") == 1


def test_below_80_per_cent_nothing_is_logged(tmp_path: Path) -> None:
    day = Day(tmp_path, per_day=0.014)
    with capture_logs() as lines:
        day.prepare()
        day.ask(ANSWER, ANSWER)
    assert lines == []


@pytest.mark.parametrize(("days", "warned"), [(45, 0), (46, 1), (-1, 1)])
def test_an_old_price_is_a_metric_and_one_warning_at_the_start(
    tmp_path: Path, days: int, warned: int
) -> None:
    day = Day(tmp_path, per_day=1)
    day.now += timedelta(days)
    with capture_logs() as lines:
        day.prepare()
        day.ask(ANSWER, ANSWER)
    assert warnings(lines, "model.price_stale") == warned
    assert value("app_price_age_days", **OF_MODEL) == days


def test_a_warning_says_which_caps_hold_and_where_they_are_changed(tmp_path: Path) -> None:
    day = Day(tmp_path, per_day=0.011)
    with capture_logs() as lines:
        day.ask(Timeout(), ANSWER)
    (line,) = [one for one in lines if one["event"] == "model.refused_per_day"]
    assert money(line["per_day"], line["currency"]) == "0.011 XTS"
    assert line["prices_file"] == tmp_path / "p.yaml"
