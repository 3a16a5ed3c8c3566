"""`poc baseline`: figures of how people work today, with their source, and what follows."""

from pathlib import Path

from poc.engine.problems import Exit
from poc.sets.today import Study, Today, load, save
from tests.governance.console import Console
from tests.governance.sample import change, today

REPORT = "poc baseline import --accuracy {} --cases {} --minutes {} --source '{}'"
SOURCE = "Yearly quality report 2025, page 12"


def test_reported_figures_are_kept_with_their_source(root: Path, poc: Console) -> None:
    assert poc.type(REPORT.format(0.88, 400, 6.5, SOURCE)) == Exit.OK
    assert "right in 88.0% of 400 cases (84.4% to 90.8%), 6.5 minutes each" in poc.out
    assert SOURCE in poc.out
    assert "a comparison with the service is a rough one" in " ".join(poc.out.split())
    found = load(root)
    assert found is not None and found.counts == (352, 400)
    assert poc.json("poc baseline")["accuracy"] == 0.88


def test_what_follows_for_contract_and_budget_is_said(root: Path, poc: Console) -> None:
    change(root, "budget", {"benefit.minutesSaved": 20})
    poc.type(REPORT.format(0.98, 600, 6.5, SOURCE))
    text = " ".join(poc.out.split())
    assert "QUAL-1 asks for 90%, which is less than people reach today (98%)" in text
    assert "reckons with 20 minutesSaved, measured are 6.5" in text
    poc.type(REPORT.format(0.7, 600, 6.5, SOURCE))
    assert "QUAL-1 asks for 90%, which people do not reach themselves (70%)" in " ".join(
        poc.out.split()
    )


def test_a_study_has_intervals_and_agrees_with_a_budget_inside_them(
    root: Path, poc: Console
) -> None:
    right = {f"m-{number:012x}": number % 10 != 0 for number in range(60)}
    study = Study(
        set="decision",
        digest="0" * 64,
        round="today",
        people=2,
        right=right,
        seconds=[240.0 + number for number in range(60)],
    )
    save(root, Today(measured_on=today(), study=study))
    change(root, "budget", {"benefit.minutesSaved": 4.5})
    data = poc.json("poc baseline")
    assert (data["right"], data["cases"]) == (54, 60)
    assert data["minutes"] == 269 / 60
    assert data["minutesInterval"][0] < data["minutes"] < data["minutesInterval"][1]
    poc.type("poc baseline")
    assert "study today on 60 cases of decision" in poc.out
    assert "(4.5) agrees with it" in poc.out


def test_bad_figures_are_refused(root: Path, poc: Console) -> None:
    for line in (
        REPORT.format(88, 400, 6.5, SOURCE),
        REPORT.format(0.88, 0, 6.5, SOURCE),
        REPORT.format(0.88, 400, -1, SOURCE),
        REPORT.format(0.88, 400, 6.5, "gut"),
    ):
        assert poc.type(line) == Exit.REFUSED
        assert "--accuracy is a share from 0 to 1" in poc.err
    assert load(root) is None


def test_without_figures_it_says_how_to_get_them(root: Path, poc: Console) -> None:
    assert poc.type("poc baseline") == Exit.REFUSED
    assert "--study ROUND" in poc.err
    (root / "governance" / "today.json").write_text('{"version": 1}')
    assert poc.type("poc baseline") == Exit.INVALID
    assert "governance/today.json holds at" in poc.err
