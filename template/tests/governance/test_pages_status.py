"""The weekly status: what changed, what ends soon, who has to act; for people and for programs."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from poc.checklist.catalogue import CUSTOM
from poc.engine.ledger import Entry, Ledger
from poc.money.budget import AREAS
from poc.pages import words
from poc.pages.report import Report
from poc.pages.status import status_json, status_markdown
from tests.governance.test_pages_sample import (
    CI,
    LAPTOP,
    NOW,
    TODAY,
    governance,
    move,
    nobody,
    report,
)


def line(shown: Report, weeks_ago: int, **other: Any) -> dict[str, Any]:  # noqa: ANN401
    """A `score` line of the ledger, as this report would have been so many weeks ago."""
    card = shown.scorecard
    body = {
        "at": (NOW - timedelta(weeks=weeks_ago)).isoformat(timespec="seconds"),
        "score": card.score,
        "level": card.level,
        "weakest": card.weakest_area,
        "items": {one.id: one.outcome for one in card.items},
        "verdict": shown.verdict.word,
        "criteria": {one.id: one.state for one in shown.verdict.findings},
    }
    return body | other


def told(shown: Report, *history: dict[str, Any], **other: Any) -> str:  # noqa: ANN401
    other = {"governance": shown.governance} | other
    return status_markdown(history, shown.scorecard, shown.verdict, shown.forecast, CI, **other)


def section(text: str, title: str) -> str:
    return re.split(rf"^## {title}.*\n", text, flags=re.MULTILINE)[1].split("\n## ")[0].strip()


def data(shown: Report, *history: dict[str, Any]) -> dict[str, Any]:
    return status_json(
        shown.governance, history, shown.scorecard, shown.verdict, shown.forecast, CI
    )


def test_the_first_lines_say_word_level_weakest_area_and_score() -> None:
    text = told(report("NO-GO", {"VAL-1": "not_met"}, level="poc"))
    assert text.splitlines()[0] == "# Status of sample: ✗ NO-GO"
    assert "**Level poc. Weakest area compliance (COMP) 0 %. Score" in text
    assert "CI run 318" in text


def test_every_area_of_the_checklist_has_a_name_for_people() -> None:
    assert set(words.AREAS) == {*AREAS, CUSTOM}
    assert words.area("NEW") == "NEW"


def test_the_first_score_has_nothing_to_compare_with() -> None:
    assert section(told(report()), "Changed") == "This is the first score."


def test_nothing_changed_says_so() -> None:
    shown = report()
    assert section(told(shown, line(shown, 1)), "Changed since 2026-12-07") == "Nothing."


def test_what_changed_is_listed_and_what_got_worse_first() -> None:
    shown = report("INCONCLUSIVE", {"QUAL-1": "inconclusive"}, level="poc")
    items = {one.id: one.outcome for one in shown.scorecard.items}
    first, second, third, *_ = (name for name, outcome in items.items() if outcome == "pass")
    worse = next(name for name, outcome in items.items() if outcome == "unknown")
    before = line(
        shown,
        1,
        verdict="NOT YET MEASURED",
        level="none",
        score=12.5,
        items=items | {first: "unknown", second: "unknown", third: "stale", worse: "pass"},
        criteria={one.id: "met" for one in shown.verdict.findings},
    )
    changes = section(told(shown, line(shown, 2), before), "Changed").splitlines()
    assert changes == [
        "- verdict: NOT YET MEASURED → INCONCLUSIVE",
        "- level: none → poc",
        f"- score: 12.5 % → {shown.scorecard.score:g} %",
        f"- checklist {worse}: pass → unknown (worse)",
        "- criteria QUAL-1: met → inconclusive (worse)",
        f"- checklist {first}, {second}: unknown → pass",
        f"- checklist {third}: stale → pass",
    ]


def test_an_item_that_came_or_went_is_a_change() -> None:
    shown = report()
    known = {one.id: one.outcome for one in shown.scorecard.items}
    name = next(iter(known))
    before = {key: value for key, value in known.items() if key != name} | {"OLD-1": "pass"}
    changes = section(told(shown, line(shown, 1, items=before)), "Changed")
    assert f"checklist {name}: new → unknown" in changes
    assert "checklist OLD-1: pass → gone (worse)" in changes


def test_a_run_repeated_on_one_day_compares_with_the_week_before() -> None:
    shown = report()
    earlier = line(shown, 1, score=1.0)
    text = told(shown, earlier, line(shown, 0, score=2.0), line(shown, 0))
    assert "## Changed since 2026-12-07" in text
    assert "score: 1 % → 0 %" in text


def test_what_ends_within_two_weeks_is_told_with_its_owner() -> None:
    shown = report(level="poc")
    ends = {"OWN-1": 14, "AUTH-1": 15, "COST-2": -1}
    items = [
        one.model_copy(
            update={"expires": TODAY + timedelta(ends[one.id]) if one.id in ends else None}
        )
        for one in shown.scorecard.items
    ]
    card = shown.scorecard.model_copy(update={"items": items})
    text = told(Report(shown.verdict, card, shown.forecast, None, shown.governance))
    lines = section(text, "Ends within 14 days").splitlines()
    assert [one.split(",")[0] for one in lines] == ["- COST-2", "- OWN-1"]
    assert "2026-12-28" in lines[1]
    assert ":" in lines[1]
    assert section(told(report()), "Ends within 14 days") == "Nothing."


def test_overdue_blockers_are_told_and_closed_ones_not() -> None:
    lines = section(told(report()), "Overdue").splitlines()
    assert "- Access to the archive, since 2026-06-01: Production owner, Ole Vang" in lines
    assert len(lines) == 4
    assert section(told(report(whole=governance(charter__blockers=[]))), "Overdue") == "Nothing."


def test_without_the_files_it_names_roles_and_does_not_claim_that_nothing_is_overdue() -> None:
    text = told(report(), governance=None)
    assert text.startswith("# Status: ✓ GO\n")
    assert section(text, "Overdue") == "Blockers and their days stand in governance/charter.yaml."
    assert "- **Sponsor**: " in section(text, "Who has to act")


def test_who_has_to_act_is_named() -> None:
    act = section(told(report("INCONCLUSIVE", {"QUAL-1": "inconclusive"})), "Who has to act")
    assert "**Evaluation owner** (Eva Noor): measure 240 more cases for QUAL-1" in act
    vacant = section(told(report(whole=nobody(governance()))), "Who has to act")
    assert "**Sponsor** (**missing**): name this person" in vacant


def test_what_is_to_be_shown_and_the_money_are_told() -> None:
    text = told(report(), drawn="OPS-3: show the drill.")
    assert section(text, "To be shown this week") == "OPS-3: show the drill."
    assert "example figures, not accepted" in section(text, "Money")
    assert "To be shown" not in told(report())


def test_the_picture_is_told_in_words_of_the_last_eight_weeks() -> None:
    shown = report()
    past = [line(shown, weeks, score=float(weeks)) for weeks in range(30, 0, -1)]
    alternative = re.search(r"!\[(.*)\]\(trend\.svg\)", told(shown, *past))
    assert alternative is not None
    assert alternative[1].count("2026-") == 8
    assert "2026-12-07 1 %" in alternative[1]


def test_the_json_has_what_a_portfolio_asks_for(tmp_path: Path) -> None:
    (tmp_path / "project.toml").write_text('[project]\nname = "Letters"\n')
    (tmp_path / ".copier-answers.yml").write_text("_commit: v0.2.0\nproject_name: Letters\n")
    shown = report(
        "NO-GO",
        {"VAL-1": "not_met"},
        whole=governance(tmp_path),
        moves=[move(), move(blind=True), move(kind="tightened")],
        original="GO",
    )
    past = [line(shown, weeks, score=float(weeks)) for weeks in range(20, 0, -1)]
    found = data(shown, *past)
    json.dumps(found)
    history = found.pop("history")
    assert len(history) == 12
    assert history[-1] == {"on": "2026-12-14", "score": 0.0, "level": "none", "verdict": "NO-GO"}
    assert history[0]["score"] == 11.0
    assert found == {
        "version": 1,
        "project": "Letters",
        "sponsor": "Ana Brandt",
        "productionOwner": "Ole Vang",
        "intent": "production",
        "at": "2026-12-14T09:30:00+00:00",
        "commit": "4f1c9a2" + "0" * 33,
        "run": "318",
        "preview": False,
        "verdict": "NO-GO",
        "original": "GO",
        "level": "none",
        "waived": False,
        "weakest": {"area": "COMP", "score": 0.0},
        "score": 0.0,
        "looks": {"used": 2, "allowed": 3},
        "loosenedAfterResults": 1,
        "costRatio": {"value": 3.2, "band": "green"},
        "monthlyAt1x": {"amount": 7991.0, "currency": "USD"},
        "budgetAccepted": False,
        "decisionDate": "2026-12-18",
        "daysToDecision": 4,
        "decision": None,
        "decidedAgainst": False,
        "template": "v0.2.0",
    }


@pytest.mark.parametrize("answers", [None, "", "[1, 2]", "_commit:", "a: [", "\udcff"])
def test_a_project_without_a_readable_release_has_none(answers: str | None, tmp_path: Path) -> None:
    if answers is not None:
        path = tmp_path / ".copier-answers.yml"
        path.write_bytes(answers.encode("utf-8", "surrogateescape"))
    found = data(report(whole=governance(tmp_path)))
    assert found["template"] is None
    assert found["project"] == tmp_path.name


def test_the_json_tells_who_is_missing_and_what_was_decided() -> None:
    entry = Entry(
        seq=1,
        event="decision",
        at=NOW,
        by="Ana Brandt",
        commit="",
        run="",
        body={"decision": "go", "against": True},
        previous="",
        digest="",
    )
    whole = nobody(governance())._replace(ledger=Ledger(entries=[entry]))
    found = data(report("NO-GO", {"VAL-1": "not_met"}, whole=whole, decide_by=None))
    assert (found["sponsor"], found["productionOwner"]) == (None, None)
    assert (found["decision"], found["decidedAgainst"]) == ("go", True)
    assert (found["decisionDate"], found["daysToDecision"]) == (None, None)
    research = report(whole=governance(charter__intent="research"), research=True)
    assert data(research)["verdict"] is None
    assert "research, no verdict" in told(research).splitlines()[0]


def test_a_laptop_is_said_to_be_one() -> None:
    shown = report()
    text = status_markdown([], shown.scorecard, shown.verdict, shown.forecast, LAPTOP)
    assert "no CI run: this is a preview" in text
