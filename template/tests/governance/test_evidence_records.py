"""What a run of the evals says to the verdict, and of which environment it says it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from evals import evidence
from evals.result import Result
from evals.statistics import effective_size
from poc.engine import evidence as records
from poc.engine.admissible import deployed
from poc.engine.evidence import Measurement, Predicate
from tests.evals.eval_fakes import case, result, row, subject
from tests.governance.sample import git, project

STARTED = datetime(2026, 11, 1, tzinfo=UTC)
ISOLATED: dict[str, Any] = {
    "environment": "staging",
    "issuer": "https://issuer.example.test",
    "public_url": "https://poc.example.test",
    "session_secret": "s" * 32,
    "database_url": "postgresql://db.example.test/poc",
    "model_provider": "offline",
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting comes from this machine."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    yield project(tmp_path)


# Four cases; 1 and 3 are German. 1 and 2 leave rightly, 3 wrongly, 4 waits for a person.
CASES = [
    case(1, "a", origin="production"),
    case(2, "a", origin="production"),
    case(3, "b", origin="production", edge="messy"),
    case(4, "c"),
]
ROWS = [row(1), row(2), row(3, right=False), row(4, accepted=False)]


def written(root: Path, **other: Any) -> Predicate:  # noqa: ANN401
    found = other.pop("result", None) or result(CASES, ROWS)
    settings = Settings(**(ISOLATED | other))
    path = evidence.write(found, CASES, settings, STARTED, root)
    assert path == root / "build" / "evidence" / "evals.json"
    (record,) = records.load(root)
    assert record.predicate is not None
    assert record.commit == git(root, "rev-parse", "HEAD").strip()
    return record.predicate


def shares(measurements: Sequence[Measurement], name: str) -> dict[str, tuple[int | None, int]]:
    return {
        str(one.indicator["metric"]): (one.hits, one.n) for one in measurements if one.slice == name
    }


def test_every_share_is_counted_in_whole_and_by_slice(root: Path) -> None:
    made = written(root)
    assert shares(made.measurements, "all") == {
        "accuracy": (3, 4),
        "auto_precision": (2, 3),
        "auto_rate": (3, 4),
        "review_rate": (1, 4),
        "confident_error_rate": (1, 4),
    }
    assert shares(made.measurements, "language=de") == {
        "accuracy": (1, 2),
        "auto_precision": (1, 2),
        "auto_rate": (2, 2),
        "review_rate": (0, 2),
        "confident_error_rate": (1, 2),
    }
    assert {str(one.indicator["dataset"]) for one in made.measurements} == {"evaluation"}
    assert made.name == "evals" and made.complete
    assert made.started_on == STARTED < made.finished_on


def test_cases_of_one_family_count_less(root: Path) -> None:
    found = {
        (one.indicator["metric"], one.slice): one.effective for one in written(root).measurements
    }
    assert found["accuracy", "all"] == pytest.approx(effective_size([(2, 2), (0, 1), (1, 1)]))
    assert found["auto_rate", "language=de"] == 2  # families a and b, all alike
    assert all(one is not None and one > 0 for one in found.values())


def test_where_nothing_counts_the_whole_is_measured_on_no_case(root: Path) -> None:
    nothing_leaves = [row(number, accepted=False) for number in (1, 2, 3, 4)]
    made = written(root, result=result(CASES, nothing_leaves))
    assert shares(made.measurements, "all")["auto_precision"] == (0, 0)
    assert "auto_precision" not in shares(made.measurements, "language=de")
    assert shares(made.measurements, "all")["review_rate"] == (4, 4)


def test_repeats_are_counted_one_by_one(root: Path) -> None:
    rows = [*ROWS, *(row(n, right=n == 1, repeat=2) for n in (1, 2, 3, 4))]
    made = written(root, result=result(CASES, rows, repeats=2))
    assert shares(made.measurements, "all")["accuracy"] == (4, 8)
    wavering = [row(1), row(1, repeat=2), *(row(n, repeat=k) for n in (2, 3, 4) for k in (1, 2))]
    wavering[1] = wavering[1].model_copy(update={"label": "another"})
    made = written(root, result=result(CASES, wavering, repeats=2))
    assert shares(made.measurements, "all")["same_label_rate"] == (3, 4)
    assert "same_label_rate" not in shares(written(root).measurements, "all")


def test_it_says_of_what_it_is(root: Path) -> None:
    made, what = written(root), deployed(root)
    assert (made.behaviour, made.scorer, made.run) == (what.behaviour, what.scorer, "")
    assert (made.provider, made.model) == ("offline", "")
    cases = made.dataset
    assert cases
    assert (cases.name, cases.digest, cases.cases) == ("evaluation", "d", 4)
    assert (cases.production_share, cases.edge_share) == (0.75, 0.25)
    assert (cases.agreement, cases.look) == (None, None)  # nobody looked at a sealed set
    asked = subject().model_copy(update={"provider": "openai", "model": "large"})
    made = written(root, result=result(CASES, ROWS, of=asked))
    assert (made.provider, made.model) == ("openai", "large")


def test_it_says_where_it_ran(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert written(root).dirty is False
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("GITHUB_RUN_ID", "78")
    (root / "project.toml").write_text("[model]\n")
    made = written(root)
    assert (made.run, made.dirty) == ("78", True)


@pytest.mark.parametrize("how", ["a part", "errors"])
def test_a_part_of_a_run_proves_nothing(root: Path, how: str) -> None:
    found: Result = result(CASES, ROWS, complete=how != "a part")
    if how == "errors":
        found = found.model_copy(update={"errors": {"timeout": 1}})
    assert written(root, result=found).complete is False


@pytest.mark.parametrize(
    ("other", "issuer", "store"),
    [
        ({}, False, False),
        ({"issuer": "https://127.0.0.1:9000"}, True, False),
        ({"issuer": "https://[::1]:9000"}, True, False),
        ({"issuer": "https://localhost"}, True, False),
        ({"issuer": "https://issuer.localhost:9000"}, True, False),
        ({"issuer": "https://localhost.example.test"}, False, False),
        ({"database_url": "sqlite:///data/app.db"}, False, True),
    ],
)
def test_a_laptops_stand_ins_show(other: dict[str, Any], issuer: bool, store: bool) -> None:
    where = evidence.environment(Settings(**(ISOLATED | other)))
    assert (where.name, where.local_issuer, where.local_store) == ("staging", issuer, store)


def test_a_laptop_is_local() -> None:
    where = evidence.environment(Settings())
    assert (where.name, where.local_issuer, where.local_store) == ("local", True, True)
