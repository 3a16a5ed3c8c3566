"""The week's score: taken in CI, kept in the ledger, told by what changed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from poc.engine import ledger
from poc.engine.problems import Exit
from tests.governance import items
from tests.governance.console import Console
from tests.governance.sample import change, today

Terminal = Callable[[Path], Console]


class Weeks:
    """A proven project whose CI takes the score, each time in a run of its own."""

    def __init__(self, root: Path, poc: Console, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.poc, self._monkeypatch = root, poc, monkeypatch
        self._run = 76

    def take(self, code: Exit = Exit.OK, again: bool = False) -> str:
        """Take the score; what was printed."""
        self._run += not again
        self._monkeypatch.setenv("CI", "true")
        self._monkeypatch.setenv("GITHUB_RUN_ID", str(self._run))
        assert self.poc.type("poc score --weekly") == code
        return self.poc.out + self.poc.err

    def lines(self) -> list[dict[str, Any]]:
        return [one.body for one in ledger.load(self.root).of("score")]

    def file(self, name: str) -> str:
        return (self.root / "governance" / "status" / name).read_text("utf-8")


@pytest.fixture
def weeks(tmp_path: Path, console: Terminal, monkeypatch: pytest.MonkeyPatch) -> Weeks:
    root = items.proven(tmp_path)
    items.tested(root, run="77")
    items.gated(root, run="77")
    return Weeks(root, console(root), monkeypatch)


def day(days: int) -> str:
    return str(today() + timedelta(days=days))


def test_on_a_laptop_it_is_refused_and_nothing_is_written(weeks: Weeks) -> None:
    before = (weeks.root / ledger.PATH).read_bytes()
    assert weeks.poc.type("poc score --weekly") == Exit.REFUSED
    assert "in CI only" in weeks.poc.err
    assert (weeks.root / ledger.PATH).read_bytes() == before
    assert not (weeks.root / "governance" / "status").exists()


def test_in_ci_it_adds_a_line_and_writes_the_status(weeks: Weeks) -> None:
    weeks.take()
    [line] = weeks.lines()
    assert line["items"]["AUTH-1"] == "pass" and line["items"]["ERR-1"] == "unknown"
    assert line["level"] == "none" and line["score"] == weeks.poc.json("poc score")["score"]
    assert line["verdict"] == "NOT YET MEASURED" and line["criteria"]["QUAL-1"] == "not_measured"
    assert "NOT YET MEASURED" in weeks.file("STATUS.md")
    assert json.loads(weeks.file("status.json"))["version"] == 1
    assert weeks.file("trend.svg").startswith("<svg")


def test_one_run_adds_one_line(weeks: Weeks) -> None:
    weeks.take()
    assert "has added its line already" in weeks.take(Exit.REFUSED, again=True)
    assert len(weeks.lines()) == 1


def test_it_tells_what_changed_and_nothing_else(weeks: Weeks) -> None:
    weeks.take()
    change(weeks.root, "charter", {"riskClass": ""})
    items.tested(weeks.root, run="78")
    items.gated(weeks.root, "fail", "Worse: accuracy.", run="78")
    said = weeks.take()
    assert "EVAL-1 pass -> fail: Worse: accuracy." in said
    assert "COMP-2 pass -> fail" in said
    assert "AUTH-1" not in said.partition("Runs out")[0]
    items.tested(weeks.root, run="79")
    items.gated(weeks.root, "fail", "Worse: accuracy.", run="79")
    assert "Changed since" not in weeks.take()


def test_it_tells_what_runs_out_and_what_is_overdue(weeks: Weeks) -> None:
    items.waive(weeks.root, "ERR-1", until=day(13))
    items.waive(weeks.root, "MON-1", until=day(15))
    change(
        weeks.root,
        "charter",
        {"blockers.0.due": day(-1), "blockers.1.due": day(0), "blockers.3.due": day(-9)},
    )
    said = weeks.take()
    assert f"ERR-1 on {day(13)}" in said and "MON-1" not in said
    assert "Access to the archive, due" in said and "Ole Vang (production)" in said
    assert "Agreement on data processing" not in said and "Labelled letters" not in said


def test_one_word_a_week_is_drawn_and_it_is_the_same_for_everybody(weeks: Weeks) -> None:
    drawn = {weeks.take().partition("To be shown this week:")[2].split(":")[0] for _ in range(2)}
    assert len(drawn) == 1
    assert drawn.pop().strip("\n -") in ("COMP-1", "COMP-2", "COST-2")
    assert "shows it to the team" in weeks.file("STATUS.md")


def test_every_word_is_drawn_some_week(weeks: Weeks) -> None:
    from poc.checklist.scorecard import score
    from poc.checklist.weekly import _drawn_lot
    from poc.engine import evidence, governance
    from poc.engine.situation import situation

    whole = governance.load(weeks.root)
    card = score(whole, evidence.load(weeks.root), situation(weeks.root))
    drawn = {
        next(iter(_drawn_lot(whole, card, today() + timedelta(weeks=week)))).split(":")[0]
        for week in range(20)
    }
    assert drawn == {"COMP-1", "COMP-2", "COST-2", "DATA-2"}


def test_without_a_word_nothing_is_drawn(weeks: Weeks) -> None:
    change(weeks.root, "attestations", {"attestations": []})
    assert "To be shown" not in weeks.take()


def test_a_clock_behind_the_ledger_is_refused_and_the_status_stays(
    weeks: Weeks, monkeypatch: pytest.MonkeyPatch
) -> None:
    weeks.take()
    before = weeks.file("STATUS.md"), weeks.lines()

    class Behind(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:  # noqa: ANN401
            return datetime.now(UTC) - timedelta(days=3)

    monkeypatch.setattr("poc.engine.situation.datetime", Behind)
    assert "set the clock of this machine right" in weeks.take(Exit.REFUSED)
    assert (weeks.file("STATUS.md"), weeks.lines()) == before


def test_a_ledger_edited_by_hand_takes_no_score(weeks: Weeks) -> None:
    weeks.take()
    path = weeks.root / ledger.PATH
    text = path.read_text("utf-8")
    path.write_text(text.replace('"ERR-1": "unknown"', '"ERR-1": "pass"'), "utf-8")
    assert "was edited after it was written" in weeks.take(Exit.DAMAGED)
    assert len(path.read_text("utf-8").splitlines()) == len(text.splitlines())
