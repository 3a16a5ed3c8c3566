"""`make preflight`: one line per check, what to do, and an exit code."""

import json
import socket
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from app.case import Guess, Sample
from app.gateway.endpoint import endpoint
from app.gateway.preflight import main
from app.gateway.probe import transport

from .conftest import Configure
from .pricing import CHECKED, entry, price_file
from .servers import KEY, ModelServer
from .usecase import Note, Verdict, YesNo

MAIL = b"From: a@b.example\r\nSubject: Return\r\nContent-Type: text/plain\r\n\r\nMay I?\r\n"
REAL = "claude-sonnet-4-5/"


@pytest.fixture(autouse=True)
def no_dotenv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, prices: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APP_PRICES_FILE", str(prices))


def preflight(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: dict[str, object],
    usecase: YesNo | None = None,
) -> tuple[int, list[str]]:
    for name, value in settings.items():
        monkeypatch.setenv(f"APP_MODEL_{name.upper()}", str(value))
    code = main([], usecase or YesNo())
    shown = capsys.readouterr()
    assert KEY not in shown.out + shown.err
    return code, shown.out.splitlines()


def local(server: ModelServer, provider: str, model: str, **more: object) -> dict[str, object]:
    address = server.address(provider)
    values = {"provider": provider, "name": model, "base_url": address, "api_key": KEY}
    return values | {"timeout_seconds": 30} | more


def heads(lines: list[str]) -> list[str]:
    return [line.partition(":")[0] for line in lines]


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
@pytest.mark.parametrize("output", ["tool", "native"])
def test_everything_holds(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    server: ModelServer,
    provider: str,
    output: str,
) -> None:
    settings = local(server, provider, f"{REAL}ok", output=output)
    code, lines = preflight(monkeypatch, capsys, settings)
    assert code == 0
    names = "settings,price,extra,address,credentials,model,structured output,real call,tokens"
    assert heads(lines) == [f"PASS {name}" for name in names.split(",")]
    assert lines[-1] == "PASS tokens: 11 in, 7 out, 0.000078 USD"
    assert len(server.requests) == 2


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
@pytest.mark.parametrize(
    ("change", "last", "advice"),
    [
        ({"api_key": "sk-wrong"}, "FAIL credentials", "APP_MODEL_API_KEY"),
        ({"name": "no-such-model"}, "FAIL model", "APP_MODEL_NAME"),
        ({"name": "quota"}, "FAIL credentials", "quota"),
        ({"name": "rejected"}, "FAIL structured output", "APP_MODEL_OUTPUT"),
        ({"name": "not-json"}, "FAIL structured output", "APP_MODEL_OUTPUT"),
        ({"name": "length"}, "FAIL structured output", "APP_MODEL_MAX_TOKENS"),
        ({"name": "rate-limit-7"}, "FAIL model", "Try again in 7 s"),
        ({"name": "server-fault"}, "FAIL model", "failed"),
        ({"name": "html"}, "FAIL model", "APP_MODEL_BASE_URL"),
        ({"name": ""}, "FAIL settings", "APP_MODEL_NAME"),
    ],
)
def test_the_first_failure_ends_it_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    server: ModelServer,
    provider: str,
    change: dict[str, object],
    last: str,
    advice: str,
) -> None:
    settings = local(server, provider, "ok") | change
    code, lines = preflight(monkeypatch, capsys, settings)
    assert code == 1
    assert heads(lines)[-1] == last
    assert advice in lines[-1]
    before = ["PASS settings", "PASS price", "PASS extra", "PASS address"]
    passed = [*before, "PASS credentials", "PASS model"]
    assert heads(lines)[:-1] in ([], before, passed)
    # Only an answer proves that the key and the model are good.
    answered = change.get("name") in ("not-json", "length")
    assert ("PASS credentials" in heads(lines)) == answered


@pytest.mark.parametrize(
    ("model", "code", "finding", "advice"),
    [
        ("case-fault", 1, "FAIL real call", "provider failed"),
        ("case-misfit", 1, "FAIL real call", "does not fit the schema"),
        ("case-refusal", 0, "WARN real call", "go to a person"),
    ],
)
def test_a_real_case_can_fail_where_the_small_question_did_not(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    server: ModelServer,
    model: str,
    code: int,
    finding: str,
    advice: str,
) -> None:
    ended, lines = preflight(monkeypatch, capsys, local(server, "openai", model))
    assert ended == code
    assert "PASS structured output" in heads(lines)
    (found,) = [line for line in lines if line.startswith(finding)]
    assert advice in found


def test_nothing_listens(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], server: ModelServer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings = local(server, "openai", "ok", base_url=f"http://127.0.0.1:{port}/v1")
    code, lines = preflight(monkeypatch, capsys, settings)
    assert code == 1
    assert heads(lines) == ["PASS settings", "PASS price", "PASS extra", "FAIL address"]
    assert "APP_MODEL_BASE_URL" in lines[-1]


def test_several_bad_settings_are_still_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], server: ModelServer
) -> None:
    settings = local(server, "openai", "", api_key="")
    code, lines = preflight(monkeypatch, capsys, settings)
    assert (code, heads(lines)) == (1, ["FAIL settings"])
    assert "APP_MODEL_NAME" in lines[0]
    assert "APP_MODEL_API_KEY" in lines[0]


def test_a_missing_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], server: ModelServer
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    code, lines = preflight(monkeypatch, capsys, local(server, "openai", "ok"))
    assert (code, heads(lines)) == (1, ["PASS settings", "PASS price", "FAIL extra"])
    assert "make setup EXTRAS=openai" in lines[-1]


def test_a_provider_that_counts_no_tokens_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], server: ModelServer
) -> None:
    code, lines = preflight(monkeypatch, capsys, local(server, "openai", "uncounted"))
    assert (code, heads(lines)[-1]) == (0, "WARN tokens")


def test_a_model_without_a_price_fails_with_the_line_to_add(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], server: ModelServer
) -> None:
    code, (finding, line) = preflight(monkeypatch, capsys, local(server, "openai", "priceless"))
    assert (code, finding.partition(":")[0]) == (1, "FAIL settings")
    assert "prices.yaml has no price for openai priceless" in finding
    assert line.startswith('  - {provider: openai, model: "priceless", inPerM: PRICE, ')
    assert server.requests == []


@pytest.mark.parametrize(
    ("days", "status", "advice"),
    [(45, "PASS", "2 in, 8 out USD per million"), (46, "WARN", "set checkedOn in ")],
)
def test_an_old_price_is_a_warning(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    server: ModelServer,
    tmp_path: Path,
    days: int,
    status: str,
    advice: str,
) -> None:
    checked = CHECKED - timedelta(days)
    path = price_file(tmp_path / "p.yaml", [entry("openai", "ok", checkedOn=str(checked))])
    monkeypatch.setenv("APP_PRICES_FILE", str(path))
    code, lines = preflight(monkeypatch, capsys, local(server, "openai", "ok"))
    assert (code, heads(lines)[1]) == (0, f"{status} price")
    assert advice in lines[1]
    assert "at most 10 USD a request, 100 USD a day" in lines[1]


def test_a_cap_that_allows_no_call_fails(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    server: ModelServer,
    tmp_path: Path,
) -> None:
    path = price_file(tmp_path / "p.yaml", [entry("openai", "ok")], 0.0065, 0.0065)
    monkeypatch.setenv("APP_PRICES_FILE", str(path))
    monkeypatch.setenv("APP_MODEL_PROVIDER", "openai")
    for name, value in local(server, "openai", "ok").items():
        monkeypatch.setenv(f"APP_MODEL_{name.upper()}", str(value))
    assert main(["--json"], YesNo()) == 1
    document = json.loads(capsys.readouterr().out)
    assert [document["checks"][-1][name] for name in ("name", "status")] == ["price", "FAIL"]
    assert "caps.perRequest" in document["checks"][-1]["detail"]
    assert server.requests == []


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://models.example/v1", "WARN"),
        ("http://10.0.0.1/v1", "WARN"),
        ("https://models.example/v1", "PASS"),
        ("http://localhost:8080/v1", "PASS"),
        ("http://[::1]:8080/v1", "PASS"),
    ],
)
def test_an_unencrypted_address_is_a_warning(configure: Configure, url: str, status: str) -> None:
    remote = endpoint(configure("openai", "ok", model_base_url=url))
    assert remote is not None
    assert transport(remote).status == status


def test_offline_only_the_baseline_is_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = preflight(monkeypatch, capsys, {"provider": "offline"})
    assert code == 0
    assert lines == ["PASS offline: the trained baseline answers; nothing to check"]


def test_an_untrained_baseline_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Untrained(YesNo):
        def baseline(self, case: Note) -> Guess[Verdict]:
            raise FileNotFoundError

    code, lines = preflight(monkeypatch, capsys, {"provider": "offline"}, Untrained())
    assert code == 1
    assert "FileNotFoundError" in lines[0]
    assert "make setup" in lines[0]


@pytest.mark.parametrize(
    ("sample", "text"),
    [
        (Sample("j", "JSON", "application/json; charset=utf-8", b'{"text": "May I?"}'), "May I?"),
        (Sample("m", "Mail", "message/rfc822", MAIL), "May I?\r\n"),
        (Sample("t", "Text", "text/plain", b"May I?"), "May I?"),
    ],
)
def test_the_first_plain_sample_is_the_real_call(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    server: ModelServer,
    sample: Sample,
    text: str,
) -> None:
    messy = Sample("x", "Messy", "application/json", b"{text:")
    usecase = YesNo(messy, sample)
    code, _ = preflight(monkeypatch, capsys, local(server, "openai", "ok"), usecase)
    assert code == 0
    assert server.requests[-1]["messages"][-1]["content"].strip() == text.strip()


def test_json_output_holds_the_same_findings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APP_MODEL_PROVIDER", "offline")
    assert main(["--json"], YesNo()) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is True
    assert [(one["name"], one["status"]) for one in document["checks"]] == [("offline", "PASS")]


def test_settings_that_do_not_load_are_a_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APP_MODEL_PROVIDER", "elsewhere")
    assert main(["--json"], YesNo()) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is False
    assert "APP_MODEL_PROVIDER" in document["checks"][0]["detail"]
