"""Records as they are found: what was edited or cannot be is told, and hides no other."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from poc.engine import evidence
from poc.engine.digest import of
from tests.governance.sample import project, record, signed
from tests.governance.staging import operated

SHARE: dict[str, Any] = {"indicator": {"metric": "auto_precision"}, "hits": 590, "n": 600}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return record(project(tmp_path), "evals", SHARE)


def damage(path: Path) -> str:
    (found,) = evidence.load(path.parents[2])
    assert (found.predicate is None) is bool(found.damage)
    assert found.path == "build/evidence/evals.json"
    return found.damage


def test_a_record_comes_back_as_it_was_written(path: Path) -> None:
    (found,) = evidence.load(path.parents[2])
    assert found.predicate and len(found.commit) == 40
    assert found.predicate.measurements == [evidence.Measurement(**SHARE)]
    assert not list(path.parent.glob("*.part"))


def test_records_come_in_the_order_of_their_names(path: Path) -> None:
    operated(path.parents[2])
    names = [Path(one.path).stem for one in evidence.load(path.parents[2])]
    assert names == ["archive", "attacks", "evals", "faults", "load"]


def test_an_edited_record_is_told(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace('"hits": 590', '"hits": 600'), "utf-8")
    assert damage(path) == "was edited after its run"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"digest": "x", "subject": []}', "[" * 100_000, "\xff", '{"a": NaN}'],
)
def test_what_is_no_record_is_told_and_hides_no_other(path: Path, text: str) -> None:
    (path.parent / "broken.json").write_text(text, "latin-1")
    broken, whole = evidence.load(path.parents[2])
    assert (broken.damage, broken.path) == ("cannot be read", "build/evidence/broken.json")
    assert whole.predicate is not None


@pytest.mark.parametrize("key", ["_type", "predicateType"])
def test_a_record_of_another_format_is_told(path: Path, key: str) -> None:
    data = json.loads(path.read_text("utf-8"))
    data.pop("digest")
    data[key] = "somebody/else"
    path.write_text(json.dumps(data | {"digest": of(data)}))
    assert damage(path) == "is of another format"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("hits", -1),
        ("n", -1),
        ("effective", 0),
        ("effective", -3),
        ("effective", "NaN"),
        ("lost", -1),
        ("point", "Infinity"),
        ("lower", "-inf"),
        ("upper", "nan"),
        ("confidence", "NaN"),
        ("confidence", 0),
        ("confidence", 1),
        ("more", 1),
    ],
)
def test_a_figure_that_cannot_be_is_told(path: Path, key: str, value: object) -> None:
    signed(path, lambda made: made["measurements"][0].update({key: value}))
    assert damage(path) == f"holds at measurements.0.{key} what no run writes"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("productionShare", "NaN"),
        ("productionShare", 1.2),
        ("edgeShare", -0.1),
        ("agreement", "NaN"),
        ("agreement", 7),
        ("cases", -1),
    ],
)
def test_a_set_of_cases_that_cannot_be_is_told(path: Path, key: str, value: object) -> None:
    cases = {"name": "decision", "digest": "d", "cases": 600}
    signed(path, lambda made: made.update(dataset=cases))
    assert damage(path) == ""
    signed(path, lambda made: made["dataset"].update({key: value}))
    assert damage(path) == f"holds at dataset.{key} what no run writes"


@pytest.mark.parametrize(
    "edit",
    [
        lambda made: made.update(finishedOn="2026-11-01T12:00:00"),
        lambda made: made.update(startedOn="2026-11-01T12:00:00"),
        lambda made: made.pop("behaviour"),
        lambda made: made.update(approved=True),
        lambda made: made["environment"].update(name="moon"),
    ],
)
def test_a_record_of_another_shape_is_told(
    path: Path, edit: Callable[[dict[str, Any]], object]
) -> None:
    signed(path, edit)
    assert damage(path).startswith("holds at ")


def test_what_is_too_large_or_no_file_is_not_read(path: Path) -> None:
    path.unlink()
    with path.open("wb") as file:
        file.truncate(evidence.LARGEST + 1)
    assert damage(path) == f"is larger than {evidence.LARGEST} bytes"
    path.unlink()
    os.mkfifo(path)
    assert damage(path) == "is no file"
    path.unlink()
    path.mkdir()
    assert damage(path) == "is no file"


def test_without_the_folder_there_is_no_evidence(tmp_path: Path) -> None:
    assert evidence.load(tmp_path) == []


def test_what_is_not_said_of_a_run_counts_against_it() -> None:
    made = evidence.Environment(name="staging")
    assert made.local_issuer and made.local_store
    cases = evidence.Dataset(name="x", digest="x", cases=1)
    assert (cases.production_share, cases.edge_share, cases.agreement, cases.look) == (
        0,
        0,
        None,
        None,
    )
