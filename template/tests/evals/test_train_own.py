"""Training on a team's own labelled cases: what is chosen, said, refused and left alone."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.acceptance import Calibration, CalibrationFile
from evals import dataset, train
from evals.training import material, own
from evals.training.folds import Fixed
from tests.evals.colours import Colours, Scorers, Slices, Trainer, cases, write


@dataclass
class Project:
    root: Path

    @property
    def weights(self) -> Path:
        return self.root / "weights.json"

    @property
    def calibration(self) -> Path:
        return self.root / "calibration.json"

    def label(self, found: list[dataset.EvalCase]) -> None:
        write(self.root / "sets" / "development" / "labelled.jsonl", found)

    def shipped(self, found: list[dataset.EvalCase]) -> None:
        write(self.root / "evals" / "cases" / "training.jsonl", found)

    def train(self, on: own.On | None = None) -> str:
        usecase: Any = Colours(self.weights)
        return train.run(usecase, Trainer(self.weights), self.calibration, False, on)

    def files(self) -> dict[str, bytes]:
        found = [self.weights, self.calibration, *sorted((self.root / "build").glob("*"))]
        return {path.name: path.read_bytes() for path in found if path.exists()}

    @property
    def fitted(self) -> Calibration:
        return CalibrationFile.model_validate_json(self.calibration.read_bytes()).calibrations[0]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    for module in (train, material):
        monkeypatch.setattr(module, "scorers", Scorers)
    monkeypatch.setattr(train, "slices", Slices)
    monkeypatch.setattr(train, "BUILD", tmp_path / "build")
    monkeypatch.setattr(train, "ROOT", tmp_path)
    monkeypatch.setattr(material, "SETS", tmp_path / "sets")
    monkeypatch.setattr(dataset, "HERE", tmp_path / "evals")
    monkeypatch.setattr(own, "ENOUGH", 20)
    monkeypatch.chdir(tmp_path)
    made = Project(tmp_path)
    made.shipped(cases(1, 90, "shipped"))
    return made


def test_without_own_cases_it_trains_on_the_shipped_ones(project: Project) -> None:
    said = project.train()
    assert "Trained on the shipped cases: there are no labelled cases of your own yet." in said
    assert project.fitted.fitted_on.cases == 90


def test_own_cases_alone_once_each_label_has_enough_families(project: Project) -> None:
    project.label(cases(2, 60))
    assert "Trained on your own cases: each label has 20 families or more" in project.train()
    assert project.fitted.fitted_on.cases == 60


def test_few_own_cases_are_trained_on_beside_the_shipped_ones(project: Project) -> None:
    project.label(cases(2, 57))
    said = project.train()
    assert "Trained on both: fewer than 20 families of your own for" in said
    assert "blue (19)" in said
    # The promise is made about the team's cases, not about those of other people.
    assert project.fitted.fitted_on.cases == 57


def test_a_label_that_only_the_shipped_cases_have_is_too_few(project: Project) -> None:
    project.label(cases(2, 60, colours=("blue", "red")))
    assert "fewer than 20 families of your own for green (0)" in project.train()


def test_the_promise_is_made_about_cases_that_chance_chose(project: Project) -> None:
    found = cases(2, 90)
    boosted = [one.model_copy(update={"drawn": "edge"}) if one.edge else one for one in found]
    project.label(boosted)
    project.train()
    assert project.fitted.fitted_on.cases == 81


def test_what_people_would_quarantine_and_intake_lets_through_counts_as_wrong(
    project: Project,
) -> None:
    project.label(cases(2, 90))
    project.train()
    before = project.fitted
    nothing = [
        one.model_copy(update={"expected": {"quarantined": "unusable"}})
        for one in cases(9, 60, "nothing")
    ]
    project.label([*cases(2, 90), *nothing])
    project.train()
    assert project.fitted.fitted_on.cases == 150
    assert before.threshold is not None
    assert project.fitted.threshold is None or project.fitted.threshold > before.threshold


def test_the_report_says_what_changed_and_what_more_labels_are_worth(project: Project) -> None:
    project.train()
    project.label(cases(2, 120))
    said = project.train()
    assert "Against the model before, on 120 of your cases:" in said
    assert "120 more cases are worth" in said
    page = (project.root / "build" / "report.html").read_text()
    for words in ("edge=messy", "edge=none", "Coverage by promised precision", "60 more cases"):
        assert words in page


def test_training_twice_gives_the_same_files(project: Project) -> None:
    project.train()
    project.label(cases(2, 90))
    project.train()
    first = project.files()
    project.train()
    assert project.files() == first
    assert set(first) >= {"weights.json", "calibration.json", "report.html"}


def test_a_model_that_has_learned_the_cases_is_compared_on_others(project: Project) -> None:
    project.label(cases(2, 60))
    project.train()
    project.label([*cases(2, 60), *cases(3, 30, "more")])
    assert "on 30 of your cases" in project.train()


def test_a_model_that_may_have_learned_the_cases_is_said_to_be_flattered(project: Project) -> None:
    project.label(cases(2, 60))
    project.train()
    (project.root / "build" / "before.json").unlink()  # another machine
    assert "which flatters it" in project.train()


@pytest.mark.parametrize(
    ("found", "on", "sentence"),
    [
        (cases(2, 9), "own", "There are 9 families of training cases; 10 are needed"),
        (cases(2, 30, colours=("red",)), "own", "All 30 training cases have the label red"),
        ([], "own", "no labelled cases of your own"),
        ([], "both", "poc label"),
    ],
    ids=["few", "one-label", "none", "none-for-both"],
)
def test_what_cannot_be_trained_on_is_said_and_overwrites_nothing(
    project: Project, found: list[dataset.EvalCase], on: own.On, sentence: str
) -> None:
    project.train()
    before = project.files()
    if found:
        project.label(found)
    with pytest.raises(dataset.DatasetError, match=sentence):
        project.train(on)
    assert project.files() == before


def test_a_baseline_that_learns_nothing_needs_no_second_label(project: Project) -> None:
    project.train()
    project.label(cases(2, 30, colours=("red",)))
    usecase: Any = Colours(project.weights)
    said = train.run(usecase, Fixed(usecase), project.calibration, False, "own")
    assert "Trained on your own cases: as asked." in said
    page = (project.root / "build" / "report.html").read_text()
    assert "There are too few of your own cases yet" not in page
    assert "It learns nothing from cases" in page


def test_a_label_that_the_schema_does_not_know_is_named_by_case_and_field(
    project: Project,
) -> None:
    found = cases(2, 30)
    odd = found[4].model_copy(update={"expected": {"colour": "mauve", "sure": True}})
    lacking = found[5].model_copy(update={"expected": {"colour": "red"}})
    project.label([*found[:4], odd, lacking, *found[6:]])
    with pytest.raises(dataset.DatasetError, match="2 labels do not fit") as refused:
        project.train()
    assert "own-0004 (colour:" in str(refused.value)
    assert "own-0005 (sure:" in str(refused.value)
    assert "mauve" not in str(refused.value)
    assert project.files() == {}


def test_shipped_cases_of_another_schema_are_left_out_by_themselves(project: Project) -> None:
    old = [
        one.model_copy(update={"expected": {"colour": "mauve", "sure": True}})
        for one in cases(1, 30, "shipped")
    ]
    project.shipped(old)
    project.label(cases(2, 30))
    assert "Trained on your own cases: the shipped cases have labels" in project.train()
    with pytest.raises(dataset.DatasetError, match="train with --on own"):
        project.train("both")


def test_ids_that_stand_in_both_are_refused(project: Project) -> None:
    project.label(cases(2, 30, "shipped"))
    with pytest.raises(dataset.DatasetError, match="30 ids stand among your cases"):
        project.train("both")


def test_a_set_without_a_file_is_no_set(tmp_path: Path) -> None:
    usecase: Any = Colours(tmp_path / "w.json")
    assert own.labelled(usecase, "development", tmp_path) == []
