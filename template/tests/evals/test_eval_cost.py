"""What a run says about the cost of a request, and what it does when the money is gone."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app.settings import Settings
from evals.blocks import markdown
from evals.measures import mean
from evals.report import TITLE, compose, describe, write
from evals.result import Result, newest
from evals.rows import NotMeasured, Outcome, Row, read
from evals.service import Service
from tests.evals.eval_fakes import answer_red, case, result, row, run
from tests.gateway.pricing import entry, price_file
from tests.gateway.servers import KEY, ModelServer
from tests.gateway.usecase import YesNo

CASES = [case(number) for number in range(40)]


def paid(number: int, cost: float, currency: str | None = "EUR") -> Row:
    return row(number).model_copy(update={"cost": cost, "currency": currency})


def test_the_mean_has_an_interval_by_families() -> None:
    alone = [(f"family-{n:03}", 0.001 * (n % 5)) for n in range(100)]
    found = mean(alone)
    assert found is not None
    assert (found.method, found.n, found.families) == ("cluster bootstrap", 100, 100)
    assert found.point == pytest.approx(0.002)
    assert 0 < found.lower < found.point < found.upper < 0.004
    # The same runs in a quarter of the families say less.
    grouped = mean([(f"{n // 20}-{n % 5}", cost) for n, (_, cost) in enumerate(alone)])
    assert grouped is not None
    assert grouped.point == pytest.approx(found.point)
    assert grouped.upper - grouped.lower > 1.5 * (found.upper - found.lower)
    assert mean(alone) == found


def test_a_constant_cost_is_its_own_interval() -> None:
    found = mean([(f"family-{n}", 0.000078) for n in range(30)])
    assert found is not None
    assert (found.point, found.lower, found.upper) == (0.000078,) * 3
    assert found.method == "constant"


def test_of_few_families_nothing_better_than_the_range_is_said() -> None:
    found = mean([("a", 0.0), ("a", 0.0), ("b", 0.006)])
    assert found is not None
    assert (found.lower, found.upper, found.method) == (0.0, 0.006, "range of runs")
    assert found.point == pytest.approx(0.002)
    assert mean([]) is None


def found_with(rows: Sequence[Row]) -> Result:
    return result(CASES, rows)


def test_a_result_carries_the_mean_cost_of_a_request() -> None:
    rows = [paid(n, 0.002 if n % 2 else 0.0, "EUR" if n % 2 else None) for n in range(40)]
    cost = found_with(rows).cost
    assert cost is not None
    assert cost.currency == "EUR"
    assert cost.total == pytest.approx(0.04)
    assert cost.mean.point == pytest.approx(0.001)
    assert 0 < cost.mean.lower < 0.001 < cost.mean.upper < 0.002


def test_costs_in_two_currencies_are_not_added_up() -> None:
    rows = [paid(n, 0.002, "EUR" if n % 2 else "USD") for n in range(40)]
    assert found_with(rows).cost is None


def test_the_report_and_the_terminal_show_a_cost_only_where_there_is_one() -> None:
    offline = found_with([row(n) for n in range(40)])
    assert offline.cost is not None
    assert (offline.cost.mean.point, offline.cost.mean.method) == (0.0, "constant")
    assert "Cost of a request" not in markdown(TITLE, compose(offline, None))
    assert "cost" not in describe(offline)
    paying = found_with([paid(n, 0.0004) for n in range(40)])
    text = markdown(TITLE, compose(paying, None))
    shown = "0.0004 EUR (0.0004 EUR to 0.0004 EUR)"
    assert f"| cost | {shown} | 0.016 EUR | 40 | 40 | constant |" in text
    assert f"cost       {shown} a request" in describe(paying)


def test_a_result_and_rows_of_release_0_1_0_still_read(tmp_path: Path) -> None:
    write(found_with([row(n) for n in range(40)]), tmp_path / "run")
    path = tmp_path / "run" / "result.json"
    stored = json.loads(path.read_text())
    assert stored.pop("cost")["total"] == 0
    assert stored["format"] == 1
    path.write_text(json.dumps(stored))
    old = newest(tmp_path, "evaluation")
    assert old is not None
    assert old.cost is None
    assert "Cost of a request" not in markdown(TITLE, compose(old, None))
    line = row(1).model_dump(mode="json", exclude={"cost", "currency"})
    (tmp_path / "rows.jsonl").write_text(json.dumps(line))
    assert read(tmp_path / "rows.jsonl")[0].cost == 0


def test_what_was_not_measured_gets_no_row_and_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.jsonl"

    async def until_the_cap(one: object) -> Outcome:
        if one in CASES[5:]:
            raise NotMeasured
        return await answer_red(one)  # type: ignore[arg-type]

    assert len(run(CASES[:8], path, until_the_cap)) == 5
    assert capsys.readouterr().err.count("caps.perDay") == 1
    assert len(run(CASES[:8], path)) == 8


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def service(server: ModelServer, prices: Path) -> Service:
    settings = Settings(
        model_provider="openai",
        model_name="ok",
        model_base_url=server.address("openai"),
        model_api_key=KEY,  # type: ignore[arg-type]
        prices_file=prices,
    )
    return Service(settings, YesNo())


def test_a_run_pays_for_its_cases_and_stops_measuring_at_the_cap(
    server: ModelServer, tmp_path: Path
) -> None:
    # Room for one call at its most, above one that cost less.
    path = price_file(tmp_path / "prices.yaml", [entry("openai", "ok")], 0.0105, 0.0105)

    async def measure() -> list[Outcome]:
        measured, found = service(server, path), list[Outcome]()
        try:
            while len(found) < 50:
                found.append(await measured.decide(case(1, body="May I return this lamp?")))
            return found
        except NotMeasured:
            return found
        finally:
            await measured.aclose()

    found = asyncio.run(measure())
    assert 0 < len(found) < 50
    assert {(one.cost, one.currency) for one in found} == {(0.000078, "USD")}


def test_a_case_that_is_too_dear_for_a_request_is_measured_as_it_ends(
    server: ModelServer, tmp_path: Path
) -> None:
    path = price_file(tmp_path / "prices.yaml", [entry("openai", "ok")], 1, 0.0105)

    async def measure() -> Outcome:
        measured = service(server, path)
        try:
            return await measured.decide(case(1, body="May I return this lamp? " * 50))
        finally:
            await measured.aclose()

    assert asyncio.run(measure()).degraded == "spend_cap"
