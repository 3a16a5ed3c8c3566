"""Acceptance is fitted on unseen families, and promises only what it holds."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel, JsonValue
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from app.acceptance import Acceptance, Calibration, FittedOn, Judgement
from app.case import Guess
from evals.dataset import EvalCase
from evals.statistics import wilson
from evals.training.calibrate import GRID, Judged, choose_threshold, fit_logistic, precision_bound
from evals.training.curve import SIZES, draw
from evals.training.folds import (
    Example,
    Fixed,
    deal,
    examples,
    fit,
    grouped,
    is_right,
    out_of_fold,
    trainer,
)
from evals.training.learn import Training, calibration, learn, save_calibration
from evals.training.own import Base
from evals.training.train_report import Report, describe
from tests.evals.eval_fakes import Scorers, case


class Text(BaseModel):
    words: str
    clear: float = 1.0


class Colour(BaseModel):
    colour: str


class UseCase:
    """Guesses red; sure about clear texts only, and objects to nothing but `odd`."""

    prompt_version = "p"

    def baseline(self, case: Text) -> Guess[Colour]:
        return Guess(Colour(colour="red"), {"clear": case.clear, "constant": 1.0})

    def baseline_digest(self) -> str:
        return "0123456789abcdef"

    def objections(self, case: Text, answer: Colour) -> Sequence[str]:
        return ["odd"] if case.words == "odd" else []


USE_CASE: Any = UseCase()


def _example(number: int, family: str, colour: str = "red", clear: float = 1.0) -> Example:
    text = Text(words=f"w{number}", clear=clear)
    return Example(f"case-{number:04}", family, f"{colour}/de", text, {"colour": colour})


def _noisy(seed: int, families: int, each: int = 3) -> tuple[list[list[float]], list[bool]]:
    rng = random.Random(seed)  # noqa: S311
    rows = [[rng.gauss(3, 2), rng.random(), 0.5] for _ in range(families * each)]
    return rows, [rng.random() < 1 / (1 + 2.7 ** -(a - 3 + 2 * b)) for a, b, _ in rows]


@pytest.mark.parametrize("seed", range(4))
def test_the_fit_equals_scikit_learns(seed: int) -> None:
    rows, right = _noisy(seed, 60)
    scaled = StandardScaler().fit_transform(rows)
    oracle = LogisticRegression(C=1.0, tol=1e-10, max_iter=1000).fit(scaled, right)
    ours = fit_logistic(rows, right)
    assert ours.coefficients == pytest.approx(oracle.coef_[0].tolist(), abs=1e-4)
    assert ours.intercept == pytest.approx(float(oracle.intercept_[0]), abs=1e-4)
    expected = oracle.predict_proba(scaled)[:, 1].tolist()
    assert [ours.probability(row) for row in rows] == pytest.approx(expected, abs=1e-4)


def test_signals_that_separate_or_never_vary_stay_finite() -> None:
    rows = [[float(k), 7.0] for k in range(40)]
    separated = fit_logistic(rows, [k >= 20 for k in range(40)])
    assert separated.coefficients[1] == 0.0
    assert separated.probability([0.0, 7.0]) < 0.05 < 0.95 < separated.probability([39.0, 7.0])
    assert fit_logistic(rows, [True] * 40).probability([5.0, 7.0]) > 0.99
    assert fit_logistic(rows, [False] * 40).probability([5.0, 7.0]) < 0.01


def _judged(right: float, of: int, acceptance: float, each: int = 1) -> list[Judged]:
    """`of` families of `each` answers, the share `right` of families entirely right."""
    return [
        Judged(f"{acceptance}-{k}", acceptance, k < right * of, True)
        for k in range(of)
        for _ in range(each)
    ]


def test_the_threshold_is_the_lowest_that_keeps_the_promise() -> None:
    answers = _judged(0.99, 200, 0.8) + _judged(0.95, 100, 0.6) + _judged(0.5, 100, 0.4)
    assert choose_threshold(answers, 0.9) == 0.41
    assert choose_threshold(answers, 0.97) == 0.61
    assert choose_threshold(answers, 0.999) is None


def test_the_promise_is_a_lower_bound_and_not_an_average() -> None:
    assert choose_threshold(_judged(0.92, 50, 0.8), 0.9) is None
    assert choose_threshold(_judged(0.92, 2000, 0.8), 0.9) == GRID[0]


def test_variants_of_one_family_are_not_more_evidence() -> None:
    single, repeated = _judged(0.94, 200, 0.8), _judged(0.94, 200, 0.8, each=5)
    assert precision_bound(repeated) == pytest.approx(precision_bound(single), abs=0.001)
    assert precision_bound(single) == pytest.approx(wilson(188, 200, 0.9)[0], abs=0.001)


def test_what_an_objection_holds_back_says_nothing_about_the_threshold() -> None:
    bad = [Judged(f"o{k}", 0.9, False, False) for k in range(300)]
    assert choose_threshold(_judged(0.99, 200, 0.8) + bad, 0.9) == GRID[0]


class Memory:
    """Remembers what it was trained on: right about seen families only."""

    def __init__(self) -> None:
        self.fits: list[list[str]] = []

    def fit(
        self, cases: Sequence[Text], expected: Sequence[Mapping[str, JsonValue]]
    ) -> SimpleNamespace:
        seen = {
            one.words: str(answer["colour"]) for one, answer in zip(cases, expected, strict=True)
        }
        self.fits.append(sorted(seen))
        return SimpleNamespace(
            guess=lambda one: Guess(Colour(colour=seen.get(one.words, "?")), {"seen": 0.5}),
            save=lambda: None,
        )


FOUND = [_example(n, f"f-{n // 2:02}", "red" if n % 4 < 2 else "blue") for n in range(60)]


def test_out_of_fold_guesses_never_saw_their_family() -> None:
    memory = Memory()
    guesses = out_of_fold(FOUND, memory, deal(FOUND))
    assert [guess.answer.colour for guess in guesses] == ["?"] * 60
    assert len(memory.fits) == 5
    seen = fit(memory, FOUND)
    assert all(is_right(one, seen.guess(one.input), Scorers()) for one in FOUND)


def test_folds_are_even_in_every_label_and_do_not_split_families() -> None:
    folds = deal(FOUND)
    assert set(folds) == {one.family for one in FOUND}
    for families in grouped(FOUND).values():
        counts = [sum(folds[one] == fold for one in families) for fold in range(5)]
        assert max(counts) - min(counts) <= 1


def test_the_order_of_the_cases_does_not_matter_and_the_seed_does() -> None:
    assert deal(FOUND[::-1]) == deal(FOUND)
    assert deal(FOUND, seed=8) != deal(FOUND)


def test_cases_that_are_quarantined_are_no_examples() -> None:
    cases = [case(1), case(2, expected={"quarantined": "empty"}), case(3), case(4)]

    def clean(one: EvalCase) -> Text | None:
        return None if one.id == "case-003" else Text(words=str(one.body))

    found, kept_back = examples(cases, clean, Scorers())
    assert [one.id for one in found] == ["case-001", "case-004"]
    assert [one.group for one in found] == ["red/de", "red/en"]
    assert kept_back == ["case-003"]


def _signalled(families: int = 150) -> list[Example]:
    """Clear texts are red, unclear ones mostly blue: the guess `red` is right when it is clear."""
    found = []
    for number in range(families * 2):
        clear = (number // 2 % 2) * 0.8 + number % 3 * 0.05
        right = clear > 0.5 or number % 10 < 2
        found.append(_example(number, f"f-{number // 2:03}", "red" if right else "blue", clear))
    return found


def _said(learned: Training) -> str:
    families = len({one.family for one in learned.answers})
    return describe(Report(Base("shipped", "as asked", [], frozenset()), learned, 0.9, families))


def test_learning_finds_the_signal_and_a_threshold_that_uses_it() -> None:
    learned = learn(_signalled(), Fixed(USE_CASE), USE_CASE, Scorers(), 0.9)
    assert learned.signals == ["clear", "constant"]
    assert learned.threshold is not None
    accepted = [one for one in learned.answers if one.acceptance >= learned.threshold]
    assert 140 <= len(accepted) <= 160
    assert all(one.right for one in accepted)
    text = _said(learned)
    assert "300 cases of 150 families" in text
    assert "100.0% of them right (target: 90% with 95 % confidence)" in text


def test_a_promise_that_cannot_be_kept_sends_everything_to_a_person() -> None:
    found = [_example(n, f"f-{n}", "red" if n % 2 else "blue", 0.5) for n in range(100)]
    learned = learn(found, Fixed(USE_CASE), USE_CASE, Scorers(), 0.9)
    assert learned.threshold is None
    assert "everything goes to a person" in _said(learned)


def test_answers_that_the_use_case_objects_to_are_not_free() -> None:
    found = _signalled()
    odd = [replace(one, input=Text(words="odd", clear=0.9)) for one in found[:40]]
    learned = learn([*odd, *found[40:]], Fixed(USE_CASE), USE_CASE, Scorers(), 0.9)
    assert [one.free for one in learned.answers] == [False] * 40 + [True] * 260


def test_learning_twice_gives_the_same() -> None:
    first = learn(_signalled(), Fixed(USE_CASE), USE_CASE, Scorers(), 0.9)
    assert learn(_signalled(), Fixed(USE_CASE), USE_CASE, Scorers(), 0.9) == first


def test_the_service_judges_by_what_was_learned(tmp_path: Path) -> None:
    learned = learn(_signalled(), Fixed(USE_CASE), USE_CASE, Scorers(), 0.9)
    path = tmp_path / "calibration.json"
    save_calibration(calibration(learned, _signalled(), USE_CASE, "digest", 0.9), path)
    acceptance = Acceptance.load(path)

    def judge(clear: float) -> Judgement:
        signals = {"clear": clear, "constant": 1.0}
        return acceptance.judge("offline", "baseline@0123456789ab", "p", signals)

    assert judge(0.9).accepted
    assert not judge(0.0).accepted
    assert judge(0.9).acceptance == pytest.approx(
        learned.logistic.probability([0.9, 1.0]), abs=1e-12
    )
    stored = json.loads(path.read_text())["calibrations"][0]
    assert stored["fitted_on"]["dataset_digest"] == "digest"
    assert (stored["fitted_on"]["cases"], stored["fitted_on"]["families"]) == (300, 150)


def _calibration(provider: str, model: str) -> Calibration:
    return Calibration(
        provider=provider,
        model=model,
        prompt_version="p",
        signals=[],
        mean=[],
        scale=[],
        coefficients=[],
        intercept=0.0,
        threshold=None,
        precision_target=0.9,
        fitted_on=FittedOn(dataset_digest="d", cases=1, families=1, method="m", seed=1),
    )


def test_saving_replaces_the_old_weights_calibration_and_keeps_other_models(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    for provider, model in (("openai", "m"), ("offline", "old"), ("offline", "new")):
        save_calibration(_calibration(provider, model), path)
    models = [one["model"] for one in json.loads(path.read_text())["calibrations"]]
    assert models == ["new", "m"]
    path.write_text("{damaged")
    save_calibration(_calibration("offline", "newer"), path)
    assert [one["model"] for one in json.loads(path.read_text())["calibrations"]] == ["newer"]


def test_a_use_case_without_a_trainer_keeps_its_baseline() -> None:
    fixed = trainer(USE_CASE, "app.usecase.no_such_module")
    guess = fit(fixed, FOUND).guess(Text(words="any"))
    assert guess.answer.colour == "red"


def test_a_trainer_that_cannot_be_imported_is_not_taken_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_trainer.py").write_text("import a_library_that_is_not_there\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match="a_library_that_is_not_there"):
        trainer(USE_CASE, "broken_trainer")


def test_the_learning_curve_grows_families_and_stays_off_the_evaluation_split() -> None:
    memory, said = Memory(), list[str]()
    evaluation = [_example(n, f"e-{n}") for n in range(500, 510)]
    curve = draw(FOUND, evaluation, memory, Scorers(), "digest", said.append)
    sizes = [one for one in SIZES if one <= 15]  # a label has 15 families
    assert sorted({point.families for point in curve.points}) == sizes
    assert [point.cases for point in curve.points if point.families == 4] == [16, 16, 16]
    assert all(point.evaluation == point.out_of_fold == 0.0 for point in curve.points)
    trained = {word for words in memory.fits for word in words}
    assert trained <= {f"w{number}" for number in range(60)}
    assert len(memory.fits[0]) == 8
    assert curve.dataset_digest == "digest"
    assert len(said) == len(curve.points) == 3 * len(sizes)
    assert draw(FOUND, evaluation, Memory(), Scorers(), "digest", said.append) == curve
