"""The ledger shows every edit, and refuses what would blur the order of events."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from poc.engine import ledger
from poc.engine.digest import of
from poc.engine.problems import Damaged, InvalidFile, Refused
from poc.engine.situation import Situation

AGREED = {"contract": of({"value": 1}), "terms": {"value": 1}, "scope": {}}
MOVE = {"what": "x", "kind": "loosened", "before": "1", "after": "2", "blind": True}
AMENDED = AGREED | {"changes": [MOVE], "why": "so"}
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def where(minutes: float = 0) -> Situation:
    return Situation(NOW + timedelta(minutes=minutes), "", "c0ffee", False)


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> None:
    (tmp_path / "governance").mkdir()


def filled(root: Path, lines: int = 3) -> Path:
    for number in range(lines):
        ledger.append(root, "score", {"score": number}, "Ana", where(number))
    return root / ledger.PATH


def test_lines_come_back_in_order_with_what_was_said(tmp_path: Path) -> None:
    filled(tmp_path)
    in_ci = Situation(NOW + timedelta(minutes=10), "77", "c0ffee", False)
    ledger.append(tmp_path, "look", {"dataset": "d"}, "Bea", in_ci)
    entries = ledger.load(tmp_path).entries
    assert [(one.seq, one.event, one.by) for one in entries] == [
        (1, "score", "Ana"),
        (2, "score", "Ana"),
        (3, "score", "Ana"),
        (4, "look", "Bea"),
    ]
    assert entries[1].body == {"score": 1}
    assert (entries[0].at, entries[3].commit, entries[3].run) == (NOW, "c0ffee", "77")
    assert [one.event for one in ledger.load(tmp_path).of("look", "lock")] == ["look"]


def test_an_absent_ledger_is_empty(tmp_path: Path) -> None:
    assert ledger.load(tmp_path).entries == []


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [(0, '"score": 0', '"score": 9'), (2, '"score": 2', '"score": 9'), (1, "Ana", "Eve")],
)
def test_an_edited_line_is_named(tmp_path: Path, line: int, old: str, new: str) -> None:
    path = filled(tmp_path)
    lines = path.read_text("utf-8").splitlines()
    assert old in lines[line]
    lines[line] = lines[line].replace(old, new)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(Damaged, match=rf"ledger.jsonl:{line + 1}: this line was edited.*git"):
        ledger.load(tmp_path)


def test_an_edit_with_a_new_digest_breaks_the_chain_after_it(tmp_path: Path) -> None:
    path = filled(tmp_path)
    lines = path.read_text("utf-8").splitlines()
    data = json.loads(lines[1])
    data.pop("digest")
    data["body"] = {"score": 99}
    data["digest"] = of(data)
    lines[1] = json.dumps(data)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(Damaged, match=r"ledger.jsonl:3: a line before it was removed or moved"):
        ledger.load(tmp_path)


@pytest.mark.parametrize("order", [[0, 2], [1, 2], [0, 2, 1]])
def test_removed_and_moved_lines_show(tmp_path: Path, order: list[int]) -> None:
    path = filled(tmp_path)
    lines = path.read_text("utf-8").splitlines()
    path.write_text("".join(lines[i] + "\n" for i in order), "utf-8")
    with pytest.raises(Damaged, match="removed or moved"):
        ledger.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello\n", "no ledger line"),
        ("{}\n", "no ledger line"),
        ("[]\n", "no ledger line"),
        ("[" * 100_000 + "\n", "no ledger line"),
        ("\n", "no ledger line"),
        ('{"digest": "x"', "last line is cut"),
    ],
)
def test_what_is_no_ledger_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = filled(tmp_path, 1)
    path.write_text(text, "utf-8")
    with pytest.raises(Damaged, match=f"ledger.jsonl.*{said}.*git checkout"):
        ledger.load(tmp_path)


def test_the_contract_in_force_is_the_newest_and_the_original_the_first(tmp_path: Path) -> None:
    assert ledger.load(tmp_path).in_force is None and ledger.load(tmp_path).original is None
    events: list[ledger.Event] = ["lock", "amend", "amend", "score"]
    for event in events:
        ledger.append(tmp_path, event, AMENDED, "Ana", where())
    whole = ledger.load(tmp_path)
    assert whole.in_force and whole.original
    assert (whole.original.seq, whole.in_force.seq) == (1, 3)


@pytest.mark.parametrize("lines", [1, 2])
def test_two_people_on_two_branches_are_told_whose_line_goes(tmp_path: Path, lines: int) -> None:
    path = filled(tmp_path, 1)
    base = path.read_bytes()
    for number in range(lines):
        ledger.append(tmp_path, "score", {"score": number}, "Ana", where(5))
    ours = path.read_bytes().removeprefix(base)
    path.write_bytes(base)
    for number in range(lines):
        ledger.append(tmp_path, "score", {"score": number}, "Bea", where(6))
    path.write_bytes(path.read_bytes() + ours)
    with pytest.raises(Damaged, match=rf"lines 2 and {2 + lines} were written at once, by Bea and"):
        ledger.load(tmp_path)


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    def attempt(number: int) -> bool:
        try:
            ledger.append(tmp_path, "score", {"score": number}, "Ana", where())
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(attempt, range(40)))
    assert len(ledger.load(tmp_path).entries) == sum(done) > 0


def test_while_one_writes_the_other_is_told_to_wait(tmp_path: Path) -> None:
    with ledger.writing(tmp_path), pytest.raises(Refused, match="Somebody else is writing"):
        ledger.append(tmp_path, "score", {}, "Bea", where())
    ledger.append(tmp_path, "score", {}, "Bea", where())


def test_a_clock_behind_the_last_line_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path)
    before = path.read_bytes()
    with pytest.raises(Refused, match="set the clock of this machine right"):
        ledger.append(tmp_path, "score", {}, "Ana", where(2 - 6))
    assert path.read_bytes() == before
    ledger.append(tmp_path, "score", {}, "Ana", where(2 - 5))  # clocks differ by minutes


def test_where_there_is_no_project_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="no folder governance/ here"):
        ledger.append(tmp_path / "elsewhere", "score", {}, "Ana", where())
    assert not (tmp_path / "elsewhere").exists()


def test_a_ledger_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / ledger.PATH).mkdir()
    with pytest.raises(Damaged, match=r"ledger.jsonl cannot be read: Is a directory"):
        ledger.load(tmp_path)
