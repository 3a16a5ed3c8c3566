"""The score: what counts, how much, what carries a level, and what a record has to be."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from poc.engine.problems import Exit
from tests.governance import items
from tests.governance.console import Console
from tests.governance.items import item
from tests.governance.sample import change, commit, project, today

Terminal = Callable[[Path], Console]


@pytest.fixture
def proven(tmp_path: Path) -> Path:
    return items.proven(tmp_path)


def test_a_project_that_ran_nothing_has_no_points(tmp_path: Path, console: Terminal) -> None:
    poc = console(project(tmp_path))
    card = poc.json("poc score")
    assert (card["score"], card["level"], len(card["items"])) == (0.0, "none", 30)
    assert poc.type("poc score") == Exit.OK
    assert poc.out.startswith("Preview on this machine: the official score comes from CI.")
    assert "Level none." in poc.out
    assert "Bea Katz (budget): COST-1, COST-2" in poc.out
    assert "Not in this release: ERR-1, ERR-2" in poc.out


def test_all_that_this_release_can_prove(proven: Path, console: Terminal) -> None:
    card = console(proven).json("poc score")
    passing = {one["id"] for one in card["items"] if one["outcome"] == "pass"}
    assert passing == set(items.HERE)
    weights = {one["id"]: one["weight"] for one in card["items"]}
    points = sum(weights[name] for name in items.HERE)
    assert card["score"] == round(100 * points / sum(weights.values()), 1)
    assert card["level"] == "none"
    assert card["weakestArea"] == "ERR"


def test_what_this_release_cannot_prove_gives_nothing(proven: Path, console: Terminal) -> None:
    items.confirm(proven, "ERR-1", "production", "Ole Vang", behaviour="0" * 64)
    poc = console(proven)
    for one in poc.json("poc score")["items"]:
        if one["id"] not in items.HERE:
            assert (one["outcome"], one["credit"], one["inRelease"]) == ("unknown", 0, False)
            assert one["detail"].startswith("Not in this release")
    assert "A word on it changes nothing" in item(poc, "ERR-1")["detail"]


def test_in_ci_the_score_is_official(
    proven: Path, console: Terminal, in_ci: Callable[[], None]
) -> None:
    in_ci()
    items.tested(proven, run="77")
    poc = console(proven)
    assert poc.type("poc score") == Exit.OK
    assert poc.out.startswith("CI run 77, commit ")
    assert item(poc, "AUTH-1")["outcome"] == "pass"


NOW = datetime.now(UTC)
LATER = {"finished_on": NOW + timedelta(hours=2)}
BACKWARDS = {"started_on": NOW, "finished_on": NOW - timedelta(hours=1)}
OLD = {"started_on": NOW - timedelta(days=15, hours=1), "finished_on": NOW - timedelta(days=15)}
RECORDS: list[tuple[dict[str, Any], str, str]] = [
    ({"behaviour": "0" * 64}, "stale", "is of another state of app/"),
    (OLD, "stale", "is 15 days old, 14 are allowed"),
    ({"provider": "openai"}, "stale", "measured openai, and offline would be deployed"),
    (LATER, "unknown", "has a wrong clock"),
    (BACKWARDS, "unknown", "has a wrong clock"),
    ({"complete": False}, "unknown", "not complete"),
    ({"items": []}, "unknown", "says nothing about it"),
    ({"dirty": True}, "pass", ""),
    ({"outcome": "fail", "detail": "Worse."}, "fail", "Worse."),
    ({"outcome": "unknown", "detail": "No baseline."}, "unknown", "No baseline."),
]


@pytest.mark.parametrize(("how", "outcome", "why"), RECORDS)
def test_what_a_record_has_to_be(
    proven: Path, console: Terminal, how: dict[str, Any], outcome: str, why: str
) -> None:
    items.gated(proven, **how)
    found = item(console(proven), "EVAL-1")
    assert (found["outcome"], found["credit"]) == (outcome, float(outcome == "pass"))
    assert why in found["detail"]
    if outcome in ("stale",):
        assert found["detail"].endswith("run `make evals` again.")


OFFICIAL: list[tuple[dict[str, Any], str]] = [
    ({"run": "76"}, "was made by CI run 76, and this is CI run 77"),
    ({"run": ""}, "was made by no CI run"),
    ({"run": "77", "dirty": True}, "changes that are not committed"),
]


@pytest.mark.parametrize(("how", "why"), OFFICIAL)
def test_ci_believes_its_own_clean_run_only(
    proven: Path, console: Terminal, in_ci: Callable[[], None], how: dict[str, Any], why: str
) -> None:
    in_ci()
    items.tested(proven, **how)
    found = item(console(proven), "AUTH-1")
    assert found["outcome"] == "unknown"
    assert why in found["detail"]


def test_a_change_of_the_code_makes_records_stale_and_one_of_the_docs_does_not(
    proven: Path, console: Terminal
) -> None:
    (proven / "README.md").write_text("New words.\n")
    assert item(console(proven), "DATA-1")["outcome"] == "pass"
    (proven / "app" / "usecase" / "prompt.md").write_text("Be kind.\n")
    assert item(console(proven), "DATA-1")["outcome"] == "stale"
    assert item(console(proven), "EVAL-1")["outcome"] == "stale"


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda text: text.replace('"fail"', '"pass"'), "was edited after its run"),
        (lambda text: text[:-40], "cannot be read"),
        (lambda text: "[]", "cannot be read"),
        (lambda text: text.replace("evidence/v1", "evidence/v9"), "is of another format"),
    ],
    ids=["edited", "cut", "empty", "foreign"],
)
def test_an_edited_or_damaged_record_is_no_evidence(
    proven: Path, console: Terminal, damage: Callable[[str], str], why: str
) -> None:
    path = items.tested(proven, "fail")
    path.write_text(damage(path.read_text()))
    found = item(console(proven), "AUTH-1")
    assert (found["outcome"], found["credit"]) == ("unknown", 0)
    assert why in found["detail"] and "run `make test` again" in found["detail"]


def test_another_file_cannot_speak_for_the_tests(proven: Path, console: Terminal) -> None:
    (proven / "build" / "evidence" / "tests.json").rename(
        proven / "build" / "evidence" / "more.json"
    )
    assert item(console(proven), "AUTH-1")["outcome"] == "unknown"


def test_a_level_needs_all_of_its_items_and_of_those_below(proven: Path, console: Terminal) -> None:
    items.short(proven, "AUTH-1", "EVAL-2", "COMP-1", "INT-2")
    poc = console(proven)
    change(proven, "owners", {"roles.data": items.role("Dan"), "roles.review": items.role("Rea")})
    card = poc.json("poc score")
    assert (card["level"], card["starred"]) == ("pilot", False)
    assert card["nextLevelMissing"] == ["INT-2", "OWN-1"]
    items.tested(proven, "fail")
    card = poc.json("poc score")
    assert (card["level"], card["nextLevelMissing"]) == ("none", ["AUTH-1"])
    poc.type("poc score")
    assert "Missing for level poc: 1 item." in poc.out


def test_roles_that_are_due_by_a_level_keep_from_it(proven: Path, console: Terminal) -> None:
    items.short(proven, "AUTH-1", "COMP-1")
    card = console(proven).json("poc score")
    assert (card["level"], card["nextLevelMissing"]) == ("poc", ["OWN-1"])


def test_a_waiver_carries_a_level_with_a_star_and_gives_no_points(
    proven: Path, console: Terminal
) -> None:
    items.short(proven, "AUTH-1", "ERR-1")
    items.waive(proven, "ERR-1")
    poc = console(proven)
    card = poc.json("poc score")
    assert (card["level"], card["starred"], card["score"]) == ("poc", True, 50.0)
    assert item(poc, "ERR-1")["outcome"] == "waived"
    assert poc.type("poc score") == Exit.OK and "Level poc*, carried by a waiver" in poc.out


def test_a_waiver_does_not_hide_a_pass(proven: Path, console: Terminal) -> None:
    items.waive(proven, "DATA-1")
    assert item(console(proven), "DATA-1")["outcome"] == "pass"


YESTERDAY, TOMORROW = (str(today() + timedelta(days=days)) for days in (-1, 1))


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("ERR-1", {"by": "Ana Brandt"}),
        ("ERR-1", {"given": YESTERDAY, "until": YESTERDAY}),
        ("ERR-1", {"given": TOMORROW, "until": TOMORROW}),
        ("DATA-3", {}),
        ("SEC-1", {}),
    ],
)
def test_a_waiver_that_does_not_stand_waives_nothing(
    proven: Path, console: Terminal, name: str, how: dict[str, str]
) -> None:
    items.waive(proven, name, **how)
    assert item(console(proven), name)["outcome"] == "unknown"


def test_a_second_renewal_waives_nothing(proven: Path, console: Terminal) -> None:
    poc = console(proven)
    for outcome in ("waived", "waived", "unknown"):
        items.waive(proven, "ERR-1")
        assert item(poc, "ERR-1")["outcome"] == outcome


def test_what_does_not_apply_is_left_out_of_the_sum(proven: Path, console: Terminal) -> None:
    items.short(proven, "AUTH-1", "ERR-1")
    entry = {"item": "ERR-1", "why": "None.", "by": "Ravi Sen", "given": str(today())}
    change(proven, "attestations", {"notApplicable": [entry]})
    card = console(proven).json("poc score")
    assert (card["score"], card["level"]) == (100.0, "poc")
    change(proven, "attestations", {"notApplicable": [entry | {"item": "AUTH-1"}]})
    assert item(console(proven), "AUTH-1")["outcome"] == "pass"


def test_an_item_of_ones_own_counts(proven: Path, console: Terminal) -> None:
    before = console(proven).json("poc score")["score"]
    own = {
        "id": "CUSTOM-1",
        "level": "poc",
        "weight": 10,
        "statement": "Ours.",
        "owner": "evaluation",
        "evidence": ["probe"],
        "why": "We said so.",
        "probe": {"kind": "tests", "modules": ["tests/test_ours.py"]},
    }
    change(proven, "attestations", {"custom": [own]})
    poc = console(proven)
    assert poc.json("poc score")["score"] < before
    found = item(poc, "CUSTOM-1")
    assert (found["area"], found["outcome"], found["inRelease"]) == ("CUSTOM", "unknown", True)
    assert json.loads(items.tested(proven).read_text())["predicate"]["items"]


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"attestation": []}, "attestation: is not a key this file knows"),
    ({"waivers": [{"item": "MON1"}]}, "waivers.1.item:"),
    ({"custom": [{"id": "CUSTOM-1"}]}, "custom.1.statement: is missing"),
]


@pytest.mark.parametrize(("what", "said"), MISTAKES, ids=str)
def test_a_mistake_in_the_attestations_is_told_with_its_line(
    proven: Path, console: Terminal, what: dict[str, Any], said: str
) -> None:
    change(proven, "attestations", what)
    poc = console(proven)
    assert poc.type("poc score") == Exit.INVALID
    assert f"{said}" in poc.err and "governance/attestations.yaml:" in poc.err
    assert "Traceback" not in poc.err


def test_an_entry_for_an_item_that_is_not_there_is_told_with_its_line(
    proven: Path, console: Terminal
) -> None:
    items.waive(proven, "ERR-9")
    poc = console(proven)
    assert poc.type("poc score") == Exit.INVALID
    lines = (proven / "governance" / "attestations.yaml").read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "ERR-9" in text)
    assert f"attestations.yaml:{line}: waivers.1.item: there is no item ERR-9" in poc.err


def test_four_items_cannot_all_not_apply(proven: Path, console: Terminal) -> None:
    names = ("ERR-1", "ERR-2", "MON-1", "INT-1")
    entries = [{"item": n, "why": "-", "by": "Ravi Sen", "given": str(today())} for n in names]
    change(proven, "attestations", {"notApplicable": entries})
    assert console(proven).type("poc score") == Exit.INVALID


def test_a_waiver_of_more_than_thirty_days_is_refused_by_the_file(
    proven: Path, console: Terminal
) -> None:
    items.waive(proven, "ERR-1", until=str(today() + timedelta(days=31)))
    poc = console(proven)
    assert poc.type("poc score") == Exit.INVALID
    assert f"set until to {today() + timedelta(days=30)} or earlier" in poc.err


def test_a_score_changes_nothing(proven: Path, console: Terminal) -> None:
    commit(proven, "before")
    before = {path: path.read_bytes() for path in proven.rglob("*") if path.is_file()}
    console(proven).type("poc score")
    after = {path: path.read_bytes() for path in proven.rglob("*") if path.is_file()}
    assert {p: b for p, b in after.items() if ".git" not in p.parts} == {
        p: b for p, b in before.items() if ".git" not in p.parts
    }
