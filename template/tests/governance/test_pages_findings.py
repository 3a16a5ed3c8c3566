"""The table of the verdict page, what was moved, and who signed."""

from selectolax.lexbor import LexborHTMLParser

from poc.pages.report import Report
from poc.pages.verdict import render_verdict
from tests.governance.test_pages_sample import (
    EVIDENCE,
    does_not_pay,
    governance,
    longer,
    move,
    report,
    words,
)
from tests.governance.test_pages_verdict import both, rows


def test_rows_stand_worst_first_with_sign_and_word() -> None:
    states = {"REL-1": "inconclusive", "SEC-1": "not_measured", "VAL-1": "not_met"}
    shown = rows(report("NO-GO", states))  # type: ignore[arg-type]
    assert [row[0] for row in shown] == [
        "✗ failed",
        "? inconclusive",
        "○ not measured",
        *["✓ met"] * 5,
    ]
    assert [row[1].split()[0] for row in shown][:3] == ["VAL-1", "REL-1", "SEC-1"]
    text = both(report("NO-GO", states))[1]  # type: ignore[arg-type]
    order = [
        line.split("**")[1] for line in text.splitlines() if line.startswith("| ") and "**" in line
    ]
    assert order[:3] == ["VAL-1", "REL-1", "SEC-1"]


def test_every_measured_figure_names_its_evidence() -> None:
    page = render_verdict(does_not_pay())
    shown = rows(does_not_pay())
    assert [row[-1] for row in shown] == ["[1]", *["[2]"] * 7]
    assert f"Evidence: [1] governance/budget.yaml, [2] {EVIDENCE}." in words(page.html)
    tree = LexborHTMLParser(page.html)
    for link in tree.css("table.criteria a"):
        assert tree.css_first(str(link.attributes["href"])) is not None
    measured = [line for line in page.markdown.splitlines() if line.startswith(("| ✓", "| ✗"))]
    assert len(measured) == 8
    assert all(line.endswith((f"{EVIDENCE} |", "governance/budget.yaml |")) for line in measured)


def test_failures_a_week_stand_beside_the_percentage() -> None:
    quality = next(row for row in rows(report()) if row[1].startswith("QUAL-1"))
    assert quality[2:6] == ["at least 90 %", "98.8 % of 602", "97.5 %", "about 9"]
    few = report()
    first = few.verdict.findings[0].model_copy(update={"per_week": 0.2})
    made = few.verdict.model_copy(update={"findings": [first, *few.verdict.findings[1:]]})
    assert rows(Report(made, few.scorecard, few.forecast, None, few.governance))[0][5] == (
        "less than 1"
    )
    without = report("INCONCLUSIVE", {"QUAL-1": "inconclusive"})
    assert "Failures a week" not in render_verdict(without).markdown


def test_the_worst_slice_is_named_and_how_many_cases_are_missing() -> None:
    shown = report("INCONCLUSIVE", {"QUAL-1": "inconclusive"})
    first = shown.verdict.findings[0].model_copy(update={"slice": "lang=de"})
    findings = [first, *shown.verdict.findings[1:]]
    made = shown.verdict.model_copy(update={"findings": findings, "reasons": []})
    row = rows(Report(made, shown.scorecard, shown.forecast, None, shown.governance))[0]
    assert "Worst slice: lang=de. the interval holds the threshold" in row[1]
    assert row[1].endswith("240 more cases.")
    assert "measure 240 more cases for QUAL-1" in words(render_verdict(shown).html)


def test_moved_goalposts_are_on_page_one_with_the_word_under_the_first_contract() -> None:
    page = render_verdict(report("GO", moves=[move()], original="NO-GO"))
    for text in (words(page.html), page.markdown):
        assert (
            "1 move, 1 loosened after results could be known. Under the contract first signed:"
            " NO-GO. Decision set scored 2 of 3 times"
        ) in text
        assert (
            "PERF-1 threshold: at most 2,000 ms → at most 2,500 ms, loosened after results,"
            " 2026-12-01, by Ole Vang: The service moved to another region."
        ) in text
    assert "Under the contract first signed: NO-GO." in page.comment


def test_many_moves_are_counted_but_what_was_loosened_after_results_is_always_told() -> None:
    early = [move(f"RULE-{n}", blind=True, kind="tightened") for n in range(9)]
    late = [move(f"LATE-{n}") for n in range(7)]
    html, text = both(report("GO", moves=[*early, *late]))
    for n in range(7):
        assert f"LATE-{n}" in html
        assert f"LATE-{n}" in text
    assert "RULE-0" not in html
    assert "9 more moves in governance/ledger.jsonl" in html
    assert "16 moves, 7 loosened after results" in html
    html, _ = both(report("GO", moves=[move(blind=True, kind="tightened")]))
    assert "1 move, none loosened after results" in html
    assert "at most 2,500 ms, tightened before results" in html


def test_signatures_say_what_they_are_worth() -> None:
    shown = report()
    first, second, *others = shown.verdict.signatures
    mixed = [
        first.model_copy(update={"state": "verified"}),
        second.model_copy(update={"state": "missing", "on": None}),
        *others,
    ]
    html, text = both(report(signatures=mixed))
    for told in (html, text):
        assert "Signed, verified: Sponsor Ana Brandt, 2026-10-05." in told
        assert "Not signed: Production owner Ole Vang." in told
        assert "Declared, not verified: Evaluation owner Eva Noor, 2026-10-05; Risk owner" in told
        assert "sign the contract in force" in told
        assert "signed by 3 of 4" in told


def test_fifteen_criteria_are_all_there() -> None:
    whole = governance()
    many = whole._replace(contract=longer(whole.contract, 15))
    assert len(rows(report(whole=many))) == 15
