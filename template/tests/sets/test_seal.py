"""`poc seal`: what is locked away stays as it was, and opens with its key only."""

import hashlib
import json
from pathlib import Path

import pytest

from evals.dataset import EvalCase
from poc.engine.problems import Exit, Refused
from poc.sets import cases as sets
from poc.sets.manifest import cases_of, labelled_of, load
from poc.sets.sealing import VARIABLE, Key, key_file
from tests.governance.console import Console
from tests.governance.sample import commit, git
from tests.sets.mails import label


@pytest.fixture
def labelled(root: Path, poc: Console, inbox: Path) -> list[EvalCase]:
    poc.type(f"poc sample {inbox} --set decision --origin production --class internal --cases 40")
    label(root, "decision")
    return sets.read(labelled_of(root, "decision"), "decision")


def sealed(root: Path) -> Path:
    return root / "governance" / "sets" / "decision.sealed"


def test_sealing_takes_the_plain_cases_away_and_the_key_brings_them_back(
    root: Path, poc: Console, labelled: list[EvalCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert poc.type("poc seal") == Exit.OK
    assert not cases_of(root, "decision").exists()
    assert not labelled_of(root, "decision").exists()
    raw = sealed(root).read_bytes()
    assert not any(word.encode() in raw for word in (labelled[0].body or "").split()[-9:])
    assert sets.labelled(root, "decision")[1] == labelled
    # As in CI: only the variable, no file.
    text = key_file(root, "decision").read_text()
    assert text.strip() not in poc.out
    key_file(root, "decision").unlink()
    with pytest.raises(Refused, match="its key is not here: set POC_SET_KEY"):
        sets.labelled(root, "decision")
    monkeypatch.setenv(VARIABLE, text)
    assert sets.labelled(root, "decision")[1] == labelled


def test_the_key_is_the_owners_alone_and_git_leaves_it_out(
    root: Path, poc: Console, labelled: list[EvalCase]
) -> None:
    (root / ".gitignore").write_text("/build/\n/data/\n")
    poc.type("poc seal")
    path = key_file(root, "decision")
    assert path.stat().st_mode & 0o777 == 0o600
    assert git(root, "check-ignore", path.relative_to(root).as_posix())
    assert load(root, "decision").seal is not None


def test_one_altered_byte_is_seen(root: Path, poc: Console, labelled: list[EvalCase]) -> None:
    poc.type("poc seal")
    raw = bytearray(sealed(root).read_bytes())
    for place in (0, len(raw) // 2, len(raw) - 1):
        raw[place] ^= 1
        sealed(root).write_bytes(raw)
        with pytest.raises(Refused, match="its digest differs"):
            sets.labelled(root, "decision")
        raw[place] ^= 1
    sealed(root).write_bytes(raw)
    assert sets.labelled(root, "decision")[1] == labelled


def test_a_forged_digest_does_not_help(root: Path, poc: Console, labelled: list[EvalCase]) -> None:
    """Somebody alters the file and its manifest together."""
    poc.type("poc seal")
    raw = bytearray(sealed(root).read_bytes())
    raw[-1] ^= 1
    sealed(root).write_bytes(raw)
    path = root / "governance" / "sets" / "decision.json"
    data = json.loads(path.read_text())
    data["seal"]["sha256"] = hashlib.sha256(raw).hexdigest()
    path.write_text(json.dumps(data))
    with pytest.raises(Refused, match="does not belong to governance/sets/decision.json"):
        sets.labelled(root, "decision")


def test_a_seal_is_bound_to_its_labels(root: Path, poc: Console, labelled: list[EvalCase]) -> None:
    poc.type("poc seal")
    path = root / "governance" / "sets" / "decision.json"
    data = json.loads(path.read_text())
    data["labels"]["digest"] = "0" * 64
    path.write_text(json.dumps(data))
    with pytest.raises(Refused, match="does not belong to"):
        sets.labelled(root, "decision")


def test_another_key_is_named(
    root: Path, poc: Console, labelled: list[EvalCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    poc.type("poc seal")
    monkeypatch.setenv(VARIABLE, Key.new().text)
    seal = load(root, "decision").seal
    assert seal is not None
    with pytest.raises(Refused, match=f"it takes the key {seal.key}"):
        sets.labelled(root, "decision")
    monkeypatch.setenv(VARIABLE, "secret")
    with pytest.raises(Refused, match="POC_SET_KEY holds no key"):
        sets.labelled(root, "decision")


def test_the_key_of_ci_is_used_where_it_is_given(
    root: Path, poc: Console, labelled: list[EvalCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = Key.new()
    monkeypatch.setenv(VARIABLE, key.text)
    data = poc.json("poc seal --to data/decision.sealed")
    assert data["key"] == key.name
    assert data["keyFile"] is None
    assert not key_file(root, "decision").exists()
    assert (root / "data" / "decision.sealed").exists()
    assert sets.labelled(root, "decision")[1] == labelled


def test_a_set_is_sealed_once_and_whole(
    root: Path, poc: Console, inbox: Path, tmp_path: Path
) -> None:
    draw = f"poc sample {inbox} --set decision --origin production --class internal --cases 30"
    assert poc.type("poc seal") == Exit.INVALID
    assert "poc sample" in poc.err
    poc.type(draw)
    assert poc.type("poc seal") == Exit.REFUSED
    assert "has no labels yet" in poc.err
    label(root, "decision")
    assert poc.type(f"poc seal --to {tmp_path}/elsewhere") == Exit.REFUSED
    assert "lies outside of the project" in poc.err
    assert labelled_of(root, "decision").exists()
    assert poc.type("poc seal") == Exit.OK
    assert poc.type("poc seal") == Exit.REFUSED
    assert "was sealed on" in poc.err


def test_what_is_in_git_in_plain_is_not_sealed(
    root: Path, poc: Console, labelled: list[EvalCase]
) -> None:
    commit(root, "oops")
    assert poc.type("poc seal") == Exit.REFUSED
    assert "is in git, where everybody can read it" in poc.err
    assert labelled_of(root, "decision").exists()


def test_labels_changed_by_hand_are_not_sealed(
    root: Path, poc: Console, labelled: list[EvalCase]
) -> None:
    changed = [one.model_copy(update={"expected": {"queue": None}}) for one in labelled]
    sets.write(labelled_of(root, "decision"), changed)
    assert poc.type("poc seal") == Exit.REFUSED
    assert "poc label collect decision" in poc.err
    assert not sealed(root).exists()


def test_a_set_drawn_later_is_kept_apart_from_a_sealed_one(
    root: Path, poc: Console, labelled: list[EvalCase], inbox: Path
) -> None:
    draw = f"poc sample {inbox} --set development --origin production --class internal --cases 90"
    poc.type("poc seal")
    path = key_file(root, "decision")
    key = path.read_text()
    path.unlink()
    assert poc.type(draw) == Exit.REFUSED
    assert "Draw with its key (POC_SET_KEY)" in poc.err
    path.write_text(key)
    assert poc.type(draw) == Exit.OK
    mine = sets.read(cases_of(root, "development"), "development")
    assert len(mine) == 80
    assert not {one.id for one in mine} & {one.id for one in labelled}


def test_what_would_not_count_is_not_sealed_without_a_word(
    root: Path, poc: Console, inbox: Path
) -> None:
    poc.type(f"poc sample {inbox} --set decision --origin curated --class internal --cases 30")
    label(root, "decision", kappa=0.4)
    assert poc.type("poc seal") == Exit.REFUSED
    assert "What is measured on this set would not count:" in poc.err
    assert "Its cases are curated" in poc.err
    assert "is 0.40, 0.80 is agreed" in poc.err
    assert labelled_of(root, "decision").exists()
    assert poc.type("poc seal --unfit") == Exit.OK
    assert not labelled_of(root, "decision").exists()
