"""Scoring the decision set is a look: allowed by a contract, counted before anything is scored."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.usecase import USE_CASE
from evals import run, sets
from evals.leaks import leaks
from evals.service import reader
from poc.engine import ledger
from poc.engine.problems import Exit, Refused
from poc.engine.situation import situation
from tests.governance.console import Console
from tests.governance.sample import commit, git
from tests.sets.mails import label

Agreed = tuple[Path, Console]


@pytest.fixture
def ready(agreed: Agreed, inbox: Path) -> Agreed:
    """A contract in force, and a sealed decision set."""
    root, poc = agreed
    poc.type(f"poc sample {inbox} --set decision --origin production --class internal --cases 40")
    label(root, "decision")
    assert poc.type("poc seal") == Exit.OK
    (root / ".gitignore").write_text("/build/\n/data/\n")
    commit(root, "decision set")
    return root, poc


def looks(root: Path) -> int:
    return len(ledger.load(root).of("look"))


def test_each_scoring_is_a_look_and_no_more_than_agreed_are_given(
    ready: Agreed, tmp_path: Path
) -> None:
    root, _ = ready
    found = sets.gather("decision", root)
    assert found.agreement == 0.9
    for number in (1, 2, 3):
        assert sets.look(found, tmp_path / "none", fresh=False, root=root) == number
    with pytest.raises(Refused, match="All 3 agreed looks"):
        sets.look(found, tmp_path / "none", fresh=False, root=root)
    assert looks(root) == 3


def test_a_run_that_goes_on_is_the_same_look(ready: Agreed, tmp_path: Path) -> None:
    root, _ = ready
    found, rows = sets.gather("decision", root), tmp_path / "rows.jsonl"
    assert sets.look(found, rows, fresh=False, root=root) == 1
    rows.write_text("half of them\n")
    assert sets.look(found, rows, fresh=False, root=root) == 1
    assert sets.look(found, rows, fresh=True, root=root) == 2
    (root / "app" / "usecase" / "prompt.md").write_text("Another service.\n")
    assert sets.look(found, rows, fresh=False, root=root) == 3


def test_a_run_of_ci_is_a_look_of_its_own(
    ready: Agreed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, _ = ready
    found, rows = sets.gather("decision", root), tmp_path / "rows.jsonl"
    rows.write_text("")
    assert sets.look(found, rows, fresh=False, root=root) == 1
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("GITHUB_RUN_ID", "77")
    assert sets.look(found, rows, fresh=False, root=root) == 2
    assert ledger.load(root).of("look")[-1].by == "CI run 77"


def test_a_look_that_could_not_count_is_not_spent(
    ready: Agreed, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, _ = ready
    found = sets.gather("decision", root)
    with pytest.raises(Refused, match="would not count, as no CI run made it"):
        run.measure(run.parse(["--split", "decision"]), found, root)
    assert looks(root) == 0
    sets.worth_it(found, here=True, root=root)
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("GITHUB_RUN_ID", "77")
    sets.worth_it(found, here=False, root=root)


def test_without_a_contract_in_force_nothing_is_scored(
    root: Path, console: Callable[[Path], Console], inbox: Path, tmp_path: Path
) -> None:
    poc = console(root)
    poc.type(f"poc sample {inbox} --set decision --origin production --class internal --cases 30")
    label(root, "decision")
    with pytest.raises(Refused, match="scored only once it is sealed"):
        sets.gather("decision", root)
    poc.type("poc seal")
    found = sets.gather("decision", root)
    with pytest.raises(Refused, match="once a contract is in force"):
        sets.look(found, tmp_path / "none", fresh=False, root=root)
    assert looks(root) == 0


def test_a_prompt_that_holds_a_case_is_refused_before_the_look(
    ready: Agreed, tmp_path: Path
) -> None:
    root, _ = ready
    found = sets.gather("decision", root)
    words = " ".join(_text(found).split()[-9:])
    prompt = root / "app" / "usecase" / "prompt.md"
    prompt.write_text(f"For example: {words.upper()}\n")
    with pytest.raises(Refused, match=r"app/usecase/prompt\.md holds words of 1 of its cases"):
        sets.look(found, tmp_path / "none", fresh=False, root=root)
    assert looks(root) == 0
    prompt.write_text("Sort the letter.\n")
    assert sets.look(found, tmp_path / "none", fresh=False, root=root) == 1


def test_a_footer_that_many_write_betrays_no_case() -> None:
    footer = "one two three four five six seven eight nine ten"
    texts = {f"case-{number}": f"{footer} letter {number}" for number in range(3)}
    with TemporaryDirectory() as folder:
        prompt = Path(folder) / "prompt.md"
        prompt.write_text(f"Ignore what everybody writes: {footer}.\n")
        assert leaks(Path(folder), texts, [prompt]) == {}
        prompt.write_text(f"For example: {footer} letter 1\n")
        assert leaks(Path(folder), texts, [prompt]) == {"prompt.md": 1}


def test_the_gate_sees_looks_in_the_ledger_that_nobody_allowed(agreed: Agreed) -> None:
    root, poc = agreed
    body = {"dataset": "d" * 64, "look": 1, "behaviour": "b", "scorer": "s"}
    for _ in range(4):
        ledger.append(root, "look", body, "Eva Noor", situation(root))
    assert poc.type("poc gate R4") == Exit.REFUSED
    assert "look 4, and 3 are agreed" in poc.out
    (root / "governance" / "ledger.jsonl").unlink()
    ledger.append(root, "look", body, "Eva Noor", situation(root))
    assert poc.type("poc gate R4") == Exit.REFUSED
    assert "without a contract in force" in poc.out


def test_other_splits_are_no_looks(ready: Agreed, tmp_path: Path, inbox: Path) -> None:
    root, poc = ready
    poc.type(f"poc sample {inbox} --set development --origin production --class internal --cases 9")
    label(root, "development")
    found = sets.gather("development", root)
    assert len(found.cases) == 9
    assert sets.look(found, tmp_path / "none", fresh=False, root=root) is None
    assert looks(root) == 0
    with pytest.raises(Exception, match="draw the set first"):
        sets.gather("unknown", root)


def test_the_gate_sees_looks_that_were_not_allowed(ready: Agreed, tmp_path: Path) -> None:
    root, poc = ready
    assert poc.type("poc gate R4") == Exit.OK
    assert "scored 0 of 3 times" in poc.out
    found = sets.gather("decision", root)
    sets.look(found, tmp_path / "none", fresh=False, root=root)
    assert poc.type("poc gate R4") == Exit.OK
    assert "scored 1 of 3 times" in poc.out
    (root / "data" / "sets" / "decision").mkdir(parents=True, exist_ok=True)
    (root / "data" / "sets" / "decision" / "labelled.jsonl").write_text("{}\n")
    git(root, "add", "-f", "data/sets/decision/labelled.jsonl")
    assert poc.type("poc gate R4") == Exit.REFUSED
    assert "data/sets/decision/labelled.jsonl is in git" in poc.out


def _text(found: sets.Gathered) -> str:
    case = found.cases[0]
    value = reader(USE_CASE)(case)
    assert value
    return value
