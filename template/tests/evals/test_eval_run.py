"""The run measures the real service, names what it measured, and goes on where it stopped."""

import asyncio
import json
from pathlib import Path

import pytest

from app.settings import Settings
from app.usecase import USE_CASE
from evals import digests, gate
from evals import run as command
from evals.dataset import EvalCase, load
from evals.digests import Subject
from evals.result import Result
from evals.run import parse, run
from evals.service import Service, intake, reader
from evals.sets import gather
from tests.evals.eval_fakes import case


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever provider this machine is set to, nothing is asked over the network."""
    monkeypatch.setenv("APP_MODEL_PROVIDER", "offline")


def limited(folder: Path, *arguments: str) -> Result:
    options = parse(arguments)
    return asyncio.run(run(options, gather(options.split), Settings(), folder))


def test_a_limited_run_writes_a_report_that_says_so_and_is_resumed(tmp_path: Path) -> None:
    first = limited(tmp_path, "--limit", "4")
    home = tmp_path / first.key
    rows = (home / "rows.jsonl").read_bytes()
    assert rows.count(b"\n") == 4
    assert (first.cases, first.complete) == (4, False)
    assert "figures decide nothing" in (home / "report.md").read_text("utf-8")
    second = limited(tmp_path, "--limit", "6")
    assert second.key == first.key
    assert (home / "rows.jsonl").read_bytes().startswith(rows)
    assert (home / "rows.jsonl").read_bytes().count(b"\n") == 6


def test_a_fresh_run_starts_anew(tmp_path: Path) -> None:
    first = limited(tmp_path, "--limit", "3")
    path = tmp_path / first.key / "rows.jsonl"
    kept = path.read_text().replace('"right":', '"right": ')
    path.write_text(kept)
    limited(tmp_path, "--limit", "3")
    assert path.read_text() == kept
    limited(tmp_path, "--limit", "3", "--fresh")
    assert '"right": ' not in path.read_text()
    assert path.read_text().count("\n") == 3


def test_rows_and_result_hold_no_text_of_a_case(tmp_path: Path) -> None:
    found = limited(tmp_path, "--limit", "5")
    written = "".join(path.read_text("utf-8") for path in (tmp_path / found.key).iterdir())
    clean = intake(USE_CASE)
    for one in load("evaluation")[:5]:
        value = clean(one)
        assert value is not None
        for field in USE_CASE.long_text:
            text = str(value.model_dump()[field])
            assert text[:40] not in written
            assert json.dumps(text[:40])[1:-1] not in written


@pytest.mark.parametrize(
    "arguments", [["--repeats", "0"], ["--concurrency", "-1"], ["--split", "../x"]]
)
def test_senseless_options_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(arguments)
    assert caught.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_bad_settings_end_the_run_and_the_gate_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APP_MODEL_TIMEOUT_SECONDS", "-1")
    monkeypatch.setattr("sys.argv", ["evals.run"])
    assert command.main() == 2
    assert gate.main([]) == gate.UNDECIDED
    assert capsys.readouterr().err.count("APP_MODEL_TIMEOUT_SECONDS") == 2


def _raw(content_type: str, body: str) -> EvalCase:
    return case(1, body=body).model_copy(update={"content_type": content_type})


@pytest.mark.parametrize(
    ("content_type", "body", "status", "reason"),
    [
        ("text/plain", "   ", "quarantined", "empty"),
        ("application/json", "{", "rejected", "invalid-input"),
        ("image/png", "x", "rejected", "unsupported-media-type"),
    ],
)
def test_what_intake_does_not_let_through_is_an_outcome(
    content_type: str, body: str, status: str, reason: str
) -> None:
    service = Service(Settings(), USE_CASE)
    outcome = asyncio.run(service.decide(_raw(content_type, body)))
    assert (outcome.status, outcome.reason) == (status, reason)


def test_a_reader_gives_the_text_that_people_wrote() -> None:
    text = reader(USE_CASE)(_raw("text/plain", "Where is the lamp?\n\n> quoted words"))
    assert "Where is the lamp?" in text
    assert reader(USE_CASE)(_raw("image/png", "x")) == ""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("app/usecase", "evals", "app/__pycache__"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("app/a.py", "app/usecase/prompt.md", "app/usecase/weights.json"):
        (tmp_path / name).write_text(name)
    for name in ("scorers.py", "runner.py", "service.py", "slices.py"):
        (tmp_path / "evals" / name).write_text(name)
    return tmp_path


def _subject(
    root: Path, cases: list[EvalCase] | None = None, settings: dict[str, object] | None = None
) -> Subject:
    chosen = Settings.model_validate(settings or {})
    return digests.subject("evaluation", cases or [case(1)], USE_CASE, chosen, root)


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("app/a.py", {"code"}),
        ("app/usecase/prompt.md", {"code"}),
        ("app/usecase/new.toml", {"code"}),
        ("app/usecase/calibration.json", {"calibration"}),
        ("evals/scorers.py", {"code"}),
        ("evals/runner.py", {"code"}),
        ("evals/slices.py", set()),
        ("app/__pycache__/a.pyc", set()),
    ],
)
def test_the_run_key_changes_with_whatever_may_change_an_outcome(
    root: Path, path: str, changed: set[str]
) -> None:
    before = _subject(root)
    (root / path).write_text("changed")
    after = _subject(root)
    names = Subject.model_fields
    assert {name for name in names if getattr(before, name) != getattr(after, name)} == changed
    assert (before.key != after.key) is bool(changed)


def test_a_file_that_was_renamed_is_other_code(root: Path) -> None:
    before = _subject(root).key
    (root / "app" / "a.py").rename(root / "app" / "b.py")
    assert _subject(root).key != before


@pytest.mark.parametrize(
    ("setting", "changes"),
    [
        ({"model_max_tokens": 9}, True),
        ({"intake_limit_characters": 9}, True),
        ({"model_provider": "openai", "model_name": "m"}, True),
        ({"port": 9}, False),
        ({"model_api_key": "secret"}, False),
    ],
)
def test_settings_count_when_they_reach_model_or_intake(
    root: Path, setting: dict[str, object], changes: bool
) -> None:
    found = _subject(root, settings=setting)
    assert (found.key != _subject(root).key) is changes
    assert "secret" not in found.model_dump_json()


def test_other_cases_are_another_run(root: Path) -> None:
    assert _subject(root, [case(1), case(2)]).key != _subject(root).key
