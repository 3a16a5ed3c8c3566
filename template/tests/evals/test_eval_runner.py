"""A run loses no case: errors are wrong answers, and a killed run goes on where it stopped."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import JsonValue

from evals.dataset import EvalCase
from evals.rows import Outcome, read
from evals.runner import Progress
from tests.evals.eval_fakes import Scorers, answer_red, case, run

CASES = [case(number) for number in range(12)]


def test_every_case_becomes_one_scored_row(tmp_path: Path) -> None:
    cases = [*CASES, case(50, expected={"colour": "blue"})]
    rows = {row.id: row for row in run(cases, tmp_path / "rows.jsonl")}
    assert len(rows) == 13
    assert rows["case-003"].right
    assert not rows["case-050"].right
    assert rows["case-050"].scores == {"colour": False, "shade": True}
    assert (rows["case-050"].expected_label, rows["case-050"].label) == ("blue", "red")
    assert rows["case-050"].seconds > 0


def test_a_service_that_raises_is_wrong_and_says_the_type_only(tmp_path: Path) -> None:
    async def decide(one: EvalCase) -> Outcome:
        if one.id == "case-003":
            raise KeyError("max.mustermann@example.org")
        return await answer_red(one)

    rows = {row.id: row for row in run(CASES, tmp_path / "rows.jsonl", decide)}
    assert len(rows) == len(CASES)
    failed = rows["case-003"]
    assert (failed.right, failed.status, failed.error) == (False, "failed", "service: KeyError")
    assert "mustermann" not in (tmp_path / "rows.jsonl").read_text()


class Broken(Scorers):
    """Raises for one expected colour, and forgets its decisive score for another."""

    def score(
        self, expected: Mapping[str, JsonValue], answer: Mapping[str, JsonValue] | None
    ) -> dict[str, bool]:
        if expected["colour"] == "raise":
            raise ZeroDivisionError("private text")
        return {"shade": True} if expected["colour"] == "forget" else {"colour": True}

    def label(self, mapping: Mapping[str, JsonValue]) -> str:
        if mapping["colour"] == "unnamed":
            raise LookupError("private text")
        return str(mapping["colour"])


@pytest.mark.parametrize(
    ("colour", "error"),
    [
        ("raise", "scorer: ZeroDivisionError"),
        ("forget", "scorer: no yes or no for colour"),
        ("unnamed", "label: LookupError"),
    ],
)
def test_a_scorer_that_fails_is_wrong_and_not_dropped(
    tmp_path: Path, colour: str, error: str
) -> None:
    cases = [case(1), case(2, expected={"colour": colour})]
    good, bad = sorted(run(cases, tmp_path / "rows.jsonl", scoring=Broken()), key=lambda r: r.id)
    assert good.right
    assert (bad.right, bad.error) == (False, error)
    assert "private" not in (tmp_path / "rows.jsonl").read_text()


@pytest.mark.parametrize(
    ("expected", "outcome", "right"),
    [
        ({"quarantined": "empty"}, Outcome(status="quarantined", reason="empty"), True),
        ({"quarantined": "empty"}, Outcome(status="quarantined", reason="corrupt"), False),
        ({"quarantined": "empty"}, Outcome(status="answered", answer={"colour": "red"}), False),
        ({"colour": "red"}, Outcome(status="quarantined", reason="empty"), False),
        ({"colour": "red"}, Outcome(status="rejected", reason="invalid-input"), False),
        ({"colour": "red"}, Outcome(status="in_review", answer={"colour": "red"}), True),
        ({"colour": "red"}, Outcome(status="in_review", reason="refused"), False),
    ],
)
def test_right_means_the_expected_answer_or_the_expected_quarantine(
    tmp_path: Path, expected: dict[str, JsonValue], outcome: Outcome, right: bool
) -> None:
    async def decide(one: EvalCase) -> Outcome:
        return outcome

    (row,) = run([case(1, expected=expected)], tmp_path / "rows.jsonl", decide)
    assert row.right is right
    assert row.error is None


def test_a_second_run_does_nothing_and_more_repeats_only_what_is_missing(tmp_path: Path) -> None:
    asked: list[str] = []

    async def decide(one: EvalCase) -> Outcome:
        asked.append(one.id)
        return await answer_red(one)

    path = tmp_path / "rows.jsonl"
    run(CASES, path, decide)
    run(CASES, path, decide)
    assert len(asked) == 12
    rows = run(CASES, path, decide, repeats=3)
    assert len(asked) == 36
    assert len({row.name for row in rows}) == 36


def test_no_more_cases_at_a_time_than_allowed(tmp_path: Path) -> None:
    now, most = 0, 0

    async def decide(one: EvalCase) -> Outcome:
        nonlocal now, most
        now += 1
        most = max(most, now)
        for _ in range(3):
            await asyncio.sleep(0)
        now -= 1
        return await answer_red(one)

    run(CASES, tmp_path / "rows.jsonl", decide, concurrency=4)
    assert most == 4


@pytest.mark.parametrize("torn", ['{"id": "case-0', '{"id": "case-001"}'])
def test_a_torn_last_line_is_skipped_and_run_again(tmp_path: Path, torn: str) -> None:
    path = tmp_path / "rows.jsonl"
    run(CASES[:6], path)
    path.write_bytes(path.read_bytes() + torn.encode())
    assert len(read(path)) == 6
    assert len(run(CASES, path)) == 12


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.evals.eval_fakes import answer_red, case, run

started = 0
async def decide(one):
    global started
    started += 1
    if started > 7:
        print("stuck", flush=True)
        await asyncio.Event().wait()
    return await answer_red(one)

run([case(n) for n in range(12)], Path(sys.argv[1]), decide, concurrency=1)
"""


def test_a_killed_run_keeps_its_rows_and_the_next_one_runs_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{here.parent.parent}"}
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"stuck\n"
        process.send_signal(signal.SIGKILL)
    assert len(read(path)) == 7
    asked: list[str] = []

    async def decide(one: EvalCase) -> Outcome:
        asked.append(one.id)
        return await answer_red(one)

    rows = run(CASES, path, decide)
    assert sorted(asked) == [f"case-{number:03}" for number in range(7, 12)]
    assert sorted(row.id for row in rows) == [one.id for one in CASES]


def test_progress_is_silent_for_two_seconds_and_then_tells(
    capsys: pytest.CaptureFixture[str],
) -> None:
    moments = iter([0.0, 0.5, 1.9, 2.0, 2.0, 3.0])
    progress = Progress(40, clock=lambda: next(moments))
    for _ in range(4):
        progress.advance()
    captured = capsys.readouterr()
    assert captured.err == "3 of 40 cases\n"
    assert captured.out == ""
