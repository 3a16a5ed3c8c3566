"""`poc sample`: what is drawn of a mailbox, and what it says of it."""

import json
from collections import Counter
from pathlib import Path

import pytest

from evals.dataset import Category, EvalCase
from evals.duplicates import near_duplicates
from evals.service import reader
from poc.engine.problems import Exit
from poc.sets import cases as sets
from poc.sets.manifest import Pace, cases_of, load, save
from tests.governance.console import Console
from tests.sets.mails import START, label, message

DRAW = "poc sample {} --set {} --origin production --class internal --cases {}"


def cases(root: Path, name: str) -> list[EvalCase]:
    return sets.read(cases_of(root, name), name)


def test_the_draw_stands_for_the_mailbox(root: Path, poc: Console, inbox: Path) -> None:
    assert poc.type(DRAW.format(inbox, "decision", 60)) == Exit.OK
    drawn, manifest = cases(root, "decision"), load(root, "decision")
    languages = Counter(one.tags["language"] for one in drawn)
    assert languages == {"en": 40, "de": 20}  # as in the mailbox: two to one
    assert {one.tags["channel"] for one in drawn} == {"mail"}
    assert {one.origin for one in drawn} == {"production"}
    assert all(one.expected == {} for one in drawn)
    assert (manifest.cases, manifest.population, manifest.random) == (60, 120, 60)
    assert sum(one.drawn for one in manifest.strata) == 60
    assert manifest.window.first is not None and manifest.window.first >= START.date()
    assert manifest.sources[0].messages == 120
    assert "60 cases of 120 distinct messages" in poc.out
    assert "poc label start decision" in poc.out


def test_the_same_seed_draws_the_same_cases(root: Path, poc: Console, inbox: Path) -> None:
    poc.type(DRAW.format(inbox, "decision", 30))
    first = load(root, "decision").digest
    poc.type(DRAW.format(inbox, "decision", 30) + " --anew")
    assert load(root, "decision").digest == first
    poc.type(DRAW.format(inbox, "decision", 30) + " --anew --seed 2")
    assert load(root, "decision").digest != first


def test_two_sets_share_no_case(root: Path, poc: Console, inbox: Path) -> None:
    poc.type(DRAW.format(inbox, "development", 70))
    assert poc.type(DRAW.format(inbox, "decision", 70)) == Exit.OK
    one, other = cases(root, "development"), cases(root, "decision")
    assert not {case.id for case in one} & {case.id for case in other}
    assert len(other) == 50
    assert "70 were asked for; there are no more." in poc.out
    assert load(root, "decision").apart == {"development": load(root, "development").digest}
    read = reader()
    assert not near_duplicates({c.id: read(c) for c in one}, {c.id: read(c) for c in other})


def test_nearly_the_same_message_is_kept_out_of_the_other_set(
    root: Path, poc: Console, tmp_path: Path
) -> None:
    """Every mail was sent twice, the second time with another order number."""
    inbox = tmp_path / "twice"
    inbox.mkdir()
    for number in range(20):
        again = message(number).replace(b"\n\n", b"\n\nSecond reminder, order 4711.\n\n", 1)
        (inbox / f"{number:03}-a.eml").write_bytes(message(number))
        (inbox / f"{number:03}-b.eml").write_bytes(again)
    poc.type(DRAW.format(inbox, "development", 12))
    poc.type(DRAW.format(inbox, "decision", 40))
    one, other = cases(root, "development"), cases(root, "decision")
    read = reader()
    assert other
    assert not near_duplicates({c.id: read(c) for c in one}, {c.id: read(c) for c in other})
    # Both of a pair may stand in one set, as one family: they are not independent.
    assert len({case.family for case in other}) < len(other)


def test_exact_duplicates_count_once(root: Path, poc: Console, tmp_path: Path) -> None:
    inbox = tmp_path / "same"
    inbox.mkdir()
    for number in range(300):
        (inbox / f"{number:03}.eml").write_bytes(message(number % 7))
    poc.type(DRAW.format(inbox, "decision", 50))
    assert load(root, "decision").cases == 7
    assert load(root, "decision").duplicates == 293


def test_a_window_leaves_out_what_lies_outside_and_what_has_no_date(
    root: Path, poc: Console, inbox: Path, tmp_path: Path
) -> None:
    undated = b"From: a@example.org\nSubject: Parcel lost\n\nMy parcel is lost, where is it?\n"
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    for path in inbox.glob("*.eml"):
        (mixed / path.name).write_bytes(path.read_bytes())
    (mixed / "undated.eml").write_bytes(undated)
    poc.type(DRAW.format(mixed, "decision", 500) + " --from 2026-03-09 --to 2026-03-15")
    manifest = load(root, "decision")
    assert manifest.window.model_dump(mode="json") == {
        "first": "2026-03-09",
        "last": "2026-03-15",
        "undated": 0,
    }
    assert 0 < manifest.cases == manifest.population < 30
    assert "lie outside of the window" in poc.out
    assert "1 carry no date and were left out." in poc.out


def test_edge_cases_are_added_and_marked(
    root: Path, poc: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = Category(title="t", expected="any", handled_by="h", signs=("hidden_text_removed",))
    monkeypatch.setattr("evals.dataset.load_register", lambda: {"hidden": hidden})
    inbox = tmp_path / "edges"
    inbox.mkdir()
    for number in range(100):
        (inbox / f"{number:03}.eml").write_bytes(message(number))
    for number in range(100, 110):
        html = b"<p>Where is my parcel number %d?</p><div hidden>obey</div>" % number
        mail = message(number).partition(b"\n\n")[0].replace(b"text/plain", b"text/html")
        (inbox / f"{number:03}.eml").write_bytes(mail + b"\n\n" + html * 3)
    data = poc.json(DRAW.format(inbox, "decision", 40) + " --edge-share 0.2")
    found = cases(root, "decision")
    marked = [one for one in found if one.edge]
    assert len(marked) == 8
    assert sum(one.drawn == "edge" for one in found) == data["boosted"] >= 3
    assert data["edges"] == {"hidden": 8}


def test_labels_are_not_thrown_away_by_a_second_draw(root: Path, poc: Console, inbox: Path) -> None:
    poc.type(DRAW.format(inbox, "decision", 30))
    label(root, "decision")
    before = load(root, "decision")
    assert poc.type(DRAW.format(inbox, "decision", 40)) == Exit.REFUSED
    assert "labelled already, with 30 cases" in poc.err
    assert "--anew" in poc.err
    assert load(root, "decision") == before


def test_what_cannot_be_drawn_says_why(root: Path, poc: Console, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "picture.png").write_bytes(b"\x89PNG\r\n")
    assert poc.type(DRAW.format(empty, "decision", 10)) == Exit.REFUSED
    assert "There is no message to draw from" in poc.err
    assert poc.type(DRAW.format(tmp_path / "nowhere", "decision", 10)) == Exit.REFUSED
    assert "nowhere" in poc.err
    line = DRAW.format(empty, "decision", 10).replace("internal", "customer_pii")
    assert poc.type(line) == Exit.REFUSED
    assert "does not name the class customer_pii" in poc.err
    assert poc.type(f"poc sample {empty} --set ../x --origin production") == Exit.USAGE
    assert not (root / "governance" / "sets").exists()


def test_a_manifest_holds_no_word_of_a_case(root: Path, poc: Console, inbox: Path) -> None:
    poc.type(DRAW.format(inbox, "decision", 40))
    manifest = (root / "governance" / "sets" / "decision.json").read_text()
    for case in cases(root, "decision"):
        assert not any(len(w) > 8 and w in manifest for w in (case.body or "").split())
    assert json.loads(manifest)["dataClass"] == "internal"


def test_the_plan_reckons_with_the_minutes_people_took(
    root: Path, poc: Console, inbox: Path
) -> None:
    hours = poc.json("poc plan")["labelling"][0]["hoursPlanned"]
    poc.type(DRAW.format(inbox, "decision", 30))
    manifest = label(root, "decision")
    assert manifest.labels is not None
    slow = manifest.labels.model_copy(update={"pace": [Pace(n=60, median=180, p90=300)]})
    save(root, manifest.model_copy(update={"labels": slow}))
    assert poc.json("poc plan")["labelling"][0]["hoursPlanned"] == 2 * hours
    assert poc.json("poc plan --minutes 1.5")["labelling"][0]["hoursPlanned"] == hours


def test_messages_without_a_text_are_kept_apart_too(
    root: Path, poc: Console, tmp_path: Path
) -> None:
    """Nothing is like them but themselves."""
    inbox = tmp_path / "blank"
    inbox.mkdir()
    for number in range(12):
        head = message(number).partition(b"\n\n")[0].replace(b"Subject:", b"X-Was:")
        (inbox / f"{number:03}.eml").write_bytes(head + b"\n\n")
    poc.type(DRAW.format(inbox, "development", 6))
    assert poc.type(DRAW.format(inbox, "decision", 12)) == Exit.OK
    one, other = cases(root, "development"), cases(root, "decision")
    assert (len(one), len(other)) == (6, 6)
    assert not {case.id for case in one} & {case.id for case in other}
