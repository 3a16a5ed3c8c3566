"""The synthetic cases: many families, none in both splits, and made again from the same seed."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from conftest import TEMPLATE

from tools.cases import families
from tools.cases.generate import write

CASES = TEMPLATE / "evals" / "cases"
FAMILIES = families.load()


def rows(split: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / f"{split}.jsonl").read_text("utf-8").splitlines()]


def test_the_generator_writes_what_is_committed(tmp_path: Path) -> None:
    write(tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (CASES / path.name).read_bytes(), path.name


def test_each_queue_and_language_has_twenty_families_a_third_for_evaluation() -> None:
    for language in families.LANGUAGES:
        for queue in families.QUEUES:
            found = [
                f.split
                for f in FAMILIES
                if (f.language, f.queue, f.also) == (language, queue, None)
            ]
            assert len(found) >= 20
            assert 0.3 <= found.count("evaluation") / len(found) <= 0.37


def test_the_splits_are_large_enough_and_share_no_family() -> None:
    training, evaluation = rows("training"), rows("evaluation")
    assert len(training) >= 800
    assert len(evaluation) >= 400
    assert not {row["family"] for row in training} & {row["family"] for row in evaluation}


def test_every_case_is_marked_synthetic_and_edges_are_fifteen_to_thirty_percent() -> None:
    for split in families.SPLITS:
        found = rows(split)
        assert {row["origin"] for row in found} == {"synthetic"}
        edges = Counter(row["edge"] is not None for row in found)
        assert 0.15 <= edges[True] / len(found) <= 0.30


def test_the_manifest_counts_what_is_there() -> None:
    manifest = json.loads((CASES / "manifest.json").read_text())
    assert manifest["origin"] == "synthetic"
    assert manifest["cases"] == {split: len(rows(split)) for split in families.SPLITS}
