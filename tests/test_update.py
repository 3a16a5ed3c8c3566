"""Projects of earlier releases, edited as a team would, are carried forward by `copier update`."""

import shutil
import warnings
from pathlib import Path

import pytest
from builds import YARDSTICK
from conftest import ROOT, TEMPLATE, YOURS, git, render, tree
from copier import run_update

RELEASES = ("0.1.0", "0.2.0")


def release(version: str) -> str:
    """The commit that set this version: neither tags nor hashes are needed to find it."""
    needle = f'version = "{version}"'
    found = git(ROOT, "log", "--reverse", "--format=%H", f"-S{needle}", "--", "pyproject.toml")
    if not found:
        pytest.skip(f"the history does not reach back to the release {version}")
    return found.split()[0]


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new, 1), "utf-8")


def edit(project: Path) -> None:
    """What a team does in its first weeks."""
    shutil.rmtree(project / "app" / "usecase")
    (project / "app" / "usecase").mkdir()
    (project / "app" / "usecase" / "__init__.py").write_text('"""Ours."""\n')
    (project / "evals" / "cases" / "training.jsonl").unlink()
    (project / "evals" / "scorers.py").write_text('"""Ours."""\n')
    (project / "evals" / "edges.toml").unlink()
    (project / "app" / "integrations").mkdir()
    (project / "app" / "integrations" / "crm.py").write_text('"""Ours: the CRM."""\n')
    name = project / "project.toml"
    replace(name, 'name = "Ticket triage"', 'name = "Ours"')
    replace(
        project / "pyproject.toml",
        "    # End of the template's. Yours:\n",
        '    # End of the template\'s. Yours:\n    "tenacity>=9,<10",\n',
    )
    append(project / "Makefile", "\nours:\n\t@echo ours\n")
    append(project / "README.md", "\n## Ours\n\nHow our team works.\n")
    append(project / ".gitignore", "/notes/\n")
    (project / "AGENTS.md").unlink()


@pytest.fixture(scope="module", params=RELEASES)
def updated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = render(tmp_path_factory.mktemp("old") / "poc", ref=release(request.param))
    git(project, "init", "-q", "-b", "main")
    edit(project)
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "our work")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_update(project, defaults=True, overwrite=True, vcs_ref="HEAD", quiet=True)
    return project


def test_no_conflict_is_left(updated: Path) -> None:
    assert git(updated, "diff", "--name-only", "--diff-filter=U") == ""
    for path, content in tree(updated).items():
        assert b"\n<<<<<<< " not in content, path
        assert not path.endswith(".rej")


def test_the_use_case_and_the_cases_are_as_the_team_left_them(updated: Path) -> None:
    assert [path.name for path in (updated / "app" / "usecase").iterdir()] == ["__init__.py"]
    assert (updated / "app" / "usecase" / "__init__.py").read_text() == '"""Ours."""\n'
    assert (updated / "evals" / "scorers.py").read_text() == '"""Ours."""\n'
    assert not (updated / "evals" / "edges.toml").exists()
    assert not (updated / "evals" / "cases" / "training.jsonl").exists()
    assert (updated / "evals" / "cases" / "evaluation.jsonl").exists()


def test_edits_beside_the_templates_lines_are_kept(updated: Path) -> None:
    assert 'name = "Ours"' in (updated / "project.toml").read_text()
    assert '"tenacity>=9,<10"' in (updated / "pyproject.toml").read_text()
    assert "\nours:\n" in (updated / "Makefile").read_text()
    assert "## Ours" in (updated / "README.md").read_text()
    assert "/notes/" in (updated / ".gitignore").read_text()
    assert (updated / "app" / "integrations" / "crm.py").exists()
    assert not (updated / "AGENTS.md").exists()


def test_an_older_project_receives_what_it_has_to_agree_on(updated: Path) -> None:
    for name in ("charter", "criteria", "budget", "prices", "owners", "attestations"):
        assert (updated / "governance" / f"{name}.yaml").is_file()
    assert (updated / "evals" / "guideline.md").is_file()
    assert not (updated / "governance" / "ledger.jsonl").exists()


def test_tests_of_what_judges_a_project_are_those_of_today_or_none(updated: Path) -> None:
    for room in YARDSTICK:
        kept = {name: (updated / name).read_bytes() for name in tree(updated) if room in name}
        assert kept == {name: (TEMPLATE / name).read_bytes() for name in kept}
        assert not kept or room == "tests/governance"


def test_all_else_is_what_the_template_renders_today(updated: Path, project: Path) -> None:
    edited = (
        *YOURS,
        "project.toml",
        "pyproject.toml",
        "Makefile",
        "README.md",
        ".gitignore",
        "AGENTS.md",
        ".copier-answers.yml",
    )
    now, fresh = tree(updated), tree(project)
    for path, content in fresh.items():
        if not path.startswith(edited):
            assert now[path] == content, path
