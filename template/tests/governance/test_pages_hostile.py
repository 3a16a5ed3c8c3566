"""Names and texts that try to break a page: they are shown as text, and nothing moves."""

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from poc.engine.charter import Blocker, Destination
from poc.engine.governance import Governance
from poc.engine.owners import SIGNERS, Role
from poc.pages.contract import render_contract
from poc.pages.rendering import clean, escape
from poc.pages.report import Page, Report
from poc.pages.status import status_json, status_markdown
from poc.pages.verdict import render_verdict
from tests.governance.test_pages_figures import accepted, forecast, scorecard
from tests.governance.test_pages_sample import HOSTILE, LAPTOP, governance, move, report, words

CELL = re.compile(r"(?<!\\)\|")


def poisoned(text: str, root: Path) -> Governance:
    """The sample with this text wherever somebody may write one."""
    (root / "project.toml").write_text(f"[project]\nname = {quoted(text)}\n", "utf-8")
    whole = governance(root)
    person = Role(person=text[:100], accepted=accepted().on)
    owners = whole.owners.model_copy(
        update={"roles": {**whole.owners.roles, **dict.fromkeys(SIGNERS, person)}}
    )
    policy = whole.charter.data_policy
    charter = whole.charter.model_copy(
        update={
            "component": text,
            "users": [text],
            "out_of_scope": [text],
            "blockers": [
                Blocker(what=text, owner="risk", due=one.due) for one in whole.charter.blockers
            ],
            "data_policy": policy.model_copy(
                update={"destinations": {text: Destination(region=text, agreement=text)}}
            ),
        }
    )
    criteria = [
        one.model_copy(
            update={
                "statement": text,
                "indicator": one.indicator.model_copy(update={"slices": [text]}),
            }
        )
        for one in whole.contract.criteria
    ]
    contract = whole.contract.model_copy(
        update={"decision": text, "hypothesis": text, "criteria": criteria}
    )
    return whole._replace(owners=owners, charter=charter, contract=contract)


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def contract_page(text: str, root: Path) -> Page:
    who = accepted().model_copy(update={"person": text})
    return render_contract(poisoned(text, root), forecast(), who, ())


def verdict_page(text: str, root: Path) -> Page:
    whole = poisoned(text, root)
    made = report(
        "INCONCLUSIVE",
        {"QUAL-1": "inconclusive", "REL-1": "not_measured"},
        whole=whole,
        moves=[move(text).model_copy(update={"why": text, "by": text, "before": text})],
        inadmissible=[f"build/evidence/{text}.json: {text}"],
        cheaper=text,
    )
    findings = [
        one.model_copy(update={"reason": text, "slice": text, "evidence": text})
        for one in made.verdict.findings
    ]
    broken = made.verdict.model_copy(update={"findings": findings, "reasons": [text]})
    return render_verdict(Report(broken, made.scorecard, made.forecast, accepted(), whole))


@pytest.mark.parametrize("drawn", [contract_page, verdict_page])
@pytest.mark.parametrize("text", HOSTILE, ids=["script", "long", "right to left", "markup"])
def test_a_hostile_text_is_shown_and_does_nothing(text: str, drawn: object, tmp_path: Path) -> None:
    assert callable(drawn)
    page: Page = drawn(text, tmp_path)
    tree = LexborHTMLParser(page.html)
    assert not tree.css("script, img, iframe, object, [onerror], [onload]")
    shown = " ".join(clean(text).split())
    assert shown in words(page.html)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", page.html + page.markdown)
    for line in (page.markdown + page.comment).splitlines():
        assert "<" not in line
        assert "](http" not in line
    if page.comment:
        assert len(page.comment.splitlines()) == 5


@pytest.mark.parametrize("drawn", [contract_page, verdict_page])
@pytest.mark.parametrize("text", HOSTILE, ids=["script", "long", "right to left", "markup"])
def test_every_row_of_a_markdown_table_has_as_many_cells_as_its_head(
    text: str, drawn: object, tmp_path: Path
) -> None:
    assert callable(drawn)
    page: Page = drawn(text, tmp_path)
    tables = re.findall(r"(?:^\|.*\n)+", page.markdown, re.MULTILINE)
    assert len(tables) >= 2
    for table in tables:
        cells = {len(CELL.findall(line)) for line in table.splitlines()}
        assert len(cells) == 1, table


def test_the_status_holds_hostile_names_too(tmp_path: Path) -> None:
    for text in HOSTILE:
        whole, made = poisoned(text, tmp_path), report()
        told = status_markdown(
            [], scorecard(), made.verdict, forecast(), LAPTOP, governance=whole, drawn=text
        )
        assert "<" not in told
        assert "\u202e" not in told
        assert escape(text) in told
        data = status_json(whole, [], scorecard(), made.verdict, forecast(), LAPTOP)
        assert data["project"] == text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a | b", "a &#124; b"),
        ("# no heading", "&#35; no heading"),
        ("- no list", "&#45; no list"),
        ("12. no list", "12&#46; no list"),
        ("-2,109", "-2,109"),
        ("latency_p95_ms", "latency_p95_ms"),
        ("_no emphasis_", "&#95;no emphasis&#95;"),
        ("R&D", "R&D"),
        ("&lt;", "&#38;lt;"),
        ("two\nlines", "two lines"),
        ("שלום", "שלום"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("half\ud800pair", "half pair"),
    ],
)
def test_markdown_is_escaped_where_it_would_mean_something(text: str, markdown: str) -> None:
    assert escape(text) == markdown
