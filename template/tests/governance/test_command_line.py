"""The command itself: its help, its exit codes, and how it ends when something goes wrong."""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from poc import cli
from poc.commands import Outcome, lock
from poc.engine.problems import Damaged, Exit, InvalidFile, PocError, Refused
from tests.governance.console import Console
from tests.governance.sample import TEMPLATE, change, project

Terminal = Callable[[Path], Console]


def heavy(words: str) -> str:
    """The exit code of a line, and whether it imported pydantic."""
    code = f"from poc.cli import main; code = main({words!r}.split())"
    code = f"import sys; {code}; print(code, 'pydantic' in sys.modules)"
    environ = {**os.environ, "PYTHONPATH": str(TEMPLATE)}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True)
    return done.stdout.splitlines()[-1] if done.stdout else done.stderr


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException | Outcome], None]:
    """`poc lock` ends as told, whatever the project is."""

    def prepare(how: BaseException | Outcome) -> None:
        def run(options: argparse.Namespace, root: Path) -> Outcome:
            if isinstance(how, BaseException):
                raise how
            return how

        monkeypatch.setattr(lock, "run", run)

    return prepare


def test_the_help_names_every_command_and_every_exit_code(
    tmp_path: Path, console: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([]) == Exit.OK
    shown = capsys.readouterr().out
    for name, text in cli.COMMANDS.items():
        assert f"\n    {name} " in shown and text.split(",")[0] in " ".join(shown.split())
    for code in Exit:
        assert f"\n  {code:d}  " in shown
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == Exit.OK
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == Exit.OK
    shown = capsys.readouterr().out
    assert "--json" in shown and "--root DIR" in shown
    assert cli.COMMANDS[name].split(",")[0][1:] in " ".join(shown.split())


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    assert heavy("") == "0 False"
    assert heavy("next --root /nowhere") == "3 True"


@pytest.mark.parametrize(
    "words", [["dance"], ["lock", "--dance"], ["amend", "--approved-by", "x"], ["gate", "R99"]]
)
def test_a_line_it_does_not_know_is_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == Exit.USAGE


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PocError("No.", "Because."), Exit.REFUSED),
        (Refused("No.", "Because."), Exit.REFUSED),
        (InvalidFile("No.", "Because."), Exit.INVALID),
        (Damaged("No.", "Because."), Exit.DAMAGED),
        (KeyboardInterrupt(), Exit.REFUSED),
        (PermissionError(13, "Permission denied", "governance/x"), Exit.REFUSED),
        (OSError("no space"), Exit.REFUSED),
        (RuntimeError("two\n  lines"), Exit.BUG),
        (KeyError("x"), Exit.BUG),
    ],
)
def test_each_ending_has_its_code_and_its_lines(
    tmp_path: Path,
    console: Terminal,
    ending: Callable[[BaseException], None],
    error: BaseException,
    code: Exit,
) -> None:
    poc = console(tmp_path)
    ending(error)
    assert poc.type("poc lock") == code
    assert poc.out == "" and "Traceback" not in poc.err
    lines = poc.err.splitlines()
    assert len(lines) == (2 if isinstance(error, PocError) else 1)
    assert poc.json("poc lock") == {"error": {"code": int(code), "lines": lines}}
    assert poc.err == ""


def test_an_unforeseen_error_says_how_to_see_more(
    tmp_path: Path,
    console: Terminal,
    ending: Callable[[BaseException], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poc = console(tmp_path)
    ending(RuntimeError("two\n  lines"))
    poc.type("poc lock")
    assert poc.err == (
        "poc: an error nobody foresaw: RuntimeError: two lines"
        " (run it with POC_DEBUG=1, and report it)\n"
    )
    ending(PermissionError(13, "Permission denied", "governance/x"))
    poc.type("poc lock")
    assert poc.err == "governance/x: Permission denied.\n"
    monkeypatch.setenv("POC_DEBUG", "1")
    with pytest.raises(PermissionError):
        poc.type("poc lock")
    ending(Refused("No."))
    assert poc.type("poc lock") == Exit.REFUSED


def test_an_outcome_is_text_for_people_and_data_for_programs(
    tmp_path: Path, console: Terminal, ending: Callable[[Outcome], None]
) -> None:
    poc = console(tmp_path)
    ending(Outcome("Grüße.", {"name": "Grüße"}, Exit.INCONCLUSIVE))
    assert poc.type("poc lock") == Exit.INCONCLUSIVE
    assert (poc.out, poc.err) == ("Grüße.\n", "")
    assert poc.type("poc lock --json") == Exit.INCONCLUSIVE
    assert "Grüße" in poc.out and json.loads(poc.out) == {"name": "Grüße"}
    ending(Outcome("", {"name": 1}))
    assert (poc.type("poc lock"), poc.out) == (Exit.OK, "")


def test_a_mistake_in_a_file_is_data_too(tmp_path: Path, console: Terminal) -> None:
    root = project(tmp_path)
    change(root, "criteria", {"maxLooks": 0})
    error = console(root).json("poc verdict")["error"]
    assert error["code"] == Exit.INVALID
    assert error["lines"][0].startswith("governance/criteria.yaml:")


def run(root: Path, *words: str, **environ: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "poc.cli", *words, "--root", str(root)],
        env={**os.environ, "PYTHONPATH": str(TEMPLATE), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=TEMPLATE,
    )


def test_a_reader_that_has_gone_away_turns_no_verdict_into_a_go(tmp_path: Path) -> None:
    process = run(project(tmp_path), "verdict")
    assert process.stdout and process.stderr
    process.stdout.close()  # as `head` does once it has seen enough
    said = process.stderr.read()
    assert process.wait() == Exit.NOT_YET_MEASURED
    assert said == b""
    process.stderr.close()


def test_a_terminal_that_knows_few_letters_gets_what_it_can_show(tmp_path: Path) -> None:
    root = project(tmp_path, owners={"roles.risk.person": "Zoë 李", "roles.risk.accepted": None})
    out, err = run(root, "next", PYTHONIOENCODING="ascii").communicate()
    assert b"Zo\\xeb \\u674e (risk):" in out and err == b""


def test_control_c_ends_it_in_a_line(tmp_path: Path) -> None:
    root = project(tmp_path)
    (root / "governance" / "criteria.yaml").unlink()
    os.mkfifo(root / "governance" / "criteria.yaml")  # reading waits here
    process = run(root, "verdict")
    with (root / "governance" / "criteria.yaml").open("w"):  # opens once it reads
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (
        Exit.REFUSED,
        b"",
        b"Stopped before it was done.\n",
    )


def test_a_root_that_is_no_folder_is_told(tmp_path: Path, console: Terminal) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "file").write_text("")
    for name in ("loop", "file"):
        poc = console(tmp_path / name)
        assert poc.type("poc next") in (Exit.INVALID, Exit.REFUSED, Exit.BUG)
        assert len(poc.err.splitlines()) == 1
