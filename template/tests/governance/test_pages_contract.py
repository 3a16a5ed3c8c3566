"""The page to sign: what was agreed in plain words, and what is missing, not hidden."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from poc.engine.charter import Blocker, DataPolicy, Integration, Production
from poc.engine.governance import Governance
from poc.engine.ledger import Entry, Ledger
from poc.engine.owners import Handover, Owners
from poc.engine.readiness import before_lock
from poc.engine.signing import agreement as agreed_terms
from poc.money.plan import needs
from poc.pages import agreement
from poc.pages.contract import render_contract
from poc.pages.report import Page
from tests.governance.test_pages_figures import accepted, forecast
from tests.governance.test_pages_sample import TODAY, governance, nobody, node, words


def drawn(whole: Governance, budget_accepted: bool = True) -> Page:
    who = accepted() if budget_accepted else None
    return render_contract(whole, forecast(), who, needs(whole.contract))


def role_without(name: str, **changes: Any) -> Owners:  # noqa: ANN401
    owners = governance().owners
    role = owners.role(name).model_copy(update=changes)  # type: ignore[arg-type]
    return owners.model_copy(update={"roles": {**owners.roles, name: role}})


@pytest.mark.parametrize(
    "said",
    [
        "at most 40 % of cases, shown with 98 % confidence on at least 100 cases",
        "at least 90 % of cases, shown with 98 % confidence on at least 100 cases, overall and in",
        "at most 2,500 ms, shown with 98 % confidence on at least 120 cases",
        "at least 20 in a row",
        "at most 20,000 USD a month at the expected volume, by the budget",
        "more than 0 USD a month at the volume forecast in a year, by the budget",
        "The decision set may be scored 3 times, each time with 98 % confidence.",
        "Decision on 2099-12-18. Live by 2027-03-01.",
        "Answering letters",
        "3.2 times the POC (✓ green), in 14 weeks, 3.5 times the POC (✓ green). POC: 80,000 USD.",
        "Draft, not in force.",
    ],
)
def test_the_agreement_is_said_in_plain_words(said: str) -> None:
    page = drawn(governance())
    assert said in words(page.html)
    assert said in page.markdown


def test_a_confidence_is_never_rounded_up() -> None:
    contract = governance().contract.model_copy(update={"confidence": 0.999, "max_looks": 1})
    assert "shown with 99 % confidence" in words(
        drawn(governance()._replace(contract=contract)).html
    )


def test_each_criterion_names_its_owner() -> None:
    rows = LexborHTMLParser(drawn(governance()).html).css("table.criteria tbody tr")
    told = {row.css("th")[0].text(): row.css("td")[-1].text() for row in rows}
    assert told["QUAL-1"] == "Evaluation: Eva Noor"
    assert told["VAL-1"] == "Sponsor: Ana Brandt"
    assert list(told) == [one.id for one in governance().contract.criteria]


def test_data_is_allowed_redacted_or_never_there() -> None:
    policy = DataPolicy.model_validate(
        {
            "classes": {"public": {}, "internal": {}, "special": {"retentionDays": 1}},
            "destinations": {
                "logs": {"allow": ["public"], "redact": ["internal"], "region": "eu"},
                "llm": {"allow": ["public", "internal"], "training": True},
            },
        }
    )
    page = drawn(governance(charter__data_policy=policy))
    table = node(page.html, "table.data")
    rows = [[cell.text() for cell in row.css("th, td")] for row in table.css("tr")]
    assert rows == [
        ["To", "public", "internal", "special, kept 1 day"],
        ["logs, in eu", "allowed", "redacted", "never"],
        ["llm, may be used for training", "allowed", "allowed", "never"],
    ]
    assert "| logs, in eu | allowed | redacted | never |" in page.markdown


def test_money_is_an_example_until_its_owner_accepts_it() -> None:
    open_page, settled = drawn(governance(), budget_accepted=False), drawn(governance())
    assert "example figures, not accepted" in words(open_page.html)
    assert "Budget owner (Bea Katz): accept the budget" in words(open_page.html)
    assert "example figures" not in words(settled.html) + settled.markdown
    assert "accepted by Bea Katz on 2026-10-05, until 2027-01-03" in words(settled.html)
    rows = [row.text() for row in LexborHTMLParser(settled.html).css("table.figures tbody tr")]
    assert [row.split()[:2] for row in rows][-1] == ["Net-2,10931,968371,135"]


def test_on_day_one_everything_missing_is_on_the_page() -> None:
    page = drawn(nobody(governance()), budget_accepted=False)
    told = words(page.html)
    assert "Decision on missing." in told
    assert "Production: missing" in told
    assert "Sponsor (missing): name this person; accept the budget; set the decision date." in told
    assert "decide the risk class; write the notice to users" in told
    assert "**Sponsor** (**missing**): name this person" in page.markdown
    signers = LexborHTMLParser(page.html).css(".signatures tbody tr")
    assert [row.css("td")[0].text() for row in signers] == ["missing"] * 4


def test_nothing_missing_shows_no_list() -> None:
    page = render_contract(governance(), forecast(), accepted(), ())
    assert "missing" not in words(page.html)
    assert "who has to act" not in page.html + page.markdown


BLOCKERS = governance().charter.blockers
OPEN: dict[str, dict[str, Any]] = {
    "a signer": {"owners": role_without("risk", person="TBD")},
    "a yes": {"owners": role_without("sponsor", accepted=None)},
    "risk class": {"charter__risk_class": ""},
    "target": {"charter__production": Production()},
    "blockers": {"charter__blockers": BLOCKERS[:4]},
    "a day": {"charter__blockers": [*BLOCKERS, Blocker(what="Keys", owner="risk")]},
    "an agreement": {
        "charter__integrations": [Integration(system="archive", direction="read", owner="Ana")]
    },
    "a system": {"charter__integrations": []},
    "a date": {"contract__decision_date": None},
    "both teams": {"owners__handover": Handover(build_team="A", run_team="B", overlap_weeks=1)},
    "cases": {"contract__planned_cases": {"decision": 101, "injection": 3}},
}


@pytest.mark.parametrize("name", OPEN)
def test_what_keeps_the_contract_from_force_is_on_the_page(name: str) -> None:
    whole = governance(**OPEN[name])
    lists = agreement.gaps(whole, forecast(), accepted(), needs(whole.contract))
    before = agreement.gaps(governance(), forecast(), accepted(), needs(governance().contract))
    assert set(lists) - set(before), "the page does not tell"
    if name != "cases":  # too few cases are a warning there, unless even a perfect result fails
        assert len(before_lock(whole, TODAY)) > len(before_lock(governance(), TODAY))


def test_too_few_planned_cases_are_told_with_the_number_needed() -> None:
    told = words(drawn(governance(contract__planned_cases={"decision": 101})).html)
    assert "plan more cases for QUAL-1 (101 planned," in told


def test_an_area_without_money_is_told() -> None:
    bare = forecast().model_copy(update={"uncovered_areas": ["SEC", "OPS"]})
    page = render_contract(governance(), bare, accepted(), ())
    assert "budget the work on SEC and OPS, or name what covers it" in words(page.html)


def test_a_contract_in_force_says_since_when_and_a_changed_one_that_it_is_not() -> None:
    whole = governance()
    entry = Entry(
        seq=1,
        event="lock",
        at=datetime(2026, 10, 5, 8, tzinfo=UTC),
        by="Lea Arp",
        commit="",
        run="",
        body=agreed_terms(whole.contract, whole.charter),
        previous="",
        digest="",
    )
    locked = whole._replace(ledger=Ledger(entries=[entry]))
    assert "In force since 2026-10-05." in words(drawn(locked).html)
    changed = locked._replace(contract=whole.contract.model_copy(update={"max_looks": 9}))
    assert "Not in force: governance/criteria.yaml changed since; run poc amend." in words(
        drawn(changed).html
    )


def test_another_contract_has_another_digest() -> None:
    def digest(whole: Governance) -> str:
        return LexborHTMLParser(drawn(whole).html).css("code")[-1].text()

    other = governance().contract.model_copy(update={"max_looks": 2})
    assert digest(governance()) == digest(governance())
    assert digest(governance()) != digest(governance()._replace(contract=other))


def test_a_should_is_marked_as_one() -> None:
    contract = governance().contract
    relaxed = contract.criteria[0].model_copy(update={"priority": "should"})
    whole = governance()._replace(
        contract=contract.model_copy(update={"criteria": [relaxed, *contract.criteria[1:]]})
    )
    assert words(drawn(whole).html).count("(should; never blocks)") == 1


def test_research_says_what_it_cannot_do_and_asks_for_no_signature() -> None:
    page = drawn(governance(charter__intent="research"))
    for said in (
        "There is nothing to sign and there will be no verdict.",
        "No staging and no production",
        "public and internal data only",
        "Set intent: production in governance/charter.yaml",
    ):
        assert said in words(page.html)
        assert said in page.markdown
    assert "Signature" not in page.html + page.markdown
    assert date(2099, 12, 18).isoformat() not in page.html


@pytest.mark.parametrize("intent", ["production", "research"])
def test_an_empty_line_stands_around_each_heading_of_the_markdown(intent: str) -> None:
    lines = drawn(governance(charter__intent=intent)).markdown.splitlines()
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if line.startswith("#"):
            assert (before, after) == ("", ""), line
