"""The gate catches a real drop, does not cry wolf, and says when it cannot decide."""

import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from evals.compare import WHOLE, compare, pair
from evals.gate import PASS, REGRESSION, UNDECIDED, run
from evals.report import write
from evals.result import CaseOutcome, Result
from tests.evals.eval_fakes import case, outcome, result, row, subject

GATED = ("language=de",)
CASES = [case(number, family=f"f-{number // 2}") for number in range(120)]
KEY = subject().key


def _result(right: int, accepted: int = 60) -> Result:
    rows = [row(n, right=n < right, accepted=n < accepted) for n in range(120)]
    return result(CASES, rows)


def _run(
    folder: Path, accept: bool = False, key: str = KEY, gated: Sequence[str] = GATED
) -> tuple[int, str]:
    return run(accept, key, gated, folder / "runs", folder / "baseline.json")


def _store(folder: Path, found: Result, name: str = "now") -> None:
    write(found, folder / "runs" / name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project whose baseline has 110 of 120 right and 60 accepted."""
    _store(tmp_path, _result(110), "before")
    assert _run(tmp_path, accept=True)[0] == PASS
    return tmp_path


def test_the_same_again_passes(folder: Path) -> None:
    _store(folder, _result(110))
    code, text = _run(folder)
    assert code == PASS
    assert "120 unchanged cases compared; 0 new, 0 gone, 0 changed." in text
    assert text.splitlines()[-1].startswith("PASS")


def test_better_passes(folder: Path) -> None:
    _store(folder, _result(120, accepted=90))
    assert _run(folder)[0] == PASS


def test_a_drop_in_accuracy_fails_and_says_where(folder: Path) -> None:
    _store(folder, _result(80))
    code, text = _run(folder)
    assert code == REGRESSION
    worse = [line for line in text.splitlines() if line.endswith("REGRESSION")]
    assert worse[0].startswith("  all cases, accuracy: 91.7% -> 66.7%, change -25.0% (-")
    assert re.search(r"\(-\d+\.\d% to -\d+\.\d%\), p 0\.0000", worse[0])
    assert any("language=de, accuracy" in line for line in worse)


def test_a_drop_in_coverage_fails(folder: Path) -> None:
    _store(folder, _result(110, accepted=20))
    code, text = _run(folder)
    assert code == REGRESSION
    assert "all cases, coverage: 50.0% -> 16.7%" in text


def test_a_drop_in_precision_alone_fails(tmp_path: Path) -> None:
    def found(wrong: range) -> Result:
        rows = [row(n, right=n not in wrong, accepted=n < 60) for n in range(120)]
        return result(CASES, rows)

    _store(tmp_path, found(range(80, 110)), "before")
    _run(tmp_path, accept=True)
    _store(tmp_path, found(range(30, 60)))
    code, text = _run(tmp_path)
    assert code == REGRESSION
    worse = [line for line in text.splitlines() if line.endswith("REGRESSION")]
    assert "all cases, precision: 100.0% -> 50.0%" in worse[0]
    assert not any("all cases, accuracy" in line for line in worse)


def test_a_slice_outside_the_gate_is_reported_and_does_not_fail(folder: Path) -> None:
    # Two wrong answers more, both of the slice that nobody gates.
    rows = [row(n, right=n < 110 and n not in (0, 2), accepted=n < 60) for n in range(120)]
    _store(folder, result(CASES, rows))
    code, text = _run(folder)
    assert code == PASS
    reported = text[text.index("Reported only:") :]
    assert "language=en, accuracy: 91.7% -> 88.3%" in reported
    assert "language=de" not in reported


def test_only_unchanged_cases_are_paired(folder: Path) -> None:
    cases = [
        *CASES[10:100],
        *(case(n, family=f"f-{n // 2}", body="other") for n in range(100, 110)),
        *(case(number) for number in range(200, 203)),
    ]
    rows = [row(n, right=n < 110, accepted=n < 60) for n in range(210)]
    _store(folder, result(cases, rows))
    code, text = _run(folder)
    assert code == PASS
    assert "90 unchanged cases compared; 3 new, 20 gone, 10 changed." in text


def test_without_a_result_it_cannot_decide(tmp_path: Path) -> None:
    code, text = _run(tmp_path)
    assert (code, text) == (UNDECIDED, "CANNOT DECIDE: There is no result yet; run `make evals`.")
    assert _run(tmp_path, accept=True)[0] == UNDECIDED


def test_without_a_baseline_it_cannot_decide(tmp_path: Path) -> None:
    _store(tmp_path, _result(110))
    code, text = _run(tmp_path)
    assert code == UNDECIDED
    assert "store it with `make evals-accept`" in text


def test_a_part_of_the_cases_cannot_decide_and_is_no_baseline(folder: Path) -> None:
    before = (folder / "baseline.json").read_bytes()
    part = result(CASES, [row(n) for n in range(119)])
    _store(folder, part)
    for accept in (False, True):
        code, text = _run(folder, accept)
        assert code == UNDECIDED
        assert "incomplete" in text
    assert (folder / "baseline.json").read_bytes() == before


def test_a_result_of_other_code_cannot_decide(folder: Path) -> None:
    code, text = _run(folder, key="another")
    assert code == UNDECIDED
    assert "measured other code, cases or settings" in text
    assert _run(folder, accept=True, key="another")[0] == UNDECIDED


def test_another_dataset_entirely_cannot_decide(folder: Path) -> None:
    others = [case(number) for number in range(300, 420)]
    _store(folder, result(others, [row(n) for n in range(300, 420)]))
    code, text = _run(folder)
    assert code == UNDECIDED
    assert "Only 0 of the baseline's 120 cases" in text


def test_a_gated_slice_without_cases_cannot_decide(folder: Path) -> None:
    english = CASES[::2]
    _store(folder, result(english, [row(int(one.id[-3:])) for one in english]))
    code, text = _run(folder)
    assert code == UNDECIDED
    assert "No case is in language=de; correct GATED" in text


def test_changed_gates_need_a_new_report(folder: Path) -> None:
    _store(folder, _result(110))
    code, text = _run(folder, gated=("language=en",))
    assert code == UNDECIDED
    assert "GATED in evals/slices.py was changed" in text


def test_a_damaged_baseline_cannot_decide_and_can_be_replaced(folder: Path) -> None:
    (folder / "baseline.json").write_text("{")
    code, text = _run(folder)
    assert code == UNDECIDED
    assert "baseline.json is damaged" in text
    assert _run(folder, accept=True)[0] == PASS
    assert _run(folder)[0] == PASS


def test_accepting_says_what_changed_and_moves_the_floor(folder: Path) -> None:
    other = subject("new-data")
    rows = [row(n, right=n < 80, accepted=n < 60) for n in range(120)]
    _store(folder, result(CASES, rows, of=other))
    code, text = _run(folder, accept=True, key=other.key)
    assert code == PASS
    assert "dataset: d -> new-data" in text
    assert "all cases, accuracy: 91.7% -> 66.7%" in text
    assert _run(folder, key=other.key)[0] == PASS


def test_the_newest_result_counts_whatever_its_folder_is_called(folder: Path) -> None:
    _store(folder, _result(80), "zzz")
    _store(folder, _result(110), "aaa")
    assert _run(folder)[0] == PASS


def test_runs_with_other_numbers_of_repeats_weigh_the_same() -> None:
    before = [outcome(n, f"f-{n}", (), right=1, accepted=1) for n in range(40)]
    now = [outcome(n, f"f-{n}", (), right=3, accepted=3, runs=3) for n in range(40)]
    for first, second in ((before, now), (now, before)):
        whole = compare(pair(first, second), ())
        assert [one.part for one in whole] == [WHOLE] * 3
        assert [one.p_value for one in whole] == [1.0] * 3
    fewer = [outcome(n, f"f-{n}", (), right=2, accepted=3, runs=3) for n in range(40)]
    accuracy = compare(pair(before, fewer), ())[0]
    assert accuracy.before == 1.0
    assert accuracy.now == pytest.approx(2 / 3)
    assert accuracy.regression


SLICES = [f"part={k}" for k in range(20)]


def _latent(number: int) -> tuple[bool, bool]:
    """Whether a case is right and accepted but for noise; a family is easy or hard as a whole."""
    fixed = random.Random(number)  # noqa: S311
    easy = random.Random(number % 160).uniform(0.45, 0.95)  # noqa: S311
    return fixed.random() < easy, fixed.random() < easy / 2


LATENT = [_latent(number) for number in range(400)]


def _simulated(
    rng: random.Random, drop: float, noise: float
) -> tuple[list[CaseOutcome], list[CaseOutcome]]:
    """Two runs over 400 cases of 160 families in twenty slices, 70 % right.

    A case turns out alike in both but for `noise`, the share of outcomes that chance turns
    around; the second run loses `drop` of all cases.
    """
    before: list[CaseOutcome] = []
    now: list[CaseOutcome] = []
    for number, (right, accepted) in enumerate(LATENT):
        family = number % 160
        for run_, lost in ((before, 0.0), (now, drop / 0.7)):
            still = right and rng.random() >= lost
            seen = [one != (rng.random() < noise) for one in (still, accepted)]
            run_.append(outcome(number, f"f-{family:03}", [SLICES[family % 20]], *seen))
    return before, now


def _alarms(runs: int, drop: float, noise: float, gated: Sequence[str]) -> int:
    rng, found = random.Random(1), 0  # noqa: S311
    for _ in range(runs):
        both = pair(*_simulated(rng, drop, noise))
        found += any(one.regression for one in compare(both, gated, resamples=1))
    return found


@pytest.mark.parametrize(("noise", "runs"), [(0.05, 200), (0.3, 100)])
def test_with_no_change_over_twenty_slices_false_alarms_stay_at_five_percent(
    noise: float, runs: int
) -> None:
    assert _alarms(runs, drop=0.0, noise=noise, gated=SLICES) <= 0.05 * runs


def test_looking_at_every_slice_by_itself_would_cry_wolf() -> None:
    rng, alarms = random.Random(1), 0  # noqa: S311
    for _ in range(40):
        found = compare(pair(*_simulated(rng, 0.0, 0.3)), SLICES, resamples=1)
        alarms += any(one.p_value <= 0.05 for one in found)
    assert alarms >= 20


@pytest.mark.parametrize("gated", [(), SLICES])
def test_a_drop_of_ten_points_is_caught(gated: Sequence[str]) -> None:
    assert _alarms(40, drop=0.10, noise=0.05, gated=gated) >= 38
