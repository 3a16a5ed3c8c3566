"""The verdict page: the word first, and nothing that would flatter it left out."""

from typing import get_args

import pytest

from poc.engine.findings import Word
from poc.pages.report import Report
from poc.pages.verdict import render_verdict
from tests.governance.test_pages_sample import (
    day_one,
    does_not_pay,
    governance,
    move,
    node,
    report,
    words,
)


def both(shown: Report) -> tuple[str, str]:
    """What the HTML and the Markdown say."""
    page = render_verdict(shown)
    return words(page.html), page.markdown


def rows(shown: Report) -> list[list[str]]:
    table = node(render_verdict(shown).html, "table.criteria")
    return [
        [" ".join(cell.text().replace("\xa0", " ").split()) for cell in row.css("th, td")]
        for row in table.css("tbody tr")
    ]


@pytest.mark.parametrize("word", get_args(Word))
def test_the_word_comes_first_with_its_sign(word: Word) -> None:
    page = render_verdict(report(word))
    signs = {"GO": "✓", "NO-GO": "✗", "NOT YET MEASURED": "○", "INCONCLUSIVE": "?"}
    first = f"{signs[word]} {word}"
    assert words(page.html).startswith(first)
    assert node(page.html, "h1").text() == first
    assert page.markdown.splitlines()[0] == f"# {first} - sample"
    assert page.comment.startswith(f"**{first}**")


def test_a_preview_is_marked_everywhere_and_ci_is_not() -> None:
    page = render_verdict(day_one())
    assert page.markdown.splitlines()[0].endswith("NOT YET MEASURED (preview) - sample")
    for text in (words(page.html), page.markdown.replace("**", "")):
        assert "This is a preview, made on one machine. The official verdict comes from CI." in text
        assert "no CI run" in text
    assert "preview" in page.comment.splitlines()[0]
    official = render_verdict(report())
    assert "preview" not in words(official.html) + official.markdown + official.comment
    assert "CI run 318" in official.markdown


def test_day_one_says_what_is_missing_and_who_has_to_act() -> None:
    html, text = both(day_one())
    for said in (
        "0 of 8 must criteria met, 8 not measured.",
        "Every project starts here. Nothing has been measured that counts",
        "No contract is in force, so nothing could be moved.",
        "Production owner missing. Nobody has signed yet.",
        "example figures, not accepted",
        "no decision date",
    ):
        assert said in html
        assert said in text.replace("**", "")
    assert "Risk owner (missing): name this person; decide the risk class" in html
    assert "bring evidence for HUM-1, PERF-1, REL-1 and INT-1" in text
    assert html.index("who has to act") < html.index("Goalposts"), "what to do is the news"


def test_works_but_does_not_pay_reads_so() -> None:
    html, text = both(does_not_pay())
    for said in (
        "7 of 8 must criteria met, 1 failed.",
        "It works; it does not pay. Break-even is at 6,695 requests a month; 6,131 are forecast",
        "Any one of these would change it:",
        "upkeep of 1.9 days a month instead of 4.",
        "A no-go is a result: 80,000 USD spent, 256,450 USD not spent.",
    ):
        assert said in html
        assert said in text.replace("**", "")


def test_nobody_is_asked_to_measure_on_once_it_failed() -> None:
    html, _ = both(report("NO-GO", {"QUAL-1": "not_measured", "VAL-1": "not_met"}))
    assert "bring evidence" not in html
    assert "of the checklist" not in html
    html, _ = both(report("NOT YET MEASURED", {"QUAL-1": "not_measured"}))
    assert "bring evidence for QUAL-1" in html


def test_a_failed_criterion_of_quality_is_not_said_to_work() -> None:
    html, _ = both(report("NO-GO", {"QUAL-1": "not_met", "VAL-1": "not_met"}))
    assert "It works" not in html
    assert "It does not pay" not in html
    html, _ = both(report("NO-GO", {"QUAL-1": "not_measured", "VAL-1": "not_met"}))
    assert "It works" not in html
    assert "It does not pay, whatever is measured next." in html


@pytest.mark.parametrize(
    ("word", "level", "said"),
    [
        ("GO", "none", "Cleared for users: no - level none; needs pilot."),
        ("GO", "poc", "Cleared for users: no - level poc; needs pilot."),
        ("GO", "pilot", "Cleared for users: yes - level pilot, people review."),
        ("GO", "production", "Cleared for users: yes - level production."),
        ("NO-GO", "pilot", "Cleared for users: no - level pilot, but the verdict is NO-GO."),
    ],
)
def test_the_word_alone_clears_nobody(word: Word, level: str, said: str) -> None:
    html, text = both(report(word, level=level))
    assert said in html
    assert said in text.replace("**", "")
    not_yet = "Users are let in by the checklist, not by this word"
    assert (not_yet in html) == (word == "GO" and level in ("none", "poc"))


def test_what_this_release_cannot_prove_is_not_asked_of_anybody() -> None:
    shown = report(level="none")
    first, second, *others = shown.scorecard.items
    items = [
        first.model_copy(update={"in_release": True, "outcome": "fail"}),
        second.model_copy(update={"in_release": False, "outcome": "unknown"}),
        *(one.model_copy(update={"outcome": "pass"}) for one in others),
    ]
    missing = [first.id, second.id]
    card = shown.scorecard.model_copy(update={"items": items, "next_level_missing": missing})
    html, _ = both(Report(shown.verdict, card, shown.forecast, None, shown.governance))
    told = f"Level poc misses {first.id}; and {second.id}, which this release cannot prove yet."
    assert told in html
    asked = html[html.index("who has to act") :]
    assert f"prove {first.id} of the checklist" in asked
    assert second.id not in asked


def test_overdue_blockers_evidence_that_does_not_count_and_the_limits_are_told() -> None:
    refused = "build/evidence/old.json: it is 40 days old, 14 are allowed"
    html, text = both(report(inadmissible=[refused], cheaper="The trained baseline would do."))
    for told in (html, text):
        assert "4 open blockers, 4 overdue." in told
        assert "close the blocker overdue since 2026-06-01: Access to the archive" in told
        assert refused in told
        assert "The trained baseline would do." in told
        assert "evidence is not signed, so it cannot prove who made it" in told
        assert "decide by 2026-12-18, in 4 days" in told


def test_a_ratio_that_is_not_green_says_why() -> None:
    shown = report()
    thin = shown.forecast.cost_ratio.model_copy(
        update={"value": 1.2, "band": "red", "sentence": "Hardening has been left out."}
    )
    money = shown.forecast.model_copy(update={"cost_ratio": thin, "break_even": None})
    html, _ = both(Report(shown.verdict, shown.scorecard, money, None, shown.governance))
    assert "1.2 times the POC (✗ red)" in html
    assert "Hardening has been left out. No volume makes it pay;" in html


@pytest.mark.parametrize(
    "shown",
    [
        day_one(),
        does_not_pay(),
        report(),
        report(level="pilot"),
        report("INCONCLUSIVE", {"QUAL-1": "inconclusive"}),
        report(moves=[move("a\nb")] * 3),
    ],
    ids=["day one", "does not pay", "go", "pilot", "inconclusive", "moves"],
)
def test_the_comment_has_five_lines(shown: Report) -> None:
    lines = render_verdict(shown).comment.rstrip("\n").split("\n")
    assert len(lines) == 5
    assert [line[:8].split(":")[0] for line in lines[1:3]] == ["- Why", "- Goalpo"]
    assert lines[3].startswith("- Cleared for users: ")
    assert lines[4].startswith("- Next: ")


def test_research_gets_no_word() -> None:
    page = render_verdict(
        report("NOT YET MEASURED", whole=governance(charter__intent="research"), research=True)
    )
    for text in (words(page.html), page.markdown, page.comment):
        assert "NOT YET MEASURED" not in text
        assert "No staging and no production" in text
    assert page.comment.startswith("**Research, no verdict**")
