"""What keeps the service from starting, said in a line each."""

import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import main as service
from tests.api.process import free_port
from tests.api.usecase import Labelling, offline_calibration
from tests.gateway.pricing import entry, price_file

SAYS = "The service cannot start: "
PRODUCTION = {
    "APP_ISSUER": "https://issuer.test",
    "APP_PUBLIC_URL": "https://poc.test",
    "APP_SESSION_SECRET": "s" * 40,
}
Refusal = Callable[..., list[str]]


async def not_refused(server: object, sockets: object) -> None:
    raise AssertionError("the service started")


@pytest.fixture
def refusal(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Refusal]:
    """Start with these settings where everything else is in order; the lines it refuses with."""
    (tmp_path / "data").mkdir()
    shutil.copy(migrated, tmp_path / "data/app.db")
    (tmp_path / "calibration.json").write_text(offline_calibration().model_dump_json())
    monkeypatch.setattr(service, "CALIBRATION", tmp_path / "calibration.json")
    monkeypatch.setattr("app.main.usecase.USE_CASE", Labelling())
    monkeypatch.setattr("app.main.logs.configure", lambda level: None)
    monkeypatch.setattr("app.main.uvicorn.Server.serve", not_refused)
    monkeypatch.setenv("APP_PORT", str(free_port()))
    monkeypatch.setenv("APP_METRICS_PORT", str(free_port()))
    before = signal.getsignal(signal.SIGTERM)

    def refused(**settings: str) -> list[str]:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as end:
            service.main()
        assert isinstance(end.value.code, str)
        assert end.value.code.startswith(SAYS)
        return end.value.code.removeprefix(SAYS).splitlines()

    yield refused
    signal.signal(signal.SIGTERM, before)


def check(lines: list[str], *named: str) -> None:
    """As many lines as mistakes, and each says its own."""
    assert len(lines) == len(named), lines
    for line, name in zip(lines, named, strict=True):
        assert name in line


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"APP_PORT": "http"}, ["APP_PORT: "]),
        ({"APP_PORT": "70000", "APP_LOG_LEVEL": "loud"}, ["APP_PORT: ", "APP_LOG_LEVEL: "]),
        ({"APP_ISSUER": "login.test"}, ["APP_ISSUER: must be an absolute"]),
        ({"APP_ISSUER": "http://issuer.test"}, ["APP_ISSUER must be https"]),
        ({"APP_ALGORITHMS": "RS256"}, ["a list is written as JSON"]),
        ({"APP_ALGORITHMS": '["none"]'}, ["APP_ALGORITHMS_0: "]),
        ({"APP_MODEL_PROVIDER": "elsewhere"}, ["APP_MODEL_PROVIDER: "]),
        ({"APP_DATABASE_URL": "mysql://root:hunter2@db/x"}, ["APP_DATABASE_URL: "]),
        ({"APP_DATABASE_URL": "sqlite:////proc/none/app.db"}, ["APP_DATABASE_URL: "]),
        (
            {"APP_MODEL_PROVIDER": "openai", "APP_MODEL_API_KEY": "a key\n"},
            ["APP_MODEL_NAME: ", "APP_MODEL_API_KEY: "],
        ),
    ],
    ids=str,
)
def test_each_bad_setting_has_one_line(
    refusal: Refusal, settings: dict[str, str], named: list[str]
) -> None:
    lines = refusal(**settings)
    check(lines, *named)
    assert "hunter2" not in str(lines)
    assert "a key" not in str(lines)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"APP_SESSION_SECRET": ""}, ["APP_SESSION_SECRET: must be set"]),
        ({"APP_SESSION_SECRET": "short"}, ["APP_SESSION_SECRET: must have at least 32"]),
        ({"APP_ISSUER": "http://127.0.0.1:9000"}, ["APP_ISSUER: must be https"]),
        (
            {"APP_SESSION_SECRET": "", "APP_PUBLIC_URL": "http://poc.test"},
            ["APP_SESSION_SECRET: ", "APP_PUBLIC_URL: must be https"],
        ),
    ],
    ids=str,
)
@pytest.mark.parametrize("environment", ["production", "staging"])
def test_only_a_laptop_may_do_without_secrets_and_https(
    refusal: Refusal, change: dict[str, str], named: list[str], environment: str
) -> None:
    check(refusal(**{**PRODUCTION, "APP_ENVIRONMENT": environment, **change}), *named)


MODEL = {"APP_MODEL_PROVIDER": "openai", "APP_MODEL_API_KEY": "k", "APP_MODEL_NAME": "m"}


def test_a_model_without_a_price_is_refused_with_the_line_to_add(
    refusal: Refusal, tmp_path: Path
) -> None:
    check(refusal(**MODEL), "prices.yaml is missing", *["  "] * 4)
    (tmp_path / "governance").mkdir()
    price_file(tmp_path / "governance/prices.yaml", [entry("openai", "other")])
    check(refusal(**MODEL), "prices.yaml has no price for openai m", "  - {provider: openai, ")


def test_a_price_file_with_a_mistake_is_refused(refusal: Refusal, tmp_path: Path) -> None:
    path = price_file(tmp_path / "own.yaml", [entry("openai", "m", inPerM="free")])
    check(refusal(**MODEL, APP_PRICES_FILE=str(path)), "own.yaml:1: models.1.inPerM: ")


def test_kickoff_answers_that_cannot_be_read_are_named(refusal: Refusal, tmp_path: Path) -> None:
    (tmp_path / "project.toml").write_text("[project\n")
    check(refusal(), "project.toml is not valid TOML")


def test_a_database_without_the_schema_is_refused_with_the_command(refusal: Refusal) -> None:
    check(refusal(APP_DATABASE_URL="sqlite:///data/new.db"), "python -m app.records.migrate")


def test_a_file_that_is_no_database_is_refused(refusal: Refusal, tmp_path: Path) -> None:
    (tmp_path / "data/app.db").write_bytes(b"not a database, " * 100)
    check(refusal(), "The records cannot be reached")


@pytest.mark.parametrize("damaged", ["", "{}}", '{"calibrations": [{"threshold": 0.5}]}', "[]"])
def test_a_damaged_calibration_is_refused(refusal: Refusal, tmp_path: Path, damaged: str) -> None:
    (tmp_path / "calibration.json").write_text(damaged)
    (line,) = refusal()
    assert "calibration.json is damaged; run `make train`" in line


def test_the_calibration_is_the_use_cases() -> None:
    assert service.CALIBRATION.parts[-3:] == ("app", "usecase", "calibration.json")


@pytest.mark.parametrize("setting", ["APP_PORT", "APP_METRICS_PORT"])
def test_a_taken_port_is_named(refusal: Refusal, setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (line,) = refusal(**{setting: str(port)})
    assert line.startswith(f"{setting}: 127.0.0.1:{port} cannot be used")
    assert "choose another" in line


def test_one_port_cannot_serve_both(refusal: Refusal) -> None:
    port = str(free_port())
    check(refusal(APP_PORT=port, APP_METRICS_PORT=port), "APP_METRICS_PORT: ")
