"""`poc cost`: what a person reads, and what a program gets."""

import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from poc.engine.problems import Exit
from tests.governance import money
from tests.governance.console import Console
from tests.governance.sample import accept_budget, change, project, today

Terminal = Callable[[Path], Console]
Made = Callable[..., tuple[Path, Console]]
VOLUME = {"volume.requestsPerMonth": 4300, "volume.growthPerMonth": 0.03}
NOTHING = {"days": 0}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("sample"), criteria=VOLUME)


@pytest.fixture
def made(tmp_path: Path, sample: Path, console: Terminal) -> Made:
    def of(changes: dict[str, Any] | None = None, **prices: Any) -> tuple[Path, Console]:  # noqa: ANN401
        root = Path(shutil.copytree(sample, tmp_path / "project"))
        (root / "project.toml").write_text('[model]\nprovider = "openai"\nname = "example"\n')
        money.write(root, changes, **prices)
        return root, console(root)

    return of


def said(terminal: Console, line: str = "poc cost") -> str:
    """What it printed, in one line."""
    assert terminal.type(line) == Exit.OK
    return " ".join(terminal.out.split())


def row(terminal: Console, name: str) -> list[str]:
    line = next(one for one in terminal.out.splitlines() if one.startswith(name))
    return re.split(r"\s{2,}", line.removeprefix(name).strip())


def test_the_table_has_its_figures_flush_right(made: Made) -> None:
    _, terminal = made()
    said(terminal)
    assert row(terminal, "model tokens (openai:example)") == ["11", "111", "1,108", "0.1 %"]
    assert row(terminal, "TOTAL") == ["7,991", "26,856", "217,105"]
    assert row(terminal, "NET") == ["-2,109", "31,968", "371,135"]
    assert row(terminal, "worst, tokens alone") == ["136", "1,363", "13,634"]
    ends = {
        line.index(last) + len(last)
        for line in terminal.out.splitlines()
        for last in ("430,000", "217,105", "371,135", "13,634")
        if last in line
    }
    assert len(ends) == 1


def test_the_sentences_of_the_example(made: Made) -> None:
    _, terminal = made()
    text = said(terminal)
    assert "Tokens are 0.1 % of the bill; the largest line is upkeep, 68.9 %." in text
    assert "Production: 256,450 USD in 14 weeks. The proof of concept: 80,000." in text
    assert "v green: Production costs 3.21 times the POC: that is within the usual" in text
    assert (
        "It pays from 6,695 requests a month on; in 12 months 6,131 are expected, and with these it"
        " loses 497 USD a month."
    ) in text
    assert "Each of these by itself would meet VAL-1: - 76.3 % instead of 72 % done" in text
    assert (
        "Not enough by themselves, whatever you do: errors, fixed infrastructure, tokens." in text
    )


def test_one_that_pays_says_when_the_money_is_back(made: Made) -> None:
    _, terminal = made({"benefit.minutesSaved": 6})
    text = said(terminal)
    assert (
        "in 12 months 6,131 are expected, which save 7,891 USD a month more than they cost" in text
    )
    assert "is back after 43 months" in text
    assert "Each of these" not in text


def test_one_that_never_pays_says_why(made: Made) -> None:
    _, terminal = made({"benefit.minutesSaved": 0})
    assert "It never pays, at any volume: each request costs 0.49 more than it saves." in said(
        terminal
    )


def test_who_has_to_accept_and_the_block_to_paste(made: Made) -> None:
    root, terminal = made()
    text = said(terminal)
    assert "Not accepted: until it is, a verdict counts none of these figures." in text
    assert "Bea Katz (budget) accepts them by adding this below `attestations:`" in text
    block = terminal.out[terminal.out.index("  - item: COST-2") :]
    path = root / "governance/attestations.yaml"
    path.write_text(f"version: 1\nattestations:\n{block}", "utf-8")
    end = today() + timedelta(days=90)
    assert f"Accepted by Bea Katz (budget) on {today()}, until {end}." in said(terminal)
    assert terminal.json("poc cost")["accepted"]["person"] == "Bea Katz"
    money.write(root, {"run.onCall": 1001})
    assert "Not accepted" in said(terminal)


def test_an_open_role_is_asked_to_be_filled(made: Made) -> None:
    root, terminal = made()
    change(root, "owners", {"roles.budget.person": "", "roles.sponsor.person": "TBD"})
    assert "The sponsor, once named, accepts them by" in said(terminal)


def test_another_model_is_compared_and_changes_no_acceptance(made: Made) -> None:
    root, terminal = made()
    accept_budget(root)
    text = said(terminal, "poc cost --model offline")
    assert row(terminal, "model tokens (offline)") == ["0", "0", "0", "-"]
    assert "Tokens are free" in text
    assert (
        "With openai:example, as the budget says, a month costs 7,991 at 1x instead of 7,976"
        in text
    )
    assert "Accepted by Bea Katz" in text
    assert "reckons with" not in text


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("example", "'example' is no model; write offline, or provider and name"),
        ("offline:x", "'offline:x' is no model"),
        (
            "openai:nothing",
            "has no price for openai:nothing; add it there, or choose one of openai",
        ),
    ],
)
def test_a_model_nobody_knows_is_refused(made: Made, model: str, told: str) -> None:
    _, terminal = made()
    assert terminal.type(f"poc cost --model {model}") == Exit.REFUSED
    assert told in terminal.err


def test_a_name_may_hold_a_colon(made: Made) -> None:
    _, terminal = made({"run.model": {"provider": "openai", "name": "qwen3:8b"}}, model="qwen3:8b")
    assert "model tokens (openai:qwen3:8b)" in said(terminal, "poc cost --model openai:qwen3:8b")


@pytest.mark.parametrize(("age", "told"), [(45, ""), (46, "checked 46 days ago"), (-1, "to come")])
def test_an_old_price_is_told(made: Made, age: int, told: str) -> None:
    _, terminal = made(checkedOn=(today() - timedelta(days=age)).isoformat())
    text = said(terminal)
    assert ("! The price of openai:example" in text) == bool(told)
    assert told in text


def test_a_cap_that_would_stop_the_model_is_told(made: Made) -> None:
    _, terminal = made()
    assert "! At 100x tokens cost 36 on an average day, above the cap of 5 a day" in said(terminal)


@pytest.mark.parametrize(
    "project_toml", ['provider = "offline"', 'provider = "openai"\nname = "b"']
)
def test_a_service_that_answers_with_another_model_is_told(made: Made, project_toml: str) -> None:
    root, terminal = made()
    assert "The service answers with" not in said(terminal)
    (root / "project.toml").write_text(f"[model]\n{project_toml}\n")
    assert "(project.toml), and the budget reckons with openai:example" in said(terminal)


@pytest.mark.parametrize(
    ("cost", "band", "told"),
    [
        (128_225.1, "red", "under 2 times, the work that makes it hold up has been left out"),
        (128_225.0, "amber", "that is little"),
        (102_580.1, "amber", "that is little"),
        (102_580.0, "green", "within the usual"),
        (51_290.0, "green", "within the usual"),
        (51_289.9, "amber", "look at the scope"),
    ],
)
def test_the_ratio_of_cost_falls_into_its_band(
    made: Made, cost: float, band: str, told: str
) -> None:
    _, terminal = made({"poc.cost": cost})
    ratio = terminal.json("poc cost")["costRatio"]
    assert ratio["band"] == band
    assert told in ratio["sentence"]


@pytest.mark.parametrize(("weeks", "band"), [(11.99, "amber"), (12, "green"), (11.1, "red")])
def test_the_ratio_of_time_falls_into_its_band(made: Made, weeks: float, band: str) -> None:
    _, terminal = made({"production.weeks": weeks})
    assert terminal.json("poc cost")["timeRatio"]["band"] == band


def test_work_that_does_not_fit_is_told(made: Made) -> None:
    _, terminal = made({"production.weeks": 14, "production.team": 3})
    assert (
        "x red: The timeline does not hold: 223 days of work do not fit into 14 weeks of 3 people,"
        " which are 210 days."
    ) in said(terminal)


def test_areas_nobody_planned_are_named(made: Made) -> None:
    items = {"production.lineItems.MON": NOTHING, "production.lineItems.INT": NOTHING}
    covered = {"days": 0, "coveredBy": ["AUTH-1"]}
    _, terminal = made(items | {"production.lineItems.AUTH": covered})
    assert (
        "x red: Production costs 2.31 times the POC, but nothing is planned for MON, INT."
        in said(terminal)
    )
    assert terminal.json("poc cost")["uncoveredAreas"] == ["MON", "INT"]


def test_people_are_not_free(made: Made) -> None:
    _, terminal = made({"production.dayRate": 0})
    assert "x red: Production costs 0.00 times the POC, because dayRate is 0; write what" in said(
        terminal
    )


def test_json_holds_the_whole_forecast(made: Made) -> None:
    _, terminal = made()
    data = terminal.json("poc cost")
    assert [one["label"] for one in data["columns"]] == ["1x", "10x", "100x"]
    assert data["breakEven"] == 6695
    assert data["accepted"] is None
    assert data["model"] == "openai:example"
    assert {"input", "now", "needed", "sentence", "goal"} == set(data["changes"][0])
