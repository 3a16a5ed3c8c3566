"""`copier copy`, `make new` and `cookiecutter` give the same bytes, and none runs foreign code."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, git, tree

BIN = Path(sys.executable).parent
ANSWERS_FILE = ".copier-answers.yml"
ANSWERS = {
    "project_name": 'Größe "A" & <b> \\ 50 %',
    "project_slug": "groesse-a",
    "problem": "It's one sentence's worth of 'quotes'.",
    "provider": "openai",
    "sponsor": "Ana O'Neil",
    "decision_date": "2027-02-28",
    "requests_per_month": "12000",
}


def committed(folder: Path) -> Path:
    """This working tree as a committed repository, so that both doors see the same state."""
    listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for path in listed:
        if (ROOT / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes((ROOT / path).read_bytes())
            (folder / path).chmod((ROOT / path).stat().st_mode)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "state")
    return folder


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return committed(tmp_path_factory.mktemp("clone") / "template")


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}", "PWD": str(cwd)} | environment
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def cookiecutter(clone: Path, output: Path, **answers: str) -> subprocess.CompletedProcess[str]:
    output.mkdir(exist_ok=True)
    given = [f"{name}={value}" for name, value in answers.items()]
    return run(
        BIN / "cookiecutter",
        "--no-input",
        "--output-dir",
        output,
        clone,
        *given,
        cwd=output,
        COOKIECUTTER_CONFIG=os.devnull,
    )


@pytest.fixture(scope="module")
def baked(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("baked")
    done = cookiecutter(clone, output, **ANSWERS)
    assert done.returncode == 0, done.stderr
    return output / "groesse-a"


def test_both_doors_give_the_same_bytes(clone: Path, baked: Path, tmp_path: Path) -> None:
    data = [part for name, value in ANSWERS.items() for part in ("--data", f"{name}={value}")]
    done = run(
        BIN / "copier",
        "copy",
        "--quiet",
        "--defaults",
        *data,
        clone,
        tmp_path / "poc",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert tree(baked) == tree(tmp_path / "poc")


def test_a_relative_template_path_is_made_absolute(clone: Path, tmp_path: Path) -> None:
    done = run(
        BIN / "cookiecutter",
        "--no-input",
        os.path.relpath(clone, tmp_path),
        "project_slug=poc",
        cwd=tmp_path,
        COOKIECUTTER_CONFIG=os.devnull,
    )
    assert done.returncode == 0, done.stderr
    assert f"_src_path: {clone}\n" in (tmp_path / "poc" / ".copier-answers.yml").read_text()


def test_an_update_works_after_cookiecutter(tmp_path: Path) -> None:
    own = committed(tmp_path / "template")
    done = cookiecutter(own, tmp_path / "out", **ANSWERS)
    assert done.returncode == 0, done.stderr
    baked = tmp_path / "out" / "groesse-a"
    git(baked, "init", "-q", "-b", "main")
    git(baked, "add", "-A")
    git(baked, "commit", "-q", "-m", "start")
    (own / "template" / "AGENTS.md").write_text("# New words\n")
    git(own, "commit", "-q", "-a", "-m", "change")
    done = run(BIN / "copier", "update", "--quiet", "--defaults", cwd=baked)
    assert done.returncode == 0, done.stderr
    assert (baked / "AGENTS.md").read_text() == "# New words\n"


def test_a_bad_answer_is_one_clear_line_in_cookiecutter(clone: Path, tmp_path: Path) -> None:
    done = cookiecutter(clone, tmp_path / "out", project_slug="poc", decision_date="soon")
    assert done.returncode != 0
    assert "YYYY-MM-DD" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "poc").exists()


def test_without_copier_cookiecutter_stops_before_it_asks(clone: Path, tmp_path: Path) -> None:
    hook = clone / "hooks" / "pre_prompt.py"
    done = subprocess.run(
        [sys.executable, "-S", "-I", hook],
        env={"PATH": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "pip install copier" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def make_new(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return run(BIN / "python", "-m", "tools.new", *arguments, cwd=cwd)


def test_make_new_renders_the_working_tree(tmp_path: Path, project: Path) -> None:
    done = make_new(str(tmp_path / "poc"), "project_name=Ticket triage")
    assert done.returncode == 0, done.stderr
    ours, theirs = tree(tmp_path / "poc"), tree(project)
    for files in (ours, theirs):  # local changes are committed anew for each render
        files[ANSWERS_FILE] = re.sub(rb"_commit: .*", b"", files[ANSWERS_FILE])
    assert ours == theirs


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("decision_date=soon", "YYYY-MM-DD"),
        ("project_slug=A B", "lower case"),
        ("provider=x", "provider"),
    ],
)
def test_make_new_says_a_bad_answer_in_one_line(answer: str, said: str, tmp_path: Path) -> None:
    done = make_new(str(tmp_path / "poc"), answer)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "poc").exists()


def test_make_new_never_writes_into_a_full_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = make_new(str(tmp_path))
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_make_new_without_a_folder_says_how(tmp_path: Path) -> None:
    done = subprocess.run(["make", "-C", ROOT, "new"], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "make new DEST=../my-poc" in done.stderr


def test_rendering_needs_no_network_and_no_trust(tmp_path: Path) -> None:
    code = (
        "import socket, sys, warnings; warnings.simplefilter('ignore')\n"
        "def refuse(*a, **k): raise OSError('no network')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from copier import run_copy\n"
        "run_copy(sys.argv[1], sys.argv[2], defaults=True, vcs_ref='HEAD', quiet=True)\n"
    )
    done = run(BIN / "python", "-c", code, ROOT, tmp_path / "poc", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "poc" / "README.md").exists()
