"""A rendered project does what its README says, with its own commands."""

import json
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from builds import environment, installed, running
from conftest import git, render

from tools.day_one import BLOCK, PAGE, scorecard, table


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default project after `make setup`."""
    return installed(render(tmp_path_factory.mktemp("built") / "poc"))


def test_setup_makes_a_repository_and_a_lock(built: Path) -> None:
    assert git(built, "rev-parse", "--show-toplevel").strip() == str(built)
    assert (built / "uv.lock").exists()
    git(built, "add", "-A")
    staged = git(built, "diff", "--cached", "--name-only").splitlines()
    assert "uv.lock" in staged
    assert not [path for path in staged if path.startswith((".venv", ".tools", "data", "build"))]


def test_the_default_install_is_small(built: Path, tmp_path: Path) -> None:
    env = environment(built)
    env.variables["UV_PROJECT_ENVIRONMENT"] = str(tmp_path / "venv")
    uv = Path(sys.executable).parent / "uv"
    subprocess.run(
        [uv, "sync", "--quiet", "--no-dev", "--no-group", "evals", "--python", sys.executable],
        cwd=built,
        env=env.variables,
        check=True,
    )
    packages = list((tmp_path / "venv").glob("lib/*/site-packages/*.dist-info"))
    size = sum(p.stat().st_size for p in (tmp_path / "venv").rglob("*") if p.is_file())
    assert len(packages) < 90
    assert size < 130 * 1024 * 1024


def test_check_and_format_find_nothing_to_do(built: Path) -> None:
    before = git(built, "status", "--porcelain")
    environment(built).make("format")
    environment(built).make("check")
    assert git(built, "status", "--porcelain") == before


def test_its_tests_and_evals_pass_and_score_what_the_docs_say(built: Path) -> None:
    said = environment(built).make("test")
    passed = re.search(r"(\d+) passed", said)
    assert passed
    assert int(passed[1]) > 200
    assert "failed" not in said
    environment(built).make("evals")
    [result] = (built / "build" / "evals").glob("*/result.json")
    text = result.read_text()
    figures = json.loads(text)
    assert "synthetic" in text
    whole = find(figures, "precision")
    assert whole["point"] >= 0.90
    assert find(figures, "coverage")["point"] > 1 / 3
    [published] = BLOCK.findall(PAGE.read_text("utf-8"))
    assert published == table(scorecard(built)), "run: python tools/day_one.py PROJECT"


def test_what_judges_it_is_tested_where_it_lies(built: Path) -> None:
    said = environment(built).yardstick("not postgres and not browser")
    passed = re.search(r"(\d+) passed", said)
    assert passed
    assert int(passed[1]) > 1500
    assert "failed" not in said


def find(tree: object, name: str) -> dict[str, float]:
    """The first object under this name."""
    if isinstance(tree, dict):
        if isinstance(tree.get(name), dict):
            found: dict[str, float] = tree[name]
            return found
        for value in tree.values():
            if deeper := find(value, name):
                return deeper
    return {}


def test_the_demo_shows_every_outcome(built: Path) -> None:
    said = environment(built).make("demo")
    for expected in (
        "Answered without a person",
        "Waits for a person",
        "Held in quarantine",
        "too large",
        "empty",
        "hidden text removed",
        "quote removed",
        "encoding repaired",
        "/try",
        "app/usecase/",
    ):
        assert expected in said
    assert "Traceback" not in said


def test_a_taken_port_is_one_clear_line(built: Path) -> None:
    env = environment(built)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        env.variables["APP_PORT"] = str(taken.getsockname()[1])
        done = subprocess.run(
            ["make", "demo"],
            cwd=built,
            env=env.variables,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode != 0
    assert f"Port {env.variables['APP_PORT']} is taken" in done.stderr
    assert "APP_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_curl_line_of_the_readme_answers(built: Path) -> None:
    [line] = re.findall(r"^    (curl .*)$", (built / "README.md").read_text(), re.MULTILINE)
    env = environment(built)
    line = line.replace("127.0.0.1:8000", f"127.0.0.1:{env.variables['APP_PORT']}")
    with running(env):
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=built,
            env=env.variables,
            capture_output=True,
            text=True,
            check=True,
        )
    answer = json.loads(done.stdout)
    assert answer["status"] in ("answered", "in_review")
    assert answer["decision"]["request_id"] == answer["request_id"]


def test_retraining_gives_the_same_labels(built: Path) -> None:
    weights = built / "app" / "usecase" / "weights.json"
    env = environment(built)
    labels = (
        "from evals.dataset import load; from evals.service import intake; from app.usecase import"
        " USE_CASE\nread = intake()\n"
        "for case, found in ((c, read(c)) for c in load('evaluation')):\n"
        "    if found: print(case.id, USE_CASE.baseline(found).answer.model_dump_json())"
    )
    before = env.python("-c", labels)
    weights.unlink()
    env.make("train")
    assert env.python("-c", labels) == before
    assert len(before.splitlines()) >= 400


PARITY = """
from scipy.sparse import hstack
from app.usecase.linear import LinearModel, count, normalise
from app.usecase.training import exported, trained
from app.usecase.triage import text_of
from evals.dataset import load
from evals.service import intake
read = intake()
texts = {split: [(normalise(text_of(found)), case.expected) for case in load(split)
                 if (found := read(case)) and "queue" in case.expected]
         for split in ("training", "evaluation")}
rows, labels = zip(*((text, str(one["queue"])) for text, one in texts["training"]))
vectorizers, model = trained(list(rows), list(labels))
ours = LinearModel(**exported(vectorizers, model))
unseen = [text for text, _ in texts["evaluation"]]
theirs = model.predict(hstack([one.transform(unseen) for one in vectorizers]).tocsr())
print(sum(ours.predict(count(t)).label != label for t, label in zip(unseen, theirs)), len(unseen))
"""


def test_plain_python_gives_the_labels_of_scikit_learn(built: Path) -> None:
    different, compared = environment(built).python("-c", PARITY).split()
    assert int(compared) > 400
    assert int(different) == 0


def test_inside_another_repository_none_is_made(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    project = render(tmp_path / "services" / "poc")
    done = subprocess.run(
        ["make", ".git/HEAD"], cwd=project, capture_output=True, text=True, check=True
    )
    assert "part of the repository" in done.stdout
    assert not (project / ".git").exists()


@pytest.mark.parametrize("folder", ["template", "."])
def test_a_wrong_python_and_a_missing_venv_are_one_clear_line(folder: str, tmp_path: Path) -> None:
    source = Path(__file__).parents[1] / folder
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(source / name, tmp_path / name)
    for version, modules, said in (
        ("0", "1", "is not Python 3.11 to 3.13"),
        ("1", "0", "venv module is missing"),
    ):
        fake = tmp_path / "fakepython"
        fake.write_text(
            f'#!/bin/sh\ncase "$2" in *version_info*) exit $((1-{version}));;'
            f" *ensurepip*) exit $((1-{modules}));; esac\nexit 1\n"
        )
        fake.chmod(0o755)
        done = subprocess.run(
            ["make", ".tools/ready", f"PYTHON={fake}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert said in done.stderr
        assert sum("fakepython" in x or "missing" in x for x in done.stderr.splitlines()) == 1
