"""What is counted of the labels: classes, slices and pace, whatever the team's files look like."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from app.records.labels.form import Said
from app.records.labels.models import Label
from poc.labels.agreement import Pair, agreement
from poc.labels.classes import class_of, made_of_labels, pace, pairs_by_slice
from poc.sets.manifest import load
from tests.collecting.drawn import a_case, say
from tests.governance.console import Console

NOW = datetime(2026, 3, 1, tzinfo=UTC)
QUIET: dict[str, JsonValue] = {"tone": "quiet", "formal": True}


@pytest.fixture(autouse=True)
def in_a_project(root: Path) -> Path:
    return root


def label(
    place: int = 1, said: Said = "answer", seconds: float | None = None, id: str = "case-0"
) -> Label:
    value = QUIET if said == "answer" else {}
    return Label(id, place, "ada", said, value, None, seconds, "pages", NOW)


def test_a_class_is_what_the_scorers_call_it() -> None:
    assert class_of(label()) == "quiet"
    assert class_of(label(said="nothing")) == class_of(label(2, "nothing"))


def test_who_is_unsure_agrees_with_nobody() -> None:
    assert class_of(label(1, "unsure")) != class_of(label(2, "unsure"))


def test_scorers_that_want_more_than_was_labelled_leave_the_whole_label(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wants_more(value: Mapping[str, JsonValue]) -> str:
        return str(value["reply"])

    monkeypatch.setattr("evals.scorers.label", wants_more)
    assert class_of(label()) == '{"formal": true, "tone": "quiet"}'


def test_cases_are_counted_of_all_and_by_slice() -> None:
    cases = {id: a_case(id, "a letter") for id in ("case-0", "case-6", "case-7")}
    given = {
        "case-0": {1: label(1), 2: label(2)},
        "case-6": {1: label(1), 2: label(2, "nothing")},
        "case-7": {1: label(1)},
    }
    found = pairs_by_slice(cases, given)
    assert {name: len(pairs) for name, pairs in found.items()} == {
        "all": 2,
        "language=de": 1,
        "language=en": 1,
    }
    assert [pair.equal for pair in found["language=de"]] == [False]


def test_a_slice_whose_tag_is_not_there_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def wants_more(case: Any) -> dict[str, str]:  # noqa: ANN401
        return {"region": case.tags["region"]}

    monkeypatch.setattr("evals.slices.slices", wants_more)
    cases = {"case-0": a_case("case-0", "a letter")}
    assert list(pairs_by_slice(cases, {"case-0": {1: label(1), 2: label(2)}})) == ["all"]


def test_a_case_that_is_not_settled_is_in_no_slice_of_what_it_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def by_tone(case: Any) -> dict[str, str]:  # noqa: ANN401
        return {"tone": str(case.expected.get("tone") or "none"), **case.tags}

    monkeypatch.setattr("evals.slices.slices", by_tone)
    cases = {"case-0": a_case("case-0", "a letter")}
    found = pairs_by_slice(cases, {"case-0": {1: label(1), 2: label(2, "nothing")}})
    assert list(found) == ["all", "language=en"]


def test_the_pace_counts_timed_labels_only() -> None:
    cases = {"case-0": a_case("case-0", "a letter"), "case-6": a_case("case-6", "another")}
    seconds = [float(n) for n in range(1, 11)]
    labels = [label(seconds=one) for one in [*seconds, None]] + [label(seconds=99.0, id="case-6")]
    whole, german, english = pace(labels, cases)
    assert (whole.slice, whole.n, whole.median, whole.p90) == ("all", 11, 6.0, 10.0)
    assert (german.slice, german.n, german.median, german.p90) == ("language=de", 1, 99.0, 99.0)
    assert (english.n, english.median, english.p90) == (10, 5.5, 9.0)


def test_the_manifest_holds_agreement_by_slice_and_the_source(
    console: Console, root: Path, url: str
) -> None:
    console.type("poc label start development")
    say(url, "ada", {"case-0": "quiet", "case-1": "loud", "case-8": "loud"})
    say(url, "ben", {"case-1": "loud", "case-8": "quiet"})
    (root / "ben.csv").write_text("id,tone,formal,unsure\ncase-0,quiet,yes,\n")
    assert console.type(f"poc label import development {root}/ben.csv --person ben") == 0
    assert console.type("poc label collect development --partial") == 0
    labels = load(root, "development").labels
    assert labels is not None
    assert (labels.source, labels.cases, labels.settled) == ("both", 2, 0)
    by_slice = {one.slice: (one.n, one.observed) for one in labels.agreement}
    assert by_slice["language=en"] == (2, 1.0)
    assert by_slice["language=de"] == (1, 0.0)
    assert by_slice["all"][1] == pytest.approx(2 / 3)
    assert labels.pace == []
    assert "all" in console.out


def test_without_a_guideline_people_are_told_that_there_is_none(
    console: Console, root: Path, url: str
) -> None:
    (root / "evals" / "guideline.md").unlink()
    (root / "evals" / "edges.toml").unlink()
    assert console.type("poc label start development") == 0
    assert "There is no evals/guideline.md" in console.out
    say(url, "ada", {"case-0": "quiet"})
    say(url, "ben", {"case-0": "quiet"})
    assert console.type("poc label collect development --partial") == 0
    labels = load(root, "development").labels
    assert labels is not None
    assert labels.guideline is None


def test_a_guideline_that_is_no_text_is_refused(console: Console, root: Path) -> None:
    (root / "evals" / "guideline.md").write_bytes(b"\xff\xfe")
    assert console.type("poc label start development") == 4
    assert "save it as UTF-8" in console.err


def test_slices_made_of_labels_have_no_kappa(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slice of one class holds whoever was settled as it, so chance cannot be told in it."""

    def by_tone(case: Any) -> dict[str, str]:  # noqa: ANN401 - what a team writes
        return {"language": case.tags["language"], "tone": str(case.expected.get("tone"))}

    monkeypatch.setattr("evals.slices.slices", by_tone)
    cases = {id: a_case(id, "a letter") for id in ("case-0", "case-6")}
    loud = replace(label(2), value={**QUIET, "tone": "loud"})
    made = made_of_labels(cases, {"case-0": {1: label(1), 2: loud}, "case-6": {1: loud}})
    assert made == {"tone=quiet", "tone=loud"}
    pairs = [Pair("a", "x", "x"), Pair("b", "x", "y"), Pair("c", "y", "y")]
    assert agreement(pairs, "tone=quiet", by_label=True).kappa is None
    assert agreement(pairs, "tone=quiet", by_label=True).observed == 2 / 3
    assert agreement(pairs, "language=de").kappa is not None
