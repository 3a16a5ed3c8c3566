"""Looks at the decision set are counted, and each is one at what was there when it was taken."""

from pathlib import Path

import pytest

from poc.engine import ledger
from poc.engine.admissible import deployed
from poc.engine.problems import Exit, Refused
from tests.governance import staging
from tests.governance.console import Console
from tests.governance.sample import change, commit, project
from tests.governance.test_admissible import look, refusal, root, write

__all__ = ["root"]  # the fixture


def test_a_look_beyond_the_agreed_ones_is_refused(root: Path) -> None:
    for number in (2, 3):
        look(root)
        write(root, cases={"look": number})
        assert refusal(root) == ""
    look(root)
    write(root, cases={"look": 4})
    assert "it is look 4, and 3 are agreed" in refusal(root)


def test_the_newest_look_counts_not_the_best(root: Path) -> None:
    write(root)
    look(root)
    assert refusal(root) == "it is look 1, and look 2 was taken since"


def test_a_look_is_one_at_one_state_of_the_service_and_the_scorers(root: Path) -> None:
    (root / "app" / "usecase" / "prompt.md").write_text("Tuned on what the look showed.\n")
    write(root)
    assert refusal(root) == "app/ was changed after look 1 was taken; that takes another look"
    look(root)
    write(root, cases={"look": 2})
    assert refusal(root) == ""
    (root / "evals" / "scorers.py").write_text("RIGHT = 2\n")
    write(root, cases={"look": 2})
    assert refusal(root) == "the scorers were changed after look 2 was taken"


def test_a_look_is_one_of_one_ci_run(root: Path) -> None:
    look(root, run="70")
    write(root, cases={"look": 2})
    assert refusal(root) == "the CI run 70 took look 2, and 77 made it"
    look(root, run="77")
    write(root, cases={"look": 3})
    assert refusal(root) == ""


def test_without_a_contract_in_force_there_is_no_look(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="once a contract is in force"):
        staging.look(project(tmp_path))


def test_looks_are_counted_and_end(agreed: tuple[Path, Console]) -> None:
    root, _ = agreed
    assert [staging.look(root) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(Refused, match="All 3 agreed looks"):
        staging.look(root)
    what, line = deployed(root), ledger.load(root).of("look")[2]
    assert line.body == {
        "dataset": staging.CASES,
        "look": 3,
        "behaviour": what.behaviour,
        "scorer": what.scorer,
    }
    assert line.by == "Eva Noor"


def test_an_edited_or_unsigned_contract_gives_no_look(agreed: tuple[Path, Console]) -> None:
    root, _ = agreed
    change(root, "criteria", {"maxLooks": 9})
    with pytest.raises(Refused, match="changed since it was locked"):
        staging.look(root)
    change(root, "criteria", {"maxLooks": 3})
    (root / "governance" / "signoffs" / "risk.yaml").unlink()
    with pytest.raises(Refused, match="not signed by risk"):
        staging.look(root)
    change(root, "owners", {"roles.sponsor.person": "Ida Holm"})
    with pytest.raises(Refused, match="not signed by sponsor, risk"):
        staging.look(root)
    assert ledger.load(root).of("look") == []


def test_other_cases_and_other_scorers_at_the_next_look_stand_on_the_verdict(
    measured: tuple[Path, Console], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, poc = measured
    monkeypatch.setattr(staging, "CASES", "e" * 64)
    staging.scored(root, staging.look(root))
    assert poc.type("poc verdict") == Exit.OK
    assert "Goalposts: 1 move, 1 after results. Under the original contract: GO." in poc.out
    (root / "evals").mkdir()
    (root / "evals" / "scorers.py").write_text("RIGHT = True\n")
    commit(root, "kinder scorers")
    staging.scored(root, staging.look(root))
    staging.operated(root)
    first, second = poc.json("poc verdict")["verdict"]["moves"]
    assert (first["what"], first["kind"], first["blind"]) == (
        "cases of the decision set",
        "changed",
        False,
    )
    assert (first["before"], first["after"], first["why"]) == ("d" * 12, "e" * 12, "look 2")
    assert (second["what"], second["why"], second["by"]) == ("scorers", "look 3", "Eva Noor")
    assert poc.type("poc verdict") == Exit.OK and "Goalposts: 2 moves, 2 after" in poc.out


def test_a_look_at_the_same_again_moves_nothing(measured: tuple[Path, Console]) -> None:
    root, poc = measured
    staging.scored(root, staging.look(root))
    verdict = poc.json("poc verdict")["verdict"]
    assert (verdict["word"], verdict["moves"]) == ("GO", [])
    assert (verdict["looksUsed"], verdict["looksAllowed"]) == (2, 3)
