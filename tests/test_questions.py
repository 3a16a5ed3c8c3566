"""The questions: few, answerable with Enter, and the same at both front doors."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, render

COPIER: dict[str, Any] = yaml.safe_load((ROOT / "copier.yml").read_text())
QUESTIONS = {name: value for name, value in COPIER.items() if not name.startswith("_")}
COOKIECUTTER: dict[str, Any] = json.loads((ROOT / "cookiecutter.json").read_text())


def test_there_are_at_most_twelve_each_with_a_default_and_one_sentence() -> None:
    assert 0 < len(QUESTIONS) <= 12
    for name, question in QUESTIONS.items():
        assert "default" in question, name
        assert re.fullmatch(r"[^?]+\?", question["help"]), name
        assert not question.get("secret"), name


def test_every_free_text_has_a_validator() -> None:
    for name, question in QUESTIONS.items():
        assert "choices" in question or "validator" in question, name


def test_rendering_runs_no_code() -> None:
    assert not {"_tasks", "_jinja_extensions", "_migrations"} & set(COPIER)


def test_cookiecutter_asks_the_same() -> None:
    asked = {name for name in COOKIECUTTER if not name.startswith("_")}
    assert asked == set(QUESTIONS)
    for name, question in QUESTIONS.items():
        assert COOKIECUTTER["__prompts__"][name] == question["help"]
        default = COOKIECUTTER[name]
        if "choices" in question:
            assert default[0] == question["default"]
            assert set(default) == set(question["choices"].values())
        elif name != "project_slug":
            assert str(default) == str(question["default"])


INVALID = [
    ("project_name", "  "),
    ("project_name", "x" * 61),
    ("project_name", "two\nlines"),
    ("project_slug", "Has Blanks"),
    ("project_slug", "9lives"),
    ("problem", ""),
    ("problem", "x" * 301),
    ("provider", "oracle"),
    ("sponsor", "x" * 101),
    ("production_owner", "a\tb"),
    ("decision_date", "soon"),
    ("decision_date", "2026-13-01"),
    ("requests_per_month", 0),
    ("requests_per_month", "many"),
    ("data_class", "secret"),
]


@pytest.mark.parametrize(("question", "value"), INVALID)
def test_a_bad_answer_writes_nothing(question: str, value: object, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"."):
        render(tmp_path / "poc", ROOT, "HEAD", **{question: value})
    assert not (tmp_path / "poc").exists()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Invoice Reader 2", "invoice-reader-2"),
        ("  Ärger?! ", "rger"),
        ("2026", "poc"),
        ("x" * 60, "x" * 40),
    ],
)
def test_the_slug_follows_from_the_name(name: str, slug: str, tmp_path: Path) -> None:
    rendered = render(tmp_path / "poc", project_name=name)
    assert f"\nproject_slug: {slug}\n" in (rendered / ".copier-answers.yml").read_text()
