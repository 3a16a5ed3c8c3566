"""Acceptance of hosted models: what is promised holds on fresh cases, or nothing is promised."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import JsonValue

from app.acceptance import Acceptance
from app.case import Guess
from evals import dataset, train
from evals.hosted import unseen
from evals.statistics import wilson
from evals.training import own
from tests.evals.colours import Colour, Note, Trainer, cases, write
from tests.evals.hosted import FRESH, OWN, SURE, Project, chance, labelled


def kept_promise(judged: list[tuple[bool, bool]]) -> bool:
    """Whether precision above the threshold is within chance of 90 % or better."""
    right = [hit for accepted, hit in judged if accepted]
    return wilson(sum(right), len(right), 0.90)[1] >= 0.90


def test_a_model_that_is_mostly_right_answers_most_and_keeps_the_promise(project: Project) -> None:
    said = project.calibrate("right-97")
    assert "right about 9" in said
    judged = project.judge("right-97")
    assert sum(accepted for accepted, _ in judged) > 80
    assert kept_promise(judged)


def test_a_model_that_is_often_right_answers_where_it_agrees(project: Project) -> None:
    project.calibrate("right-90")
    fitted, judged = project.fitted(), project.judge("right-90")
    assert fitted.threshold is not None
    assert "model.agrees.colour" in fitted.signals
    assert kept_promise(judged)
    held_back = [hit for accepted, hit in judged if not accepted]
    assert sum(held_back) / max(len(held_back), 1) < 0.9


def test_a_model_that_is_wrong_leaves_everything_to_people_or_keeps_the_promise(
    project: Project,
) -> None:
    project.calibrate("right-30")
    judged = project.judge("right-30")
    answered = [hit for accepted, hit in judged if accepted]
    assert not answered or kept_promise(judged)
    assert len(answered) < 40  # it is right in about 36 cases


def test_a_model_that_is_sure_and_wrong_convinces_nobody(project: Project) -> None:
    said = project.calibrate("sure-60", model_output="native", model_logprobs=True)
    assert SURE not in said
    fitted = project.fitted()
    assert "setting.log_probability" not in fitted.signals  # it never varies, so it adds nothing
    judged = project.judge("sure-60", model_output="native")
    accepted = [hit for one, hit in judged if one]
    assert not accepted or kept_promise(judged)
    wrong = sum(not hit for _, hit in judged)
    assert sum(not hit for hit in accepted) < wrong / 4


def test_nothing_is_promised_where_nothing_tells_right_from_wrong(project: Project) -> None:
    mixed = [
        one.model_copy(update={"expected": OWN[int(180 * chance("mix", n))].expected})
        for n, one in enumerate(OWN)
    ]
    labelled(project.root, mixed)
    said = project.calibrate("right-90")
    assert project.fitted().threshold is None
    assert "No threshold keeps 90% precision: everything goes to a person." in said
    assert not any(accepted for accepted, _ in project.judge("right-90"))


def test_repeats_are_kept_where_they_tell_what_nothing_else_does(project: Project) -> None:
    labelled(project.root, OWN[:120])
    project.calibrate("torn-75", model_repeats=3)
    fitted = project.fitted()
    assert "setting.equal_of_3" in fitted.signals
    assert "APP_MODEL_REPEATS=3" in fitted.fitted_on.method
    project.fresh = FRESH[:50]
    assert kept_promise(project.judge("torn-75", model_repeats=3))
    project.fresh = FRESH[:10]
    assert not any(accepted for accepted, _ in project.judge("torn-75"))


def test_what_repeats_do_not_add_is_not_paid_for(project: Project) -> None:
    said = project.calibrate("right-97", model_repeats=2)
    assert "setting.equal_of_2" not in project.fitted().signals
    assert "Set APP_MODEL_REPEATS=1 APP_MODEL_LOGPROBS=false" in said


def test_the_calibration_says_what_it_was_fitted_on(project: Project) -> None:
    project.calibrate("right-97")
    fitted = project.fitted()
    assert (fitted.provider, fitted.model, fitted.prompt_version) == ("openai", "right-97", "p1")
    assert fitted.fitted_on.dataset_digest == dataset.digest(OWN)
    assert (fitted.fitted_on.cases, fitted.fitted_on.families) == (180, 180)
    assert "one-sided 95 % Wilson bound" in fitted.fitted_on.method
    page = (project.root / "build" / "calibration.html").read_text()
    for words in ("<svg", "the trained baseline", "agreement with the baseline", "95%"):
        assert words in page


def test_a_retrained_baseline_ends_the_calibration(project: Project) -> None:
    project.fresh = FRESH[:30]
    project.calibrate("right-97")
    assert any(accepted for accepted, _ in project.judge("right-97"))
    write(project.root / "evals" / "cases" / "training.jsonl", cases(24, 120, "other"))
    by = Trainer(project.root / "weights.json")
    said = train.run(project.usecase, by, project.path, False, "shipped")
    assert "The calibration of openai right-97 ended with the old weights" in said
    assert not any(accepted for accepted, _ in project.judge("right-97"))


class Watched(Trainer):
    """Notes the cases that a baseline guesses about although it has learned them."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.guessed, self.unfair = 0, 0

    def fit(self, cases: Sequence[Any], expected: Sequence[Mapping[str, JsonValue]]) -> Any:  # noqa: ANN401
        taught, learned = {one.text for one in cases}, super().fit(cases, expected)

        def guess(case: Note) -> Guess[Colour]:
            self.guessed += 1
            self.unfair += case.text in taught
            return learned.guess(case)

        return SimpleNamespace(guess=guess, save=learned.save)


@pytest.mark.parametrize("on", ["own", "both"])
def test_a_baseline_that_has_learned_the_cases_is_held_out_by_family(
    project: Project, on: own.On
) -> None:
    by = Watched(project.root / "weights.json")
    train.run(project.usecase, by, project.path, False, on)
    by.guessed, by.unfair = 0, 0
    found = unseen.labelled(project.usecase, "development", project.root / "sets").found
    guesses = unseen.unseen_guesses(project.usecase, by, found, project.path)
    assert len(guesses) == len(OWN) <= by.guessed
    assert by.unfair == 0


def test_a_baseline_of_unknown_origin_is_no_measure(project: Project) -> None:
    stored = json.loads(project.path.read_text())
    stored["calibrations"][0]["fitted_on"]["dataset_digest"] = "0" * 64
    project.path.write_text(json.dumps(stored))
    with pytest.raises(dataset.DatasetError, match="run `make train` first"):
        project.calibrate("right-90")
    assert project.server.requests == []


def test_another_model_or_prompt_is_not_covered(project: Project) -> None:
    project.calibrate("right-97")
    acceptance, signals = (
        Acceptance.load(project.path),
        dict.fromkeys(project.fitted().signals, 1.0),
    )
    assert acceptance.judge("openai", "right-97", "p1", signals).calibrated
    assert not acceptance.judge("openai", "right-97", "p2", signals).calibrated
    assert not acceptance.judge("openai", "right-90", "p1", signals).calibrated


def test_boosted_cases_count_for_no_promise(project: Project) -> None:
    odd = [
        one.model_copy(update={"expected": OWN[(n + 1) % 180].expected, "drawn": "edge"})
        for n, one in enumerate(OWN[:60])
    ]
    labelled(project.root, [*odd, *OWN[60:]])
    project.calibrate("right-97")
    assert project.fitted().threshold is not None
    assert project.fitted().fitted_on.cases == 120
    labelled(
        project.root, [*(one.model_copy(update={"drawn": "random"}) for one in odd), *OWN[60:]]
    )
    project.calibrate("right-97")
    assert project.fitted().threshold is None
