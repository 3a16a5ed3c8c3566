"""The digest of the service changes with all that decides how it behaves, and with nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from poc.engine import digest
from poc.engine.admissible import SCORING, scorer
from poc.engine.problems import Refused


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("app/usecase/triage.py", "project.toml", "pyproject.toml", "docs/a.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def write(name: str) -> Callable[[Path], object]:
    def act(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("other")

    return act


@pytest.mark.parametrize(
    "edit",
    [
        write("app/usecase/triage.py"),
        write("app/usecase/weights.json"),
        write("app/usecase/prompt.md"),
        write("app/.hidden"),
        write("project.toml"),
        write("uv.lock"),
        write("pyproject.toml"),
        write("app/usecase/triage.pyc"),
        write("app/usecase/__pycache__/weights.json"),
        write("app/.ruff_cache/weights.json"),
        lambda root: (root / "app/usecase/triage.py").rename(root / "app/usecase/t.py"),
        lambda root: (root / "app/usecase/triage.py").unlink(),
        lambda root: (root / "project.toml").unlink(),
        lambda root: (root / "app/link.py").symlink_to(root / "docs/a.md"),
    ],
)
def test_what_changes_the_service_changes_it(root: Path, edit: Callable[[Path], object]) -> None:
    before = digest.behaviour(root)
    edit(root)
    assert digest.behaviour(root) != before


@pytest.mark.parametrize(
    "name",
    ["docs/a.md", "README.md", "governance/x.yaml", "app/usecase/__pycache__/a.cpython-311.pyc"],
)
def test_what_does_not_change_the_service_does_not(root: Path, name: str) -> None:
    before = digest.behaviour(root)
    write(name)(root)
    assert digest.behaviour(root) == before


def test_with_a_lock_its_versions_count_and_no_ranges(root: Path) -> None:
    write("uv.lock")(root)
    before = digest.behaviour(root)
    write("pyproject.toml")(root)
    assert digest.behaviour(root) == before
    (root / "uv.lock").write_text("newer")
    assert digest.behaviour(root) != before


def test_bytes_cannot_move_from_one_file_to_the_next(root: Path) -> None:
    (root / "app/a").write_text("xb")
    (root / "app/b").write_text("")
    before = digest.behaviour(root)
    (root / "app/a").write_text("x")
    (root / "app/b").write_text("b")
    assert digest.behaviour(root) != before


@pytest.mark.parametrize("name", ["app/elsewhere", "app"])
def test_a_folder_that_is_a_link_is_refused(root: Path, name: str) -> None:
    (root / "app").rename(root / "real")
    if name != "app":
        (root / "app").mkdir()
    (root / name).symlink_to(root / "real", target_is_directory=True)
    with pytest.raises(Refused, match=f"{name} is a link to a folder"):
        digest.behaviour(root)


def test_where_the_project_lies_does_not_matter(root: Path, tmp_path: Path) -> None:
    before = digest.behaviour(root)
    other = tmp_path / "__pycache__"
    other.mkdir()
    for name in ("app", "project.toml", "pyproject.toml"):
        (root / name).rename(other / name)
    assert digest.behaviour(other) == before


@pytest.mark.parametrize("name", SCORING)
def test_each_part_of_the_scoring_counts(root: Path, name: str) -> None:
    before = scorer(root)
    write(f"evals/{name}")(root)
    after = scorer(root)
    assert after != before
    write("evals/report.py")(root)
    assert scorer(root) == after


def test_order_and_spaces_do_not_show_and_values_do() -> None:
    assert digest.of({"a": 1, "b": [1, 2]}) == digest.of({"b": [1, 2], "a": 1})
    assert digest.canonical({"b": "\u00e9", "a": 1}) == '{"a":1,"b":"\u00e9"}'.encode()
    assert digest.of({"a": 1}) != digest.of({"a": 2})
    assert digest.of({"a": [1, 2]}) != digest.of({"a": [2, 1]})
    with pytest.raises(ValueError, match="not JSON compliant"):
        digest.of({"a": float("nan")})
