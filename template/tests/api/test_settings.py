"""What `project.toml` names is what is asked, until a setting says otherwise."""

from pathlib import Path

import pytest

from app.settings import load

PROJECT = '[model]\nprovider = "openai"\nname = "large"\n'


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project that names its model, and no setting."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "project.toml").write_text(PROJECT)


def test_the_project_names_provider_and_model() -> None:
    settings = load()
    assert (settings.model_provider, settings.model_name) == ("openai", "large")


def test_a_setting_comes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_MODEL_NAME", "small")
    assert load().model_name == "small"


def test_another_provider_does_not_inherit_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_MODEL_PROVIDER", "anthropic")
    assert load().model_name == ""
