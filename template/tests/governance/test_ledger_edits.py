"""What somebody who knows the digests may write into the ledger, and what shows all the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from poc.engine import ledger
from poc.engine.digest import of
from poc.engine.problems import Damaged
from tests.governance.test_ledger import AGREED, AMENDED, MOVE, filled


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> None:
    (tmp_path / "governance").mkdir()


def signed(path: Path, line: int, edit: Callable[[dict[str, Any]], object]) -> None:
    """Edit a line, and make its digest and the chain after it fit again."""
    lines = [json.loads(one) for one in path.read_text("utf-8").splitlines()]
    edit(lines[line])
    previous = ""
    for one in lines:
        one.pop("digest")
        one["previous"] = previous
        previous = one["digest"] = of(one)
    path.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("lock", {}),
        ("lock", AGREED | {"terms": 3}),
        ("lock", {"contract": AGREED["contract"], "terms": {"value": 1}}),
        ("amend", AGREED),
        ("amend", AMENDED | {"changes": [{"what": "x"}]}),
        ("amend", AMENDED | {"changes": [MOVE | {"kind": "improved"}]}),
        ("amend", {"changes": [MOVE], "why": "so"}),
    ],
)
def test_a_line_without_what_was_agreed_is_refused(
    tmp_path: Path, event: ledger.Event, body: dict[str, Any]
) -> None:
    path = filled(tmp_path)
    signed(path, 2, lambda line: line.update(event=event, body=AMENDED))
    assert ledger.load(tmp_path).entries[2].event == event
    signed(path, 2, lambda line: line.update(event=event, body=body))
    with pytest.raises(Damaged, match=r"ledger.jsonl:3: this line is no ledger line"):
        ledger.load(tmp_path)


def test_terms_that_are_not_those_of_their_digest_show(tmp_path: Path) -> None:
    path = filled(tmp_path)
    signed(path, 2, lambda line: line.update(event="lock", body=AGREED | {"terms": {"value": 0}}))
    with pytest.raises(Damaged, match=r"ledger.jsonl:3: this line was edited"):
        ledger.load(tmp_path)


@pytest.mark.parametrize(
    "other", [{"at": "2026-11-01T12:00:00"}, {"seq": 9}, {"more": 1}, {"event": "party"}]
)
def test_a_line_of_another_shape_is_refused(tmp_path: Path, other: dict[str, Any]) -> None:
    path = filled(tmp_path)
    signed(path, 2, lambda line: line.update(other))
    with pytest.raises(Damaged, match=r"ledger.jsonl:3:"):
        ledger.load(tmp_path)
