"""Mistakes in budget and prices: each is refused in one sentence with file, line and key."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from poc.engine.digest import of_model
from poc.engine.problems import Exit
from tests.governance import money
from tests.governance.console import Console
from tests.governance.sample import project

Terminal = Callable[[Path], Console]
AREAS = dict(money.data({})["production"]["lineItems"])
LARGE = {"in": 7000, "out": 440}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project; every test writes budget and prices anew."""
    return project(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def poc(root: Path, console: Terminal) -> Callable[..., Console]:
    def of(changes: dict[str, Any], **prices: Any) -> Console:  # noqa: ANN401
        money.write(root, changes, **prices)
        return console(root)

    return of


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"poc.cost": 0}, "poc.cost: input should be greater than or equal to 1"),
        ({"poc.weeks": "four"}, "poc.weeks: input should be a valid number, not 'four'"),
        ({"poc.cost": "80000"}, "poc.cost: input should be a valid number"),
        ({"run.onCall": float("inf")}, ".inf is no number"),
        ({"run.onCall": float("nan")}, ".nan is no number"),
        ({"run.onCall": 1e13}, "run.onCall: input should be less than or equal to"),
        ({"run.onCall": -5}, "run.onCall: input should be greater than or equal to 0"),
        ({"run.review.rate": 28}, "run.review.rate: input should be less than or equal to 1"),
        ({"run.retries": 2}, "run.retries: is not a key this file knows; check its spelling."),
        ({"currency": "$"}, "currency: "),
        ({"run.retryRate": 3}, "retryRate is 3 though a call is retried at most 2 times"),
        ({"run.tokens.p95": LARGE | {"in": 100}}, "p95 is less than mean"),
        ({"run.model": {"provider": "openai"}}, "write the model's name as prices.yaml lists it"),
        ({"run.model": {"provider": "offline", "name": "x"}}, "offline has no model"),
        ({"run.infrastructure.step": {"every": 0, "cost": 1}}, "run.infrastructure.step.every"),
        ({"production.lineItems": AREAS | {"SEX": {"days": 1}}}, "production.lineItems.SEX"),
        (
            {"production.lineItems": {k: v for k, v in AREAS.items() if k not in ("MON", "SEC")}},
            "MON, SEC missing; each of the 13 areas needs a line",
        ),
        (
            {"production.lineItems.SEC": {"days": 0, "coveredBy": ["OWN-2"]}},
            "SEC is said to be covered by OWN-2, which is not an item of SEC",
        ),
        ({"production.lineItems.SEC": {"days": 0, "coveredBy": ["SEC"]}}, "coveredBy.1"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    poc: Callable[..., Console], changes: dict[str, Any], told: str
) -> None:
    terminal = poc(changes)
    assert terminal.type("poc cost") == Exit.INVALID
    assert told in terminal.err
    assert terminal.err.startswith("governance/budget.yaml:")
    assert terminal.err.split(":")[1].isdigit()
    assert terminal.err.count("\n") == 1


def test_the_line_is_that_of_the_key(poc: Callable[..., Console], root: Path) -> None:
    terminal = poc({"run.review.minutes": "two"})
    lines = (root / "governance/budget.yaml").read_text().splitlines()
    at = lines.index("    minutes: two") + 1
    terminal.type("poc cost")
    assert terminal.err.startswith(f"governance/budget.yaml:{at}: run.review.minutes: ")


def test_two_currencies_are_refused_with_both_places(poc: Callable[..., Console]) -> None:
    terminal = poc({}, currency="EUR")
    assert terminal.type("poc cost") == Exit.INVALID
    assert terminal.err == (
        "governance/budget.yaml:2: currency: is USD here and EUR in governance/prices.yaml:1;"
        " write all amounts of both files in one currency.\n"
    )


def test_two_currencies_are_refused_offline_too(poc: Callable[..., Console]) -> None:
    terminal = poc({"run.model": {"provider": "offline"}}, currency="EUR")
    assert terminal.type("poc cost") == Exit.INVALID


def test_a_model_without_a_price_is_refused(poc: Callable[..., Console], root: Path) -> None:
    terminal = poc({"run.model": {"provider": "openai", "name": "other"}})
    lines = (root / "governance/budget.yaml").read_text().splitlines()
    at = lines.index("  model:") + 1
    assert terminal.type("poc cost") == Exit.INVALID
    assert terminal.err == (
        f"governance/budget.yaml:{at}: run.model: governance/prices.yaml has no price for"
        " openai:other; add it there, or choose one of openai:example.\n"
    )


def test_missing_prices_are_refused_unless_offline(root: Path, console: Terminal) -> None:
    money.write(root)
    (root / "governance/prices.yaml").unlink()
    terminal = console(root)
    assert terminal.type("poc cost") == Exit.INVALID
    assert "governance/prices.yaml is missing" in terminal.err
    money.write(root, {"run.model": {"provider": "offline"}})
    (root / "governance/prices.yaml").unlink()
    assert terminal.type("poc cost") == Exit.OK


def test_mistakes_of_both_files_are_told_at_once(poc: Callable[..., Console]) -> None:
    terminal = poc({"poc.cost": 0}, inPerM=-1)
    assert terminal.type("poc cost") == Exit.INVALID
    files = [line.split(":")[0] for line in terminal.err.splitlines()]
    assert files == ["governance/budget.yaml", "governance/prices.yaml"]


def test_a_price_is_no_part_of_what_was_accepted() -> None:
    assert of_model(money.budget()) == of_model(money.budget(inPerM=9.0))
    assert of_model(money.budget()) != of_model(money.budget({"poc.cost": 80001}))
