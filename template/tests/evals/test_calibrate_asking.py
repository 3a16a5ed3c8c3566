"""A model is asked once about each case, within its caps, and never about the wrong cases."""

import pytest

from app.settings import Settings, SettingsError
from evals import calibrate_model, dataset
from tests.evals.colours import Colours, Trainer
from tests.evals.hosted import OWN, Project, labelled


def test_calibrating_twice_asks_once_and_gives_the_same_files(
    small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    def files() -> list[bytes]:
        return [small.path.read_bytes(), (small.root / "build/calibration.html").read_bytes()]

    small.calibrate("right-90")
    first, asked = files(), len(small.server.requests)
    assert asked == 40
    assert "about 40 of 40 cases, 40 questions. They can cost" in capsys.readouterr().out
    small.calibrate("right-90")
    assert files() == first
    assert len(small.server.requests) == asked
    assert "All 40 cases are answered already" in capsys.readouterr().out


def test_a_run_that_meets_the_cap_of_the_day_goes_on_later(small: Project) -> None:
    small.per_day = 0.08
    before = small.path.read_bytes()
    with pytest.raises(dataset.DatasetError, match="have no answer of the model yet") as refused:
        small.calibrate("right-90")
    assert "caps.perDay" in str(refused.value)
    assert small.path.read_bytes() == before
    part = len(small.server.requests)
    assert 0 < part < 40
    small.per_day = 100
    small.calibrate("right-90")
    assert len(small.server.requests) == 40


def test_a_cap_that_allows_no_question_is_named(small: Project) -> None:
    small.per_request = 0.008
    with pytest.raises(dataset.DatasetError, match="40 of 40 cases") as refused:
        small.calibrate("right-90")
    assert "caps.perRequest" in str(refused.value)
    assert small.server.requests == []


def test_a_server_that_knows_no_such_model_is_asked_no_further(small: Project) -> None:
    with pytest.raises(dataset.DatasetError, match="There is no such model"):
        small.calibrate("absent")
    assert len(small.server.requests) <= 10


def test_a_torn_line_is_asked_again(small: Project) -> None:
    small.calibrate("right-90")
    (log,) = (small.root / "answers").iterdir()
    assert log.stat().st_mode & 0o077 == 0
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]) + lines[-1][:20])
    small.server.forget()
    small.calibrate("right-90")
    assert len(small.server.requests) == 1
    assert len(log.read_bytes().splitlines()) == 41


@pytest.mark.parametrize(
    ("name", "found", "sentence"),
    [
        ("decision", OWN, "there to decide with"),
        ("small", OWN[:19], "holds 19 families"),
        ("absent", [], "0 families"),
    ],
)
def test_sets_that_cannot_be_calibrated_on_are_refused_before_anything_is_asked(
    project: Project, name: str, found: list[dataset.EvalCase], sentence: str
) -> None:
    if found:
        labelled(project.root, found, name)
    with pytest.raises(dataset.DatasetError, match=sentence):
        project.calibrate("right-90", name)
    assert project.server.requests == []


def test_offline_there_is_no_model_to_calibrate(project: Project) -> None:
    settings, by = Settings(model_provider="offline"), Trainer(project.root / "weights.json")
    with pytest.raises(SettingsError, match="no model to calibrate"):
        calibrate_model.run(
            Colours(project.root / "weights.json"),
            by,
            settings,
            "development",
            project.path,
            project.root / "sets",
        )
