"""Which evidence counts, and that each refusal says why."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from poc.engine import evidence, ledger
from poc.engine.admissible import Court, deployed
from poc.engine.contract import Contract
from poc.engine.situation import Situation, situation
from poc.engine.yamlfile import read
from tests.governance.sample import commit, project, record

SHARE: dict[str, Any] = {
    "indicator": {"metric": "auto_precision", "dataset": "decision"},
    "hits": 590,
    "n": 600,
}
SET: dict[str, Any] = {
    "name": "decision",
    "digest": "d1",
    "cases": 600,
    "production_share": 0.9,
    "edge_share": 0.2,
    "agreement": 0.85,
    "look": 1,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = project(tmp_path)
    (root / "evals").mkdir()
    (root / "evals" / "scorers.py").write_text("RIGHT = 1\n")
    commit(root, "scorers")
    look(root)
    return root


def look(root: Path, run: str = "", **other: str) -> None:
    """A look at the cases d1 by the service and scorers as they are."""
    what = deployed(root)
    body = {"dataset": "d1", "behaviour": what.behaviour, "scorer": what.scorer} | other
    environ = {"CI": "true", "GITHUB_RUN_ID": run} if run else {}
    ledger.append(root, "look", body, "Eva", situation(root, environ))


def write(root: Path, **other: Any) -> Path:  # noqa: ANN401
    cases = evidence.Dataset(**(SET | other.pop("cases", {})))
    return record(root, "evals", SHARE, **({"dataset": cases} | other))


def court(root: Path, where: Situation | None = None) -> Court:
    contract = read(root / "governance" / "criteria.yaml", Contract)
    return Court(
        contract,
        ledger.load(root),
        evidence.load(root),
        deployed(root),
        where or situation(root, {}),
    )


def refusal(root: Path, where: Situation | None = None) -> str:
    found = court(root, where).refused
    return found[0][1] if found else ""


def test_evidence_of_a_ci_run_in_staging_counts(root: Path) -> None:
    write(root)
    assert refusal(root) == ""
    one = read(root / "governance" / "criteria.yaml", Contract).criteria[0]
    sights, _ = court(root).sights(one)
    assert sights["all"].measurement.hits == 590


NOW = datetime.now(UTC)
LOCAL = evidence.Environment(name="local")
ISSUER = evidence.Environment(name="staging", local_issuer=True, local_store=False)
STORE = evidence.Environment(name="staging", local_issuer=False, local_store=True)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"environment": LOCAL}, "made in the environment local"),
        ({"environment": ISSUER}, "calls itself staging but used the local sign-in"),
        ({"environment": STORE}, "calls itself staging but used the local data store"),
        ({"run": ""}, "no CI run made it"),
        ({"dirty": True}, "changed and not committed"),
        ({"provider": "openai"}, "measured openai, and offline would be deployed"),
        ({"provider": ""}, "does not say which provider it is about"),
        ({"scorer": ""}, "does not say which scorers it is about"),
        ({"dataset": None}, "measured the cases decision and does not describe them"),
        ({"cases": {"name": "evaluation"}}, "measured the cases decision and does not describe"),
        ({"behaviour": "0" * 64}, "another state of app/"),
        ({"scorer": "0" * 64}, "other scorers"),
        ({"complete": False}, "not complete"),
        ({"finished_on": NOW + timedelta(hours=3)}, "its clock is wrong"),
        ({"finished_on": NOW - timedelta(days=2)}, "its clock is wrong"),
        (
            {
                "started_on": NOW - timedelta(days=16),
                "finished_on": NOW - timedelta(days=15, hours=1),
            },
            "it is 15 days old, 14 are allowed",
        ),
        ({"cases": {"production_share": 0.5}}, "50% of its cases are from production, 80%"),
        ({"cases": {"edge_share": 0.5}}, "50% of its cases are edge cases, 15% to 30%"),
        ({"cases": {"agreement": None}}, "was not measured, 0.80 is agreed"),
        ({"cases": {"agreement": 0.5}}, "is 0.50, 0.80 is agreed"),
        ({"cases": {"look": None}}, "knows no such look"),
        ({"cases": {"look": 2}}, "knows no such look"),
        ({"cases": {"look": 0}}, "knows no such look"),
        ({"cases": {"edge_share": 0.14}}, "14% of its cases are edge cases"),
        ({"cases": {"agreement": 0.79}}, "is 0.79, 0.80 is agreed"),
        ({"cases": {"digest": "d2"}}, "scored other cases than the look"),
    ],
)
def test_what_does_not_count_says_why(root: Path, other: dict[str, Any], said: str) -> None:
    write(root, **other)
    assert said in refusal(root)


@pytest.mark.parametrize(
    "other",
    [
        {"finished_on": NOW + timedelta(minutes=3)},
        {"finished_on": NOW, "started_on": NOW},
        {"started_on": NOW - timedelta(days=16), "finished_on": NOW - timedelta(days=14, hours=1)},
        {
            "environment": evidence.Environment(
                name="production", local_issuer=False, local_store=False
            )
        },
        {"cases": {"production_share": 0.8, "edge_share": 0.15, "agreement": 0.8}},
        {"cases": {"edge_share": 0.3}},
    ],
)
def test_what_is_just_as_agreed_counts(root: Path, other: dict[str, Any]) -> None:
    write(root, **other)
    assert refusal(root) == ""


def test_evidence_of_another_set_than_the_decision_set_has_no_look(root: Path) -> None:
    share = {"indicator": {"metric": "auto_precision", "dataset": "dev"}, "hits": 5, "n": 6}
    record(root, "dev", share, dataset=evidence.Dataset(name="dev", digest="x", cases=6))
    assert refusal(root) == ""


def test_without_a_commit_it_does_not_count(root: Path) -> None:
    shutil.rmtree(root / ".git")
    what, now = deployed(root), datetime.now(UTC)
    made = evidence.Predicate(
        name="load",
        started_on=now,
        finished_on=now,
        environment=evidence.Environment(name="staging", local_issuer=False, local_store=False),
        run="77",
        behaviour=what.behaviour,
    )
    evidence.write(root, made, "")
    assert refusal(root) == "it names no commit"
    assert situation(root, {}).commit == "" and situation(root, {}).dirty


@pytest.mark.parametrize(
    ("model", "measured", "said"),
    [
        ("large", "large", ""),
        ("large", "small", "measured the model small, and large would be deployed"),
        ("large", "", "measured a model it does not name, and large would be deployed"),
        ("", "large", ""),
    ],
)
def test_the_model_that_would_be_deployed_has_to_be_the_measured_one(
    tmp_path: Path, model: str, measured: str, said: str
) -> None:
    root = project(tmp_path)
    text = f'[model]\nprovider = "openai"\nname = "{model}"\n'
    (root / "project.toml").write_text(text)
    look(root)
    write(root, model=measured)
    assert said in refusal(root) and bool(said) == bool(refusal(root))
    attacks = {"indicator": {"metric": "attack_success_rate"}, "hits": 0, "n": 9}
    record(root, "evals", attacks, provider="")  # what asks no model names none
    assert refusal(root) == ""


@pytest.mark.parametrize(
    "text", ["", "model = 3\n", "[model]\n", "][\n", "[project]\nname = 'x'\n"]
)
def test_a_project_that_names_no_provider_deploys_the_baseline(root: Path, text: str) -> None:
    (root / "project.toml").write_text(text)
    assert deployed(root)[2:] == ("offline", "")
    (root / "project.toml").unlink()
    assert deployed(root)[2:] == ("offline", "")


def test_a_change_of_the_service_voids_evidence_and_a_change_of_the_docs_does_not(
    root: Path,
) -> None:
    write(root)
    (root / "README.md").write_text("More words.\n")
    commit(root, "docs")
    assert refusal(root) == ""
    (root / "app" / "usecase" / "prompt.md").write_text("Answer in rhymes.\n")
    commit(root, "prompt")
    assert "another state of app/" in refusal(root)


def test_in_ci_only_evidence_of_the_same_run_counts(root: Path) -> None:
    write(root)
    same = situation(root, {"CI": "true", "GITHUB_RUN_ID": "77"})
    other = situation(root, {"CI": "true", "GITHUB_RUN_ID": "78"})
    assert refusal(root, same) == ""
    assert "the CI run 77 made it, and this is 78" in refusal(root, other)


def test_cases_added_for_what_they_are_do_not_make_a_set_all_edges(root: Path) -> None:
    write(root, cases={"edge_share": 0.4, "natural_edge_share": 0.2})
    assert refusal(root) == ""
    write(root, cases={"edge_share": 0.4, "natural_edge_share": 0.35})
    assert refusal(root) == "35% of its cases are edge cases, 15% to 30% are agreed"
    write(root, cases={"edge_share": 0.1, "natural_edge_share": 0.05})
    assert refusal(root) == "10% of its cases are edge cases, 15% to 30% are agreed"
