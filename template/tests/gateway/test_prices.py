"""The price file: what it says, what is wrong with it, and what it does not cover."""

import json
import re
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.gateway import RunBudget, build
from app.gateway.tariff import Tariff, load
from app.prices import ModelPrice, PriceFile, Usage, money
from app.settings import Settings, SettingsError

from .conftest import Configure
from .pricing import CACHED, CHECKED, IN, OUT, WRITTEN, entry, price_file
from .usecase import YesNo

SAMPLE = """\
# Invented for the tests.
currency: EUR
caps:
  perDay: 5
  perRequest: 0.5
models:
  - provider: openai
    model: small
    inPerM: 0.25
    outPerM: 2
    source: https://prices.example/list
    checkedOn: 2026-01-31
  - {provider: anthropic, model: "large", inPerM: 3, cachedInPerM: 0.3, outPerM: 15,
     source: contract 7, checkedOn: "2026-02-28"}
"""


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "prices.yaml"
    path.write_text(SAMPLE)
    return path


def load_small(path: Path) -> Tariff:
    return load(path, "openai", "small", 100)


def mistakes(path: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_small(path)
    return str(caught.value).replace(str(path), "prices.yaml").splitlines()


def test_the_file_says_what_is_in_force(sample: Path) -> None:
    small, large = load_small(sample), load(sample, "anthropic", "large", 100)
    assert (small.currency, small.per_day) == ("EUR", Decimal(5))
    assert small.per_request == Decimal("0.5")
    assert (small.price.in_per_m, small.price.out_per_m) == (0.25, 2)
    assert small.price.checked_on == date(2026, 1, 31)
    assert (large.price.cached_in_per_m, large.price.source) == (0.3, "contract 7")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("inPerM: 0.25", "inPerM: cheap", "prices.yaml:9: models.1.inPerM: write a number, not"),
        ("inPerM: 0.25", "inPerM: -1", "prices.yaml:9: models.1.inPerM: should be greater"),
        ("inPerM: 0.25", "inPerM: .nan", "prices.yaml:9: models.1.inPerM: should be a finite"),
        ("inPerM: 0.25", "inPerM: .inf", "prices.yaml:9: models.1.inPerM: should be a finite"),
        ("inPerM: 0.25", "inPerM: true", "prices.yaml:9: models.1.inPerM: write a number, not"),
        ("    outPerM: 2\n", "", "prices.yaml:7: models.1.outPerM: is missing"),
        (
            "inPerM: 0.25",
            "inPerM: 1\n    inPerM: 2",
            "prices.yaml:10: models.1.inPerM: stands here",
        ),
        ("perRequest: 0.5", "perRequest: 0.5\n  hard: no", "prices.yaml:6: caps.hard: is not a"),
        ("perRequest: 0.5", "perRequest: 0.5\n  off: yes", "prices.yaml:6: a key must be a word"),
        ("perDay: 5", "perDay: 0", "prices.yaml:4: caps.perDay: should be greater than 0, not 0"),
        ("perDay: 5", "perDay: .inf", "prices.yaml:4: caps.perDay: should be a finite number"),
        ("perDay: 5", "perDay: 0.1", "prices.yaml:3: caps: perRequest is more than perDay"),
        ("  perDay: 5\n", "", "prices.yaml:3: caps.perDay: is missing"),
        ("EUR", "euro", "prices.yaml:2: currency: "),
        ("2026-01-31", "31.1.2026", "prices.yaml:12: models.1.checkedOn: write the date as YYYY"),
        ("2026-01-31", "2026-02-30", "prices.yaml:12: models.1.checkedOn: "),
        ("2026-01-31", "20260131", "prices.yaml:12: models.1.checkedOn: write the date as YYYY"),
        ("2026-01-31", "1769817600", "prices.yaml:12: models.1.checkedOn: write the date as"),
        ("provider: openai", "provider: azure", "prices.yaml:7: models.1.provider: "),
        ('"large"', "4", "prices.yaml:13: models.2.model: write a text"),
        ("model: small", "model: small\n  model: [", "prices.yaml:9: is not valid YAML"),
        ("currency: EUR", "currency: !!python/name:os.system", "prices.yaml:2: is not valid YAML"),
        (SAMPLE, "", "prices.yaml is empty"),
        (SAMPLE, "- a", "prices.yaml:1: the file: "),
        (SAMPLE, "? {a: b}\n: c", "prices.yaml:1: a key must be a word"),
        (SAMPLE, "[" * 1500, "prices.yaml is not valid YAML"),
    ],
)
def test_a_mistake_is_one_sentence_with_file_line_and_key(
    sample: Path, old: str, new: str, said: str
) -> None:
    assert old in SAMPLE
    sample.write_text(SAMPLE.replace(old, new, 1))
    lines = mistakes(sample)
    assert [line for line in lines if line.startswith(said)], lines
    assert len(lines) <= 3  # what stands in place of the whole file lacks all of its keys


def test_all_mistakes_are_named_at_once(sample: Path) -> None:
    sample.write_text(SAMPLE.replace("0.25", "a").replace("perDay: 5", "perDay: b"))
    assert len(mistakes(sample)) == 2


def test_a_model_with_two_prices_is_refused_at_the_second(sample: Path) -> None:
    sample.write_text(SAMPLE.replace('anthropic, model: "large"', "openai, model: small"))
    (line,) = mistakes(sample)
    assert line.startswith("prices.yaml:13: models.2: has a price above already")
    assert "openai small" in line


@pytest.mark.parametrize("damage", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "prices.yaml"
    path.mkdir() if damage is None else path.write_bytes(damage)
    (line,) = mistakes(path)
    assert line.startswith("prices.yaml ")


def added(message: str) -> str:
    """The lines to add that a message ends with."""
    return "\n".join(line for line in message.splitlines() if line.startswith("  "))


@pytest.mark.parametrize("model", ["new", 'odd "name": #1', "größer/modell", "4"])
def test_a_model_without_a_price_is_refused_with_the_line_to_add(
    configure: Configure, sample: Path, model: str
) -> None:
    settings = configure("openai", model, prices_file=sample)
    with pytest.raises(SettingsError, match="APP_PRICES_FILE") as caught:
        build(settings, YesNo(), RunBudget())
    assert str(sample) in str(caught.value)
    line = added(str(caught.value))
    sample.write_text(f"{SAMPLE}{line}\n")
    # Pasted and not filled in, it is still no price.
    with pytest.raises(SettingsError, match=r"models\.3\.inPerM: write a number, not 'PRICE'"):
        build(settings, YesNo(), RunBudget())
    sample.write_text(f"{SAMPLE}{line}\n".replace("PRICE", "0.5"))
    assert load(sample, "openai", model, 100).price.in_per_m == 0.5


def test_a_missing_file_is_refused_with_the_lines_to_write(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    with pytest.raises(SettingsError, match="is missing") as caught:
        load(path, "anthropic", "large", 100)
    written = added(str(caught.value)).replace("PRICE", "0.5").replace("AMOUNT", "2")
    path.write_text(written)
    assert load(path, "anthropic", "large", 100).per_day == 2


def test_an_answer_that_no_cap_allows_is_refused_at_the_start(sample: Path) -> None:
    load(sample, "openai", "small", 250_000)
    with pytest.raises(SettingsError, match=r"APP_MODEL_MAX_TOKENS: 250001 .*0\.5 EUR"):
        load(sample, "openai", "small", 250_001)


def test_a_local_server_may_cost_nothing(tmp_path: Path) -> None:
    free = entry("openai", "local", inPerM=0, cachedInPerM=None, cacheWriteInPerM=None, outPerM=0)
    tariff = load(price_file(tmp_path / "p.yaml", [free]), "openai", "local", 100)
    assert tariff.price.most(10**6, 10**6) == tariff.price.cost(Usage(9, 9, 9)) == 0


def price(**more: Any) -> ModelPrice:  # noqa: ANN401 - whatever JSON can hold
    return ModelPrice.model_validate(entry("openai", "m") | more)


def test_each_kind_of_token_has_its_price_and_a_missing_one_is_the_plain_one() -> None:
    used = Usage(tokens_in=1_000_000, tokens_out=500_000, cached_in=300_000, written_in=200_000)
    exact = Decimal("0.5") * Decimal(str(IN)) + Decimal("0.5") * Decimal(str(OUT))
    rest = Decimal("0.3") * Decimal(str(CACHED)) + Decimal("0.2") * Decimal(str(WRITTEN))
    assert price().cost(used) == exact + rest
    plain = price(cachedInPerM=None, cacheWriteInPerM=None)
    assert plain.cost(used) == Decimal(str(IN)) + Decimal("0.5") * Decimal(str(OUT))


def test_the_most_takes_the_dearest_input() -> None:
    dearest = Decimal(str(WRITTEN)) + Decimal(str(OUT))
    assert price().most(1_000_000, 1_000_000) == dearest


def test_odd_counts_neither_earn_money_nor_overflow() -> None:
    assert price().cost(Usage(-5, -7)) == 0
    assert price().cost(Usage(10, 0, cached_in=99, written_in=99)) == price().cost(Usage(10, 0, 10))
    assert price().cost(Usage(10, 0, cached_in=-1)) == price().cost(Usage(10))
    assert price(inPerM=10_000, outPerM=10_000).cost(Usage(10**30, 10**30)) * 10**12 < 2**63


@pytest.mark.parametrize(("days", "stale"), [(0, False), (45, False), (46, True), (-1, True)])
def test_a_price_is_stale_after_45_days_and_before_its_date(days: int, stale: bool) -> None:
    assert price().stale(CHECKED + timedelta(days)) is stale


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "0 USD"),
        (10, "10 USD"),
        (1234.5, "1234.5 USD"),
        (0.000382, "0.0004 USD"),
        (0.0000780, "0.000078 USD"),
        (0.00000012345, "0.00000012 USD"),
    ],
)
def test_amounts_are_shown_without_false_digits_and_never_as_nothing(
    amount: float, shown: str
) -> None:
    assert money(amount, "USD") == shown


CHEAP = """
import sys, app.prices
print(sorted({"pydantic_ai", "pydantic_settings", "sqlalchemy"} & sys.modules.keys()))
"""


def test_other_tools_read_prices_without_the_service() -> None:
    command = [sys.executable, "-c", CHEAP]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "[]\n"


def test_the_schema_knows_the_keys_of_the_file() -> None:
    schema = PriceFile.model_json_schema()
    written: dict[str, Any] = yaml.safe_load(re.sub(r"checkedOn: .*", "", SAMPLE.split("  - {")[0]))
    assert set(schema["properties"]) == set(written)
    assert set(schema["$defs"]["ModelPrice"]["required"]) == {*written["models"][0], "checkedOn"}
    assert json.dumps(schema).count('"additionalProperties": false') == 3


def test_offline_needs_no_file(tmp_path: Path) -> None:
    settings = Settings(model_provider="offline", prices_file=tmp_path / "nowhere.yaml")
    build(settings, YesNo(), RunBudget())
