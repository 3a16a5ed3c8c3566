"""What an answer means is shown at once, and by the same arithmetic as the commands."""

import re
from pathlib import Path

import pytest

from poc.engine.governance import load
from poc.money.forecast import forecast_for
from poc.money.plan import needs
from poc.pages.words import amount
from tests.governance.sample import change, project
from tests.governance.test_kickoff_guard import Meeting, Page, meeting

__all__ = ["meeting"]


def typed(meeting: Meeting, step: str, **answers: str) -> Page:
    """The figures for answers that are typed and not saved."""
    fields = meeting.open(step).fields | {
        name.replace("__", ":").replace("_", "."): text for name, text in answers.items()
    }
    return Page(meeting.client.post(f"/step/{step}/figures", data=fields))


def criterion(page: Page, index: int) -> str:
    return page.part(f'[data-figures="row-criteria-criteria-{index}"]')


def test_failures_a_week_follow_from_volume_review_and_threshold(tmp_path: Path) -> None:
    terms = {
        "volume.requestsPerMonth": 13_000,
        "criteria.0.objective.value": 0.9,
        "criteria.1.objective.value": 0.25,
    }
    meeting = Meeting(project(tmp_path, criteria=terms))
    # 13,000 a month are 3,000 a week; 75 % pass unseen, and one in ten of these is wrong.
    assert "about 225 wrong answers a week" in criterion(meeting.open("criteria"), 0)
    assert "people decide about 750 requests a week" in criterion(meeting.open("criteria"), 1)
    better = typed(meeting, "criteria", criteria__criteria_0_objective_value="98")
    assert "about 45 wrong answers a week" in criterion(better, 0)
    more = typed(meeting, "criteria", criteria__volume_requestsPerMonth="26000")
    assert "about 450 wrong answers a week" in criterion(more, 0)


def test_a_criterion_on_coverage_says_how_much_passes_unseen(tmp_path: Path) -> None:
    meeting = Meeting(project(tmp_path, criteria={"volume.requestsPerMonth": 13_000}))
    terms = load(meeting.root).contract.model_dump(by_alias=True, mode="json")["criteria"]
    coverage = terms[0] | {"id": "QUAL-2", "type": "coverage"}
    coverage["indicator"] = {"metric": "auto_rate", "dataset": "decision"}
    coverage["objective"] = terms[0]["objective"] | {"value": 0.5}
    change(meeting.root, "criteria", {"criteria": [*terms, coverage]})
    assert "about 150 wrong answers a week" in criterion(meeting.open("criteria"), 0)


def test_the_cases_and_the_chance_are_those_of_the_plan(meeting: Meeting) -> None:
    page = meeting.open("criteria")
    for one in needs(load(meeting.root).contract):
        index = [c.id for c in load(meeting.root).contract.criteria].index(one.id)
        said = one.sentence.partition(": ")[2]
        assert said[1:] in criterion(page, index)
    fewer = typed(meeting, "criteria", criteria__plannedCases_decision="50")
    assert "perfect result would not be enough" in criterion(fewer, 0)
    assert "Look again at QUAL-1" in fewer.part('[data-figures="all"]')


def test_labelling_hours_follow_the_planned_cases(meeting: Meeting) -> None:
    # Two people, a minute and a half for each case.
    assert "600 cases take 30 hours" in meeting.open("criteria").part("aside")
    page = typed(meeting, "criteria", criteria__plannedCases_decision="1200")
    assert "1,200 cases take 60 hours" in page.part('[data-figures="all"]')


def test_a_criterion_on_money_is_held_against_the_budget(meeting: Meeting) -> None:
    whole = load(meeting.root)
    forecast = forecast_for(whole.contract, whole.budget)
    index = [one.id for one in whole.contract.criteria].index("COST-1")
    page = meeting.open("criteria")
    assert f"The budget says {amount(forecast.columns[0].total)} USD" in criterion(page, index)
    assert "Holds" in criterion(page, index)
    page = typed(meeting, "criteria", **{f"criteria__criteria_{index}_objective_value": "1"})
    assert "Look again" in criterion(page, index)


def test_the_table_of_money_is_the_forecast(meeting: Meeting) -> None:
    whole = load(meeting.root)
    forecast = forecast_for(whole.contract, whole.budget)
    page = meeting.open("money")
    rows = {
        row.css("th")[0].text(): [cell.text() for cell in row.css("td")]
        for row in page.tree.css("aside tbody tr")
    }
    assert rows["Total"] == [amount(one.total) for one in forecast.columns]
    assert rows["Net"] == [amount(one.net) for one in forecast.columns]
    assert rows["Worst case"] == [amount(one.worst) for one in forecast.columns]
    for sentence in (forecast.cost_ratio.sentence, forecast.time_ratio.sentence):
        assert sentence in page.part("aside")
    assert f"{forecast.break_even:,}" in page.part("aside")


def test_money_typed_and_not_saved_is_reckoned_at_once(meeting: Meeting) -> None:
    before = meeting.bytes()
    page = typed(meeting, "money", budget__run_upkeep_engineerDays="90")
    change(meeting.root, "budget", {"run.upkeep.engineerDays": 90})
    whole = load(meeting.root)
    forecast = forecast_for(whole.contract, whole.budget)
    assert forecast.net_12m < 0
    assert f"{forecast.columns[0].total:,.0f}" in page.text
    assert forecast.changes[0].sentence in page.text
    change(meeting.root, "budget", {"run.upkeep.engineerDays": 3})
    meeting.file("budget").write_bytes(before["budget.yaml"])
    assert meeting.bytes() == before


@pytest.mark.parametrize(
    ("step", "answers", "said"),
    [
        ("criteria", {"criteria__maxLooks": "often"}, "Write a whole number"),
        ("criteria", {"criteria__maxLooks": "0"}, "greater than or equal to 1"),
        ("money", {"budget__poc_cost": ""}, "cannot stay empty"),
        ("money", {"budget__run_model_name": "gpt"}, "leave name empty"),
    ],
)
def test_figures_wait_for_an_answer_that_does_not_hold(
    meeting: Meeting, step: str, answers: dict[str, str], said: str
) -> None:
    page = typed(meeting, step, **answers)
    assert page.status == 200
    assert "The figures follow once this is mended" in page.text
    assert said in page.text
    assert not re.search(r"wrong answers|Break-even", page.text)


def test_a_budget_with_a_mistake_does_not_keep_the_criteria_from_being_agreed(
    meeting: Meeting,
) -> None:
    meeting.file("budget").write_text("version: 1\n")
    page = meeting.open("criteria")
    assert page.status == 200
    assert "wrong answers a week" in page.text
    assert "The budget says" not in page.text


def test_the_review_lists_what_is_open_and_who_acts(tmp_path: Path) -> None:
    meeting = Meeting(project(tmp_path))
    assert "Every precondition of poc lock holds" in meeting.open("review").text
    change(meeting.root, "charter", {"riskClass": "", "blockers.0.due": None})
    change(meeting.root, "criteria", {"decisionDate": None})
    text = meeting.open("review").text
    assert "Ravi Sen (risk) Decide the risk class" in text
    assert "Ole Vang (production) Set a day for: Access to the archive." in text
    assert "Ana Brandt (sponsor) Set the day of the decision" in text
    assert "poc lock" in text
    assert meeting.open("review").tree.css_first('a[href="/contract"]') is not None


def test_the_review_names_a_mistake_in_any_file(meeting: Meeting) -> None:
    meeting.file("checklist").write_text("version: no\n")
    page = meeting.open("review")
    assert page.status == 200
    assert "governance/checklist.yaml:1" in page.text


def test_once_a_contract_is_in_force_the_criteria_say_so(meeting: Meeting) -> None:
    from poc.cli import main

    assert "poc amend" not in meeting.open("criteria").text
    assert main(["lock", "--by", "Lea Arp", "--root", str(meeting.root)]) == 0
    page = meeting.open("criteria")
    assert "A contract is in force since" in page.part(".notice")
    assert "poc amend" in page.part(".notice")
    assert "poc amend" in meeting.open("review").text
    ledger = meeting.root / "governance" / "ledger.jsonl"
    ledger.write_text(ledger.read_text().replace("Lea", "Leo"))
    assert "edited after it was written" in meeting.open("criteria").text
