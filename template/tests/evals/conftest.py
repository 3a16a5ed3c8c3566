"""A project whose hosted model answers on a local server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evals import calibrate_model, dataset, train
from evals.hosted import model_fit, unseen
from evals.training import material
from tests.evals.colours import Scorers, Slices, Trainer, cases, write
from tests.evals.hosted import FRESH, OWN, Project, hosted, labelled


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A server, and a folder for answers: a model that answers by the case is asked once."""
    root = tmp_path_factory.mktemp("hosted")
    with hosted([*OWN, *FRESH]) as server:
        yield Project(root, server, OWN, FRESH)


@pytest.fixture
def project(base: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A baseline trained on shipped notes, and own ones that are labelled."""
    for module in (train, material, model_fit, unseen):
        monkeypatch.setattr(module, "scorers", Scorers)
    monkeypatch.setattr(train, "slices", Slices)
    for module in (train, calibrate_model):
        monkeypatch.setattr(module, "ROOT", tmp_path)
        monkeypatch.setattr(module, "BUILD", tmp_path / "build")
    monkeypatch.setattr(material, "SETS", tmp_path / "sets")
    monkeypatch.setattr(calibrate_model, "ANSWERS", base.root / "answers")
    monkeypatch.setattr(dataset, "HERE", tmp_path / "evals")
    monkeypatch.chdir(tmp_path)
    base.server.forget()
    made = Project(tmp_path, base.server, OWN, FRESH)
    write(tmp_path / "evals" / "cases" / "training.jsonl", cases(23, 120, "shipped"))
    train.run(made.usecase, Trainer(tmp_path / "weights.json"), made.path, False, None)
    labelled(tmp_path, OWN)
    return made


@pytest.fixture
def small(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """With forty labelled notes, about which nobody has been asked."""
    monkeypatch.setattr(calibrate_model, "ANSWERS", project.root / "answers")
    labelled(project.root, OWN[:40])
    return project
