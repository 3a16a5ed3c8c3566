"""The running service counts what its model costs, and goes on without it at the cap."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from app.gateway import RateLimited, RunBudget, Timeout
from app.gateway.metering import Metered
from app.gateway.tariff import load
from app.records.schema import decisions
from tests.api.conftest import Build
from tests.api.process import Running, running
from tests.api.test_pages import page, words_of
from tests.api.usecase import SURE, text
from tests.api.world import FakeModel
from tests.gateway.pricing import entry, price_file
from tests.gateway.servers import KEY, ModelServer

COST = 0.000078
# Room for one call at its most, above some that cost less.
PER_DAY = 0.012


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("spend")
    prices = price_file(folder / "prices.yaml", [entry("openai", "ok")], PER_DAY, PER_DAY)
    with ModelServer() as server:
        settings = {
            "APP_PRICES_FILE": str(prices),
            "APP_MODEL_PROVIDER": "openai",
            "APP_MODEL_NAME": "ok",
            "APP_MODEL_BASE_URL": server.address("openai"),
            "APP_MODEL_API_KEY": KEY,
        }
        with running(folder, **settings) as running_site:
            yield running_site


def spent(folder: Path) -> float:
    database = sqlite3.connect(folder / "data/app.db")
    (total,) = database.execute("SELECT sum(amount) FROM model_spend").fetchone()
    database.close()
    return float(total or 0) / 1e12


def metrics(site: Running) -> dict[str, float]:
    reply = httpx2.get(f"{site.metrics_url}/metrics", trust_env=False)
    families = text_string_to_metric_families(reply.text)
    return {one.name: one.value for family in families for one in family.samples}


def test_cases_are_paid_for_until_the_cap_and_answered_after_it(site: Running) -> None:
    made: list[dict[str, Any]] = []
    before = 0.0
    with site.client() as client:
        while not made or made[-1]["degraded"] is None:
            before = spent(site.folder)
            reply = client.post(
                "/v1/cases", content=text(SURE), headers={"content-type": "text/plain"}
            )
            assert reply.status_code == 201
            made.append(reply.json()["decision"])
            assert len(made) < 50
    *paid, last = made
    assert {(one["cost"], one["currency"]) for one in paid} == {(COST, "USD")}
    assert before == spent(site.folder) == pytest.approx(len(paid) * COST)
    assert (last["degraded"], last["cost"], last["currency"]) == ("spend_cap", 0, None)
    assert (last["decided_by"], last["status"]) == ("baseline", "answered")
    assert "caps.perDay" in last["reasons"][0]
    shown = metrics(site)
    assert shown["app_model_cost_total"] == pytest.approx(len(paid) * COST)
    assert shown["app_model_spend_today"] == pytest.approx(len(paid) * COST)
    assert shown["app_model_spend_cap"] == PER_DAY
    assert shown["app_model_calls_refused_total"] == 1
    assert shown["app_price_age_days"] in (0, 1)
    assert site.text().count('"event": "model.refused_per_day"') == 1


def metered(model: FakeModel, folder: Path) -> Metered:
    prices = price_file(folder / "prices.yaml", [entry("openai", model.model)])
    return Metered(model, load(prices, "openai", model.model, 800), RunBudget(), 800)


URGENT = '{"label": "urgent"}'


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("model", "shown"),
    [
        (FakeModel(URGENT), "Cost: 0.000078 USD (11 tokens in, 7 out)"),
        (FakeModel(None, refused=True), "Cost: 0.000078 USD (11 tokens in, 7 out)"),
        (FakeModel(RateLimited()), "Cost: 0 USD (0 tokens in, 0 out)"),
        (FakeModel(Timeout()), "USD (the provider did not say what it used)"),
    ],
    ids=["answered", "refused", "turned away", "unknown"],
)
async def test_the_page_of_a_case_says_what_asking_a_model_cost(
    build: Build, tmp_path: Path, model: FakeModel, shown: str
) -> None:
    world = build(model=metered(model, tmp_path))
    case = await world.send(text(SURE))
    html = words_of(await page(world, f"/cases/{case['id']}"))
    assert shown in html
    assert ("Cost: at most 0.01" in html) is ("did not say" in shown)


@pytest.mark.anyio
async def test_where_no_model_was_asked_there_is_no_cost_to_show(
    build: Build, tmp_path: Path
) -> None:
    world = build()
    case = await world.send(text(SURE))
    assert (case["decision"]["cost"], case["decision"]["currency"]) == (0, None)
    assert "Cost:" not in await page(world, f"/cases/{case['id']}")


@pytest.mark.anyio
async def test_a_decision_of_an_earlier_release_still_reads(build: Build, tmp_path: Path) -> None:
    world = build(model=metered(FakeModel(URGENT), tmp_path))
    case = await world.send(text(SURE))
    (row,) = world.rows(decisions)
    body = json.loads(row["body"])
    assert body.pop("cost") == COST
    assert body.pop("currency") == "USD"
    with world.database.begin() as connection:
        connection.execute(update(decisions).values(body=json.dumps(body)))
    async with world.client("admin") as client:
        found = (await client.get(f"/v1/cases/{case['id']}")).json()["decision"]
    assert (found["cost"], found["currency"], found["tokens_in"]) == (0, None, 11)
    assert "Cost:" not in await page(world, f"/cases/{case['id']}")
