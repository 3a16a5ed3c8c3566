"""What the gate of the evals decides reaches the checklist as EVAL-1."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.settings import Settings
from evals import gate
from tests.governance.console import Console
from tests.governance.items import item
from tests.governance.sample import project

Terminal = Callable[[Path], Console]
STARTED = datetime.now(UTC) - timedelta(seconds=9)
PASSED = "120 unchanged cases compared; 0 new, 0 gone, 0 changed.\nPASS: no drop."
WORSE = """120 unchanged cases compared; 0 new, 0 gone, 0 changed.
  all cases, accuracy: 91.7% -> 66.7%, change -25.0% (-32% to -18%), p 0.0000  REGRESSION
  language=de, accuracy: 90.0% -> 50.0%, p 0.0000  REGRESSION
REGRESSION: repair it."""


@pytest.mark.parametrize(
    ("code", "text", "outcome", "detail"),
    [
        (gate.PASS, PASSED, "pass", "120 unchanged cases compared; 0 new, 0 gone, 0 changed."),
        (gate.REGRESSION, WORSE, "fail", "Worse: all cases, accuracy: 91.7% -> 66.7%"),
        (gate.UNDECIDED, "CANNOT DECIDE: There is no result yet.", "unknown", "There is no result"),
    ],
)
def test_what_the_gate_decides_is_what_the_item_says(
    tmp_path: Path, console: Terminal, code: int, text: str, outcome: str, detail: str
) -> None:
    root = project(tmp_path)
    gate.record(code, text, Settings(), STARTED, root)
    found = item(console(root), "EVAL-1")
    assert (found["outcome"], found["credit"]) == (outcome, float(outcome == "pass"))
    assert found["detail"].startswith(detail)


def test_evals_of_another_provider_than_the_deployed_one_do_not_count(
    tmp_path: Path, console: Terminal
) -> None:
    root = project(tmp_path)
    other = Settings(model_provider="anthropic", model_name="claude-x")
    gate.record(gate.PASS, PASSED, other, STARTED, root)
    assert item(console(root), "EVAL-1")["outcome"] == "stale"


@pytest.mark.parametrize("code", [gate.PASS, gate.REGRESSION, gate.UNDECIDED])
@pytest.mark.parametrize("accept", [False, True])
def test_deciding_is_recorded_and_storing_a_baseline_is_not(
    monkeypatch: pytest.MonkeyPatch, code: int, accept: bool
) -> None:
    recorded: list[int] = []
    monkeypatch.setattr(gate, "run", lambda *_: (code, "What was found."))
    monkeypatch.setattr(gate, "subject", lambda *_: SimpleNamespace(key="k"))
    monkeypatch.setattr("evals.gate.dataset.load", lambda _: [])
    monkeypatch.setattr(gate, "record", lambda found, *_: recorded.append(found))
    assert gate.main(["--accept"] if accept else []) == code
    assert recorded == ([] if accept else [code])


def test_a_record_that_cannot_be_written_is_told_and_decides_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "build/evidence/eval-gate.part")

    monkeypatch.setattr(gate, "run", lambda *_: (gate.PASS, "PASS"))
    monkeypatch.setattr(gate, "subject", lambda *_: SimpleNamespace(key="k"))
    monkeypatch.setattr("evals.gate.dataset.load", lambda _: [])
    monkeypatch.setattr(gate, "record", full)
    assert gate.main([]) == gate.PASS
    assert "Not recorded: build/evidence/eval-gate.part: No space left" in capsys.readouterr().err
