"""`poc label`: start, status and collect, with what each refuses."""

import json
from pathlib import Path

import pytest

from app.records import open_records
from app.records.labels.models import LabelCase
from evals.dataset import digest
from poc.labels.collecting import study
from poc.sets import cases as sets
from poc.sets.manifest import load
from tests.collecting.drawn import HELD, a_case, draw, labelled, say, store
from tests.governance.console import Console
from tests.labels.desk import GUIDELINE, MODEL, Letter, Letters
from tests.records.support import run

IDS = [f"case-{n}" for n in range(6)] + ["case-8"]
QUIET: dict[str, str | None] = dict.fromkeys(IDS, "quiet")
WHOLE = {**QUIET, HELD: "nothing"}


def shown(url: str, name: str = "development") -> dict[str, LabelCase]:
    records = open_records(url)
    found = {one.case_id: one for one in run(records.label_sheets(name))}
    records.close()
    return found


def test_a_set_is_started_once(console: Console) -> None:
    assert console.type("poc label start development") == 0
    assert "8 cases of development are ready" in console.out
    assert "http://127.0.0.1:8000/label/development" in console.out
    assert console.type("poc label start development") == 0
    assert "nothing was changed" in console.out
    assert console.json("poc label start development")["new"] is False


@pytest.mark.parametrize(
    ("file", "text", "part"),
    [
        ("evals/guideline.md", "another", "another guideline"),
        ("evals/edges.toml", "", "other fields or edge categories"),
    ],
)
def test_a_round_that_would_be_another_is_refused(
    console: Console, root: Path, file: str, text: str, part: str
) -> None:
    console.type("poc label start development")
    (root / file).write_text(text)
    assert console.type("poc label start development") == 4
    assert f"is being labelled already, with {part}." in console.err


def test_cases_drawn_anew_are_another_round(console: Console, root: Path) -> None:
    console.type("poc label start development")
    draw(root, count=5)
    assert console.type("poc label start development") == 4
    assert "with other cases" in console.err


def test_people_see_no_answer_and_a_held_case_as_it_came(console: Console, url: str) -> None:
    console.type("poc label start development")
    cases = shown(url)
    assert cases["case-0"].sheet == (("Text", "Letter 0 has some words in it."),)
    assert MODEL not in repr([one.sheet for one in cases.values()])
    held = cases[HELD]
    assert held.held == "unusable"
    assert held.sheet == (("As it came", "not a note at all\ufffd \ufffd\n<b>really</b>"),)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("start nothing", "governance/sets/nothing.json is missing; draw the set first"),
        ("start Nothing", "is no name of a set"),
        ("status nothing", "Nobody was asked to label nothing yet"),
        ("status", "Nothing is being labelled yet"),
        ("collect development", "Nobody was asked to label development yet"),
        ("export development --to x.csv", "Nobody was asked to label development yet"),
        ("import development x.csv --person ada", "Nobody was asked to label development yet"),
    ],
)
def test_what_is_not_there_is_said(console: Console, line: str, sentence: str) -> None:
    assert console.type(f"poc label {line}") in (3, 4)
    assert sentence in console.err
    assert console.out == ""


@pytest.mark.parametrize("line", ["", "start", "start development --cases 3", "import a b"])
def test_a_line_that_is_not_right_says_how_it_goes(console: Console, line: str) -> None:
    assert console.type(f"poc label {line}") == 2
    assert "usage:" in console.err


def test_a_database_that_was_never_migrated_is_said(
    console: Console, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_DATABASE_URL", "sqlite:///data/other.db")
    assert console.type("poc label start development") == 4
    assert "run `make migrate`" in console.err
    assert (root / "data" / "other.db").exists()
    monkeypatch.setenv("APP_DATABASE_URL", "nonsense")
    assert console.type("poc label status") == 4
    assert "APP_DATABASE_URL" in console.err


def test_an_answer_without_a_required_field_cannot_be_labelled(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nothing(Letter):
        tone: None = None
        formal: bool = False
        pages: int = 0
        total: float | None = None
        sent: None = None
        names: list[str] = []

    monkeypatch.setattr("app.usecase.USE_CASE", Letters(Nothing))
    assert console.type("poc label start development") == 4
    assert "Nothing has no field that every answer must have" in console.err


def test_two_equal_labels_or_the_word_of_a_third_are_collected(
    console: Console, root: Path, url: str
) -> None:
    console.type("poc label start development")
    say(url, "ada", WHOLE)
    say(url, "ben", {**WHOLE, "case-1": "loud", "case-2": None, "case-3": "unsure"})
    say(url, "cleo", {"case-1": "loud", "case-2": "quiet", "case-3": None}, edge="two_tones")
    assert console.type("poc label collect development") == 0
    assert "8 cases of development are labelled, by 3 people" in console.out
    assert "3 were settled by a third person." in console.out
    found = labelled(root)
    quiet = {"tone": "quiet", "formal": True, "edge": None}
    assert found["case-0"] == quiet
    assert found["case-1"] == {"tone": "loud", "formal": True, "edge": "two_tones"}
    assert found["case-2"] == {"tone": "quiet", "formal": True, "edge": "two_tones"}
    assert found["case-3"] == {"tone": None, "formal": True, "edge": "two_tones"}
    assert found[HELD] == {"quarantined": "unusable", "edge": None}
    labels = load(root, "development").labels
    assert labels is not None
    assert (labels.people, labels.cases, labels.settled) == (3, 8, 3)
    assert labels.source == "pages"
    assert labels.guideline is not None
    assert labels.digest == digest(sets.labelled(root, "development")[1])


def test_a_set_that_is_not_settled_is_refused_unless_in_part(
    console: Console, root: Path, url: str
) -> None:
    console.type("poc label start development")
    assert console.type("poc label collect development") == 4
    assert "Nobody has labelled development yet" in console.err
    say(url, "ada", {**QUIET})
    assert console.type("poc label collect development --partial") == 4
    assert "No case of development is settled" in console.err
    say(url, "ben", {"case-0": "quiet", "case-1": "loud", "case-2": "loud"})
    say(url, "cleo", {"case-2": "unsure"})
    assert console.type("poc label collect development") == 4
    assert "5 cases without two labels yet." in console.err
    assert "1 case on which two people differ, waiting for a third." in console.err
    assert "1 case on which the third person is unsure too." in console.err
    assert not (root / "data/sets/development/labelled.jsonl").exists()
    assert console.type("poc label collect development --partial") == 0
    assert "7 are left out" in console.out
    assert list(labelled(root)) == ["case-0"]


def test_a_person_chooses_an_edge_category_and_the_drawn_one_stays_otherwise(
    console: Console, root: Path, url: str
) -> None:
    cases = [a_case(f"case-{n}", f"Letter {n}").model_copy(update={"edge": "drawn"}) for n in "012"]
    store(root, cases)
    console.type("poc label start development")
    say(url, "ada", {"case-0": "quiet"}, edge="two_tones")
    say(url, "ada", {"case-1": "quiet"}, edge="two_tones")
    say(url, "ada", {"case-2": "quiet"})
    say(url, "ben", {"case-0": "quiet", "case-2": "quiet"})
    say(url, "ben", {"case-1": "quiet"}, edge="blank")
    assert console.type("poc label collect development") == 0
    edges = {id: one["edge"] for id, one in labelled(root).items()}
    assert edges == {"case-0": "two_tones", "case-1": "two_tones", "case-2": "drawn"}


def test_a_schema_that_changed_makes_labels_unfit(
    console: Console, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.type("poc label start development")
    say(url, "ada", WHOLE)
    say(url, "ben", WHOLE)
    monkeypatch.setattr("app.usecase.USE_CASE", Letters(Letter))
    assert console.type("poc label collect development") == 4
    assert "What the service answers has changed" in console.err


def test_the_status_says_how_far_it_is(console: Console, url: str) -> None:
    console.type("poc label start development")
    assert console.type("poc label status") == 0
    assert "Nobody has labelled it yet" in console.out
    say(url, "ada", QUIET)
    say(url, "ben", {"case-0": "quiet", "case-1": "quiet", "case-2": "loud"})
    assert console.type("poc label status development") == 0
    assert "development: 2 of 8 cases are settled." in console.out
    assert "1 wait for a third person" in console.out
    assert "two people say the same on" in console.out
    (found,) = console.json("poc label status")["rounds"]
    assert (found["settled"], found["third"], found["labelsLeft"]) == (2, 1, 7)
    assert [(one["person"], one["labels"]) for one in found["people"]] == [("ada", 7), ("ben", 3)]
    assert found["agreement"]["observed"] == pytest.approx(2 / 3)


def test_a_study_asks_one_person_a_case_and_is_read_by_name(
    console: Console, root: Path, url: str
) -> None:
    line = "poc label start development --study today --cases 3 --seed 5"
    assert console.type(line) == 0
    ids = sorted(shown(url, "today"))
    assert len(ids) == 3
    assert console.type(line) == 0
    assert console.type(line.replace("--seed 5", "--seed 6")) == 4
    assert console.type("poc label start development --study development") == 4
    assert "is the name of a set" in console.err
    assert console.type("poc label start development --study more --cases 9") == 4
    say(url, "ada", {ids[0]: "loud", ids[1]: "unsure"}, name="today")
    assert study(root, "today") == [(ids[0], {"tone": "loud", "formal": True}, None, "ada")]
    assert console.type("poc label collect today") != 0
    assert "today" in console.err
    assert console.type("poc label status today") == 0
    assert "a study" in console.out


def test_the_text_people_labelled_by_is_the_one_of_the_round(
    console: Console, root: Path, url: str
) -> None:
    console.type("poc label start development")
    say(url, "ada", WHOLE)
    say(url, "ben", WHOLE)
    (root / "evals" / "guideline.md").write_text("changed afterwards")
    console.type("poc label collect development")
    first = load(root, "development").labels
    (root / "evals" / "guideline.md").write_text(GUIDELINE)
    console.type("poc label collect development")
    second = load(root, "development").labels
    assert first is not None
    assert second is not None
    assert first.guideline == second.guideline
    assert (
        "guideline" in json.loads((root / "governance/sets/development.json").read_text())["labels"]
    )


def test_it_says_whether_people_had_to_prove_who_they_are(
    console: Console, root: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.type("poc label start development")
    say(url, "ada", WHOLE)
    say(url, "ben", WHOLE)
    for issuer, local in (("http://127.0.0.1:9000", True), ("https://id.example.org", False)):
        monkeypatch.setenv("APP_ISSUER", issuer)
        assert console.type("poc label collect development") == 0
        labels = load(root, "development").labels
        assert labels is not None
        assert labels.local_sign_in is local
