"""What a save writes: the answers that changed, whole and valid, and never over somebody's edit."""

import difflib
import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from poc.engine.governance import load
from poc.kickoff.changes import at
from poc.kickoff.fields import Field, every
from poc.kickoff.filling import sections
from poc.kickoff.questions import steps
from poc.kickoff.views import needed
from tests.governance.sample import change, project, today
from tests.governance.test_kickoff_guard import Meeting, Page, meeting

__all__ = ["meeting"]
PAGES = [one.id for one in steps()]
COMMENTED = """\
# The charter, in the team's own words.
version: 1
intent: production   # decided with the sponsor
component: 'Sort letters'

users:
  # the first to be asked
  - Clerks
  - Heads of department
capabilities: [sort_letter]
outOfScope:
  - Answering letters
inputs:
  - kind: letter
    share: 0.90
    formats: [text]
    onFailure: quarantine
integrations: []
# What may stop us.
blockers:
  - what: Access
    owner: production
    due:
    status: open

  # The works council meets monthly.
  - what: Staff are told
    owner: sponsor
    due: 2026-06-01   # their next meeting
    status: open

# When.
production:
  target:
riskClass: ""
notice: ""
dataPolicy:
  default: deny
  classes:
    public: {}
    internal: {}
  destinations:
    logs:
      allow: [public]
      redact: [internal]
"""


def data(meeting: Meeting, name: str) -> Any:  # noqa: ANN401
    return yaml.safe_load(meeting.file(name).read_text("utf-8"))


def moved(old: bytes, new: bytes) -> tuple[list[str], list[str]]:
    lines = list(difflib.ndiff(old.decode().splitlines(), new.decode().splitlines()))
    gone = [line[2:].strip() for line in lines if line.startswith("- ")]
    return gone, [line[2:].strip() for line in lines if line.startswith("+ ")]


@pytest.fixture
def commented(tmp_path: Path) -> Meeting:
    """A project whose charter is full of comments."""
    root = project(tmp_path)
    (root / "governance" / "charter.yaml").write_text(COMMENTED, "utf-8")
    return Meeting(root)


@pytest.mark.parametrize("step", PAGES)
@pytest.mark.parametrize("go", ["stay", "next"])
def test_a_save_without_a_change_leaves_every_file_as_it_is(
    commented: Meeting, step: str, go: str
) -> None:
    before = commented.bytes()
    page = commented.save(commented.open(step), go=go)
    assert page.status == 200
    assert commented.bytes() == before
    assert commented.kickoff.written == {}


def fields(meeting: Meeting, name: str) -> list[Field]:
    step = next(one for one in steps() if one.id == name)
    files = {one: data(meeting, one) for one in needed(step)}
    return list(every(sections(step, files)))


def other(one: Field) -> str:
    """Another answer of the same kind."""
    if one.kind in ("choice", "select", "role", "yesno", "presence", "treatment"):
        return next(value for value in one.options if value != one.text)
    return {
        "text": "m.x@example.test" if one.path[-1] == "email" else "Somebody Else",
        "paragraph": "Other words, with a colon: and more",
        "lines": "One\nTwo: three",
        "words": "plain text, #two",
        "count": "7",
        "number": "12.5",
        "percent": "61.5",
        "date": "2026-05-04",
    }.get(one.kind, "")


# Answers that hold only together with others; each has a test of its own or one below.
TOGETHER = {
    "charter:intent",
    "charter:dataPolicy",
    "charter:dataPolicy.classes.public",
    "charter:dataPolicy.classes.internal",
    "charter:dataPolicy.destinations.logs.customer_pii",
    "charter:dataPolicy.destinations.logs.special",
    "charter:dataPolicy.classes.customer_pii.retentionDays",
    "charter:dataPolicy.classes.special.retentionDays",
    "budget:run.model.provider",
    "budget:run.model.name",
    "budget:currency",
    "budget:run.retryRate",
    "budget:run.tokens.p95.in",
    "budget:run.tokens.p95.out",
}
SPECIAL = {
    "handle": "@some-body",
    "system": "post-office",
    "currency": "EUR",
    "coveredBy": "CUSTOM-7",
    "name": "Somebody Else",
}


@pytest.mark.parametrize("step", PAGES)
def test_each_answer_changes_its_own_key_and_nothing_else(tmp_path: Path, step: str) -> None:
    root = project(tmp_path)
    meeting = Meeting(root)
    opened = meeting.open(step)
    tried = 0
    for one in fields(meeting, step):
        if one.name in TOGETHER or one.kind in ("shown", "withdraw") or "new" in one.name:
            continue
        before, old = meeting.bytes(), data(meeting, one.file)
        page = meeting.save(opened, {one.name: SPECIAL.get(str(one.path[-1])) or other(one)})
        assert page.status == 200, (one.name, page.part(".summary"))
        after, new = meeting.bytes(), data(meeting, one.file)
        assert [name for name in after if after[name] != before[name]] == [f"{one.file}.yaml"]
        assert page.fields[one.name] != one.text, one.name
        assert only_difference(old, new, one), one.name
        gone, came = moved(before[f"{one.file}.yaml"], after[f"{one.file}.yaml"])
        assert len(gone) <= 2, one.name
        assert len(came) <= 2, one.name
        meeting.file(one.file).write_bytes(before[f"{one.file}.yaml"])
        tried += 1
    assert tried


def only_difference(old: Any, new: Any, one: Field) -> bool:  # noqa: ANN401
    """The data is as before, but for the answer's own key."""
    path = one.path[:-1] if one.kind == "treatment" else one.path
    if at(old, path) == at(new, path):
        return False
    *parents, last = path
    for tree in (old, new):
        node = tree
        for part in parents:
            if isinstance(node, dict) and part not in node:
                node[part] = {}
            node = node[part]
        node[last] = None
        if one.kind == "treatment":
            continue
    # A mapping that the answer made is part of it.
    return bool(pruned(old) == pruned(new))


def pruned(tree: Any) -> Any:  # noqa: ANN401
    """A tree without its empty ends."""
    if isinstance(tree, dict):
        return {key: one for key, value in tree.items() if (one := pruned(value)) not in (None, {})}
    return [pruned(one) for one in tree] if isinstance(tree, list) else tree


def test_a_changed_answer_changes_its_line_and_keeps_the_comments(commented: Meeting) -> None:
    commented.answer("purpose", {"charter:component": "Sort all letters"})
    old, new = COMMENTED.encode(), commented.file("charter").read_bytes()
    assert moved(old, new) == (["component: 'Sort letters'"], ["component: 'Sort all letters'"])
    commented.answer("blockers", {"charter:blockers.1.due": "2026-07-01"})
    gone, came = moved(new, commented.file("charter").read_bytes())
    assert gone == ["due: 2026-06-01   # their next meeting"]
    assert came == ["due: 2026-07-01   # their next meeting"]


def test_rows_are_added_and_taken_out(commented: Meeting) -> None:
    page = commented.answer(
        "blockers",
        {
            "charter:blockers.0#remove": "on",
            "charter:blockers.new0.what": "No people: to review",
            "charter:blockers.new0.owner": "review",
            "charter:blockers.new1.what": "Budget",
        },
    )
    assert page.status == 200
    found = [(one["what"], one["owner"]) for one in data(commented, "charter")["blockers"]]
    assert found == [
        ("Staff are told", "sponsor"),
        ("No people: to review", "review"),
        ("Budget", "sponsor"),
    ]
    text = commented.file("charter").read_text("utf-8")
    assert text.index("# The works council") < text.index("Staff are told")
    assert text.index("Budget") < text.index("# When.") < text.index("production:\n")


def test_a_destination_is_added_filled_and_taken_out(commented: Meeting) -> None:
    commented.answer("data", {"charter:dataPolicy.destinations.new0": "crm"})
    row = "charter:dataPolicy.destinations.crm"
    page = commented.answer("data", {f"{row}.public": "allow", f"{row}.region": "eu"})
    assert data(commented, "charter")["dataPolicy"]["destinations"]["crm"] == {
        "allow": ["public"],
        "redact": [],
        "region": "eu",
    }
    commented.save(page, {f"{row}#remove": "on"})
    assert commented.file("charter").read_text("utf-8") == COMMENTED


def test_a_class_of_data_is_taken_in_with_its_days(commented: Meeting) -> None:
    row = "charter:dataPolicy.classes.customer_pii"
    page = commented.answer(
        "data",
        {
            row: "yes",
            f"{row}.retentionDays": "30",
            "charter:dataPolicy.destinations.logs.customer_pii": "redact",
        },
    )
    assert page.status == 200
    policy = data(commented, "charter")["dataPolicy"]
    assert policy["classes"]["customer_pii"] == {"retentionDays": 30}
    assert policy["destinations"]["logs"]["redact"] == ["internal", "customer_pii"]


WRONG: list[tuple[str, dict[str, str], str, str]] = [
    ("purpose", {"charter:component": "  "}, "charter:component", "cannot stay empty"),
    ("criteria", {"criteria:volume.requestsPerMonth": "many"}, "", "a whole number"),
    ("criteria", {"criteria:volume.requestsPerMonth": "1.5"}, "", "a whole number"),
    ("criteria", {"criteria:volume.requestsPerMonth": "0"}, "", "greater than or equal to 1"),
    ("criteria", {"criteria:criteria.0.objective.value": "110"}, "", "share lies from 0 to 1"),
    ("criteria", {"criteria:criteria.2.objective.value": "1,200"}, "", "without separators"),
    ("people", {"owners:roles.sponsor.handle": "jane doe"}, "", "should match pattern"),
    ("people", {"owners:roles.model.person": "ravi  SEN"}, "", "both risk and model"),
    ("blockers", {"charter:blockers.0.due": "soon"}, "", "YYYY-MM-DD"),
    (
        "blockers",
        {"charter:blockers.0#remove": "on", "charter:blockers.2.what": "x" * 400},
        "charter:blockers.2.what",
        "at most 300",
    ),
    (
        "blockers",
        {"charter:blockers.new0.what": "", "charter:blockers.new0.due": "2026-05-05"},
        "charter:blockers.new0.what",
        "cannot stay empty",
    ),
    ("data", {"charter:dataPolicy.destinations.logs.special": "allow"}, "", "not under classes"),
    ("data", {"charter:dataPolicy.destinations.new0": "CRM!"}, "", "lower case"),
    ("money", {"budget:run.tokens.p95.out": "1"}, "", "is less than mean"),
    ("money", {"budget:run.model.name": "gpt"}, "", "leave name empty"),
    ("money", {"budget:production.lineItems.AUTH.coveredBy": "SEC-1"}, "", "not an item of AUTH"),
    ("money", {"budget:poc.cost": "0"}, "", "greater than"),
]


@pytest.mark.parametrize(("step", "answers", "field", "said"), WRONG)
def test_a_mistake_is_shown_at_its_field_and_nothing_is_written(
    meeting: Meeting, step: str, answers: dict[str, str], field: str, said: str
) -> None:
    before = meeting.bytes()
    page = meeting.answer(step, answers)
    field = field or next(iter(answers))
    assert page.status == 422
    assert said in page.error_at(field)
    place = "".join(one if one.isalnum() else "-" for one in field)
    link = page.tree.css_first(f'.summary a[href="#{place}"]')
    assert link is not None
    assert page.tree.css_first(".summary[autofocus][tabindex]") is not None
    node = page.tree.css_first(f"#{place}")
    assert node is not None
    assert node.attributes["aria-invalid"] == "true"
    assert f"{place}-error" in str(node.attributes["aria-describedby"])
    for name, text in answers.items():
        assert page.fields[name] == text
    assert meeting.bytes() == before


def test_one_wrong_file_keeps_the_other_from_being_written(meeting: Meeting) -> None:
    before = meeting.bytes()
    page = meeting.answer(
        "review",
        {"charter:production.target": "2027-02-02", "criteria:decisionDate": "whenever"},
    )
    assert page.status == 422
    assert meeting.bytes() == before
    page = meeting.save(page, {"criteria:decisionDate": "2026-12-12"})
    assert page.status == 200
    assert data(meeting, "charter")["production"]["target"].isoformat() == "2027-02-02"
    assert data(meeting, "criteria")["decisionDate"].isoformat() == "2026-12-12"


def test_a_currency_that_prices_do_not_share_is_shown_at_its_field(meeting: Meeting) -> None:
    meeting.file("prices").write_text(
        "currency: USD\ncaps: {perDay: 5, perRequest: 1}\nmodels: []\n"
    )
    before = meeting.bytes()
    page = meeting.answer("money", {"budget:currency": "EUR"})
    assert page.status == 422
    assert "s EUR here and USD in governance/prices.yaml" in page.error_at("budget:currency")
    assert meeting.bytes() == before


class Conflict:
    """A page that was open while somebody else edited its file."""

    def __init__(self, meeting: Meeting, step: str) -> None:
        self.meeting, self.page = meeting, meeting.open(step)

    def edit(self, old: str, new: str) -> None:
        path = self.meeting.file("charter")
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


def test_an_edit_meanwhile_is_not_overwritten(commented: Meeting) -> None:
    open_page = Conflict(commented, "purpose")
    open_page.edit("'Sort letters'", "'Sort parcels'")
    before = commented.bytes()
    page = commented.save(open_page.page, {"charter:component": "Sort mail"})
    assert page.status == 409
    assert commented.bytes() == before
    assert "somebody changed a file" in page.part(".summary")
    row = [one.text(strip=True) for one in page.tree.css(".summary tbody td")]
    assert row == ["Sort parcels", "Sort mail"]
    assert page.fields["charter:component"] == "Sort mail"
    page = commented.save(page)
    assert page.status == 200
    assert data(commented, "charter")["component"] == "Sort mail"


def test_what_was_not_typed_follows_the_edit(commented: Meeting) -> None:
    open_page = Conflict(commented, "blockers")
    open_page.edit("what: Access\n", "what: Access to everything\n")
    page = commented.save(open_page.page, {"charter:blockers.1.owner": "privacy"})
    assert page.status == 409
    assert page.fields["charter:blockers.0.what"] == "Access to everything"
    commented.save(page)
    found = [(one["what"], one["owner"]) for one in data(commented, "charter")["blockers"]]
    assert found == [("Access to everything", "production"), ("Staff are told", "privacy")]


def test_an_answer_follows_its_row_when_rows_moved(commented: Meeting) -> None:
    open_page = Conflict(commented, "blockers")
    open_page.edit("blockers:\n", "blockers:\n  - {what: First, owner: risk, status: open}\n")
    page = commented.save(
        open_page.page,
        {"charter:blockers.0#remove": "on", "charter:blockers.1.owner": "privacy"},
    )
    assert page.status == 409
    commented.save(page)
    found = [(one["what"], one["owner"]) for one in data(commented, "charter")["blockers"]]
    assert found == [("First", "risk"), ("Staff are told", "privacy")]


def test_an_answer_about_a_row_that_is_gone_is_still_shown(commented: Meeting) -> None:
    open_page = Conflict(commented, "blockers")
    text = commented.file("charter").read_text("utf-8")
    start, end = text.index("\n  # The works council"), text.index("\n# When.")
    open_page.edit(text[start:end], "")
    page = commented.save(open_page.page, {"charter:blockers.1.what": "Staff agree"})
    assert page.status == 409
    assert "Staff agree" in page.part(".summary")
    assert "no longer in the file" in page.part(".summary")


def test_the_second_of_two_browsers_is_told(commented: Meeting) -> None:
    second = commented.browser()
    second.get(commented.guard.address)
    theirs = Page(second.get("/step/purpose"))
    commented.answer("purpose", {"charter:component": "By the first"})
    sent = theirs.fields | {"charter:component": "By the second"}
    answer = Page(second.post("/step/purpose", data=sent))
    assert answer.status == 409
    assert "By the first" in answer.part(".summary")
    assert data(commented, "charter")["component"] == "By the first"


def test_a_page_without_an_answer_changes_nothing_and_goes_on(commented: Meeting) -> None:
    open_page = Conflict(commented, "purpose")
    open_page.edit("'Sort letters'", "'Sort parcels'")
    page = commented.save(open_page.page, go="next")
    assert (page.status, page.path) == (200, "/step/scope")
    assert data(commented, "charter")["component"] == "Sort parcels"


def test_a_form_from_before_a_restart_is_shown_beside_the_files(commented: Meeting) -> None:
    page = commented.open("purpose")
    sent = page.fields | {"base.charter": "0" * 64, "charter:component": "Typed long ago"}
    answer = Page(commented.client.post("/step/purpose", data=sent))
    assert answer.status == 409
    assert "Typed long ago" in answer.part(".summary")
    assert commented.file("charter").read_text("utf-8") == COMMENTED


def test_a_file_with_a_mistake_is_named_until_it_is_mended(commented: Meeting) -> None:
    commented.file("charter").write_text(COMMENTED.replace("intent: production", "intent: maybe"))
    page = commented.open("scope")
    assert page.status == 409
    assert "governance/charter.yaml:3: intent:" in page.part(".mistakes")
    assert "Mend this in an editor" in page.text
    commented.file("charter").write_text(COMMENTED)
    assert commented.open("scope").part("h1") == "Scope"


@pytest.mark.parametrize("broken", ["a: [", "", "version: 1\nversion: 1\n", "\tx: 1"])
def test_a_file_that_is_no_yaml_is_named(commented: Meeting, broken: str) -> None:
    commented.file("owners").write_text(broken)
    page = commented.open("people")
    assert page.status == 409
    assert "governance/owners.yaml" in page.part(".mistakes")
    assert commented.open("scope").status == 200


def test_a_mistake_made_meanwhile_keeps_what_was_typed(commented: Meeting) -> None:
    page = commented.open("purpose")
    commented.file("charter").write_text(COMMENTED.replace("intent: production", "intent: maybe"))
    answer = commented.save(page, {"charter:component": "Sort mail"})
    assert answer.status == 409
    assert "governance/charter.yaml:3: intent:" in answer.part(".summary")
    assert answer.fields["charter:component"] == "Sort mail"
    commented.file("charter").write_text(COMMENTED)
    assert commented.save(answer).status == 200
    assert data(commented, "charter")["component"] == "Sort mail"


def test_a_write_that_fails_leaves_the_old_file_whole(
    commented: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = commented.bytes()
    for name in ("fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(os, name, full)
            page = commented.answer("purpose", {"charter:component": "Sort mail"})
        assert page.status == 409
        assert "No space left on device" in page.part(".summary")
        assert page.fields["charter:component"] == "Sort mail"
        assert commented.bytes() == before


def test_a_second_file_that_fails_is_told_apart_from_the_first(
    commented: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = os.replace

    def failing(source: Path, target: Path) -> None:
        if target.name == "charter.yaml":
            raise OSError(28, "No space left on device")
        whole(source, target)

    monkeypatch.setattr(os, "replace", failing)
    page = commented.answer(
        "review", {"criteria:decisionDate": "2098-01-02", "charter:production.target": "2099-01-02"}
    )
    assert "governance/charter.yaml cannot be written" in page.part(".summary")
    assert "Saved before that: governance/criteria.yaml." in page.part(".summary")
    assert not [name for name in commented.bytes() if name.endswith(".part")]


def test_a_reader_never_sees_half_a_file(
    commented: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = os.replace
    seen: list[bytes] = []

    def spying(source: Path, target: Path) -> None:
        seen.append(commented.file("charter").read_bytes())
        whole(source, target)

    monkeypatch.setattr(os, "replace", spying)
    commented.answer("purpose", {"charter:component": "Sort mail"})
    assert seen == [COMMENTED.encode()]


def test_a_file_keeps_its_mode_and_its_place_behind_a_link(commented: Meeting) -> None:
    path = commented.file("charter")
    elsewhere = commented.root / "elsewhere.yaml"
    path.rename(elsewhere)
    elsewhere.chmod(0o640)
    path.symlink_to(elsewhere)
    commented.answer("purpose", {"charter:component": "Sort mail"})
    assert path.is_symlink()
    assert "Sort mail" in elsewhere.read_text("utf-8")
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o640


def test_research_is_two_pages_and_says_what_it_cannot_do(tmp_path: Path) -> None:
    classes = {"public": {}, "customer_pii": {"retentionDays": 9}}
    places = {"logs": {"allow": ["public"], "redact": ["customer_pii"]}}
    policy = {"default": "deny", "classes": classes, "destinations": places}
    meeting = Meeting(project(tmp_path, charter={"dataPolicy": policy}))
    refused = meeting.answer("purpose", {"charter:intent": "research"})
    assert refused.status == 422
    assert "public and internal data only" in refused.error_at("charter:intent")
    page = meeting.save(refused, {"charter:dataPolicy": "withdraw"}, go="next")
    assert (page.status, page.path) == (200, "/step/scope")
    assert data(meeting, "charter")["dataPolicy"] == {
        "default": "deny",
        "classes": {"public": {}},
        "destinations": {"logs": {"allow": ["public"], "redact": []}},
    }
    assert {name for name in page.fields if ":" in name} == {"charter:users"}
    assert "No verdict" in meeting.open("purpose").text
    page = meeting.save(page, go="next")
    assert page.path == "/step/review"
    assert "No promise" in page.text
    assert {name for name in page.fields if ":" in name} == set()
    assert page.part("h1") == "Done"
    assert len(page.tree.css("nav li")) == 3
    assert meeting.open("money").path == "/step/purpose"


def test_the_budget_is_accepted_by_the_person_who_holds_it(meeting: Meeting) -> None:
    before = meeting.bytes()
    for name in ("", "Ana Brandt", "Bea"):
        page = meeting.answer("money", {"accept.person": name}, go="accept")
        assert page.status == 409
        assert "Bea Katz" in page.part(".summary")
        assert meeting.bytes() == before
    page = meeting.answer("money", {"accept.person": " bea katz "}, go="accept")
    until = (today() + timedelta(90)).isoformat()
    assert f"Accepted by Bea Katz on {today()}, until {until}" in page.text
    whole = load(meeting.root)
    entry = whole.attestations.attestations[0]
    assert (entry.item, entry.role, entry.person) == ("COST-2", "budget", "Bea Katz")
    page = meeting.answer("money", {"budget:poc.cost": "90000"})
    assert "Accepted by" not in page.text


def test_the_sponsor_accepts_the_budget_while_nobody_holds_it(tmp_path: Path) -> None:
    meeting = Meeting(project(tmp_path, owners={"roles.budget.person": ""}))
    meeting.answer("money", {"accept.person": "Ana Brandt"}, go="accept")
    entry = load(meeting.root).attestations.attestations[0]
    assert (entry.role, entry.person) == ("sponsor", "Ana Brandt")


def test_a_budget_is_not_accepted_unread(meeting: Meeting) -> None:
    page = meeting.answer(
        "money", {"budget:poc.cost": "90000", "accept.person": "Bea Katz"}, go="accept"
    )
    assert "Read the figures once more" in page.part(".summary")
    assert data(meeting, "budget")["poc"]["cost"] == 90000
    assert load(meeting.root).attestations.attestations == []
    change(meeting.root, "budget", {"poc.cost": 95000})
    answer = meeting.save(page, {"accept.person": "Bea Katz"}, go="accept")
    assert answer.status == 409
    assert load(meeting.root).attestations.attestations == []


def test_where_the_buttons_lead(meeting: Meeting) -> None:
    assert meeting.save(meeting.open("scope"), go="next").path == "/step/criteria"
    assert meeting.save(meeting.open("scope"), go="back").path == "/step/purpose"
    assert meeting.save(meeting.open("scope"), go="stay").path == "/step/scope"
    assert meeting.save(meeting.open("scope"), go="money").path == "/step/money"
    assert meeting.save(meeting.open("scope"), go="https://evil.example").path == "/step/scope"


def test_a_save_says_which_file_it_wrote(meeting: Meeting) -> None:
    page = meeting.answer("purpose", {"charter:component": "Sort mail"}, go="next")
    assert "Saved to governance/charter.yaml." in page.part(".saved")
    assert list(meeting.kickoff.written) == ["governance/charter.yaml"]
