"""What lies in the repository and in a rendered project, by rule."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from builds import YARDSTICK
from conftest import ROOT, TEMPLATE, git, tree

TRACKED = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
# Assembled, so that this file does not name what it looks for.
REGISTRY = re.compile(
    "|".join(["files.python" + "hosted", "registry.npm" + "js", "pypi" + r"\.org"])
)


def test_paths_work_everywhere() -> None:
    for path in TRACKED:
        assert len(path) <= 100, path
        assert not re.search(r'["<>:|?*]', path), path
        if path.startswith("template/"):
            assert "{" not in path, path


def test_no_lock_file_and_no_registry_is_tracked() -> None:
    for path in TRACKED:
        assert Path(path).name not in ("uv.lock", "package-lock.json", "poetry.lock"), path
        if (ROOT / path).is_file():
            text = (ROOT / path).read_bytes().decode("utf-8", errors="ignore")
            assert not REGISTRY.search(text), path


def test_few_files_hold_jinja() -> None:
    jinja = [path for path in TRACKED if path.endswith(".jinja")]
    assert 0 < len(jinja) <= 8


def test_exclude_rows_follow_the_rules() -> None:
    rows = yaml.safe_load((ROOT / "copier.yml").read_text())["_exclude"]
    for block in rows:
        conditional = "{%" in block
        for row in re.sub(r"{%.*?%}", "", block).split():
            assert not row.endswith("/"), row
            if conditional:
                assert row.startswith("/"), row
                assert (TEMPLATE / row.lstrip("/")).exists(), row
        for condition in re.findall(r"{%-? if (.*?) -?%}", block):
            assert " not " not in f" {condition} ", condition
            assert "!=" not in condition, condition


def given() -> list[str]:
    """What of the template a project gets: all but the tests of what judges it."""
    kept_back = tuple(f"template/{room}/" for room in YARDSTICK)
    return [path for path in TRACKED if not path.startswith(kept_back)]


def test_plain_files_are_rendered_byte_for_byte(project: Path) -> None:
    rendered = tree(project)
    for path in given():
        inside = path.removeprefix("template/")
        if path == inside or path.endswith(".jinja"):
            continue
        if f"{path}.jinja" in TRACKED:  # the sibling in place equals the default render
            assert (ROOT / path).read_bytes() == rendered[inside], path
        else:
            assert rendered[inside] == (ROOT / path).read_bytes(), path


def test_nothing_else_and_no_template_syntax_is_rendered(project: Path) -> None:
    names = {
        path.removeprefix("template/").removesuffix(".jinja")
        for path in given()
        if path.startswith("template/")
    }
    rendered = tree(project)
    assert set(rendered) == names
    assert len(rendered) <= 560
    for path in (name.removeprefix("template/") for name in TRACKED if name.endswith(".jinja")):
        text = rendered[path.removesuffix(".jinja")].decode()
        assert "{{" not in text, path
        assert "{%" not in text, path


def test_executable_bits_survive(project: Path) -> None:
    listed = git(ROOT, "ls-files", "--stage", "template").splitlines()
    wanted = set(given())
    for line in listed:
        mode, path = line.split()[0], line.split("\t")[1]
        if path not in wanted:
            continue
        target = project / path.removeprefix("template/").removesuffix(".jinja")
        assert bool(target.stat().st_mode & 0o100) == (mode == "100755"), path


@pytest.mark.parametrize("folder", [ROOT, TEMPLATE])
def test_make_recipes_need_nothing_new(folder: Path) -> None:
    text = (folder / "Makefile").read_text()
    # What GNU Make 3.81 does not know: !=, ::=, .ONESHELL, $(file ...), grouped targets.
    assert not re.search(r"^\S+\s*(!=|::=)|\.ONESHELL|\$\(file |&:", text, re.MULTILINE)
    # What a POSIX sh does not know.
    assert not re.search(r"\[\[|<\(|\bfunction\b|\bsource\b|&>|\$\{\w+(\^|,)", text)
    listed = subprocess.run(
        ["make", "-C", folder, "help"], capture_output=True, text=True, check=True
    )
    for target in re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE):
        assert f"make {target}" in listed.stdout


def test_both_pythons_and_versions_agree() -> None:
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    theirs = tomllib.loads((TEMPLATE / "pyproject.toml").read_text())["project"]
    assert ours["requires-python"] == theirs["requires-python"]
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert re.search(rf"^## {re.escape(ours['version'])}\b", changelog, re.MULTILINE)


def test_the_template_pins_no_version_without_an_upper_bound() -> None:
    data = tomllib.loads((TEMPLATE / "pyproject.toml").read_text())
    groups = [
        data["project"]["dependencies"],
        *data["project"]["optional-dependencies"].values(),
        *data["dependency-groups"].values(),
    ]
    for requirement in (one for group in groups for one in group):
        assert "<" in requirement, requirement
