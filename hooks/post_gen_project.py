"""Hands Cookiecutter's answers over to Copier, so that both front doors give the same bytes.

The project can then be updated with `copier update`, whichever door it came through.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# Cookiecutter renders this file; `tojson` escapes whatever could end the text early.
CONTEXT = json.loads(r"""{{ cookiecutter | tojson }}""")
QUESTIONS = (
    "project_name",
    "project_slug",
    "problem",
    "provider",
    "sponsor",
    "production_owner",
    "decision_date",
    "requests_per_month",
    "data_class",
)


def copier() -> list[str]:
    """The command that runs Copier; the hook before the prompts made sure there is one."""
    if importlib.util.find_spec("copier"):
        return [sys.executable, "-m", "copier"]
    if shutil.which("copier"):
        return ["copier"]
    return ["uvx", "copier"]


def source() -> str:
    """The template as Copier has to know it later: a local path is made absolute."""
    given = str(CONTEXT["_template"])
    if given.startswith(("http", "git@", "gh:", "gl:")):
        return given
    start = Path(os.environ.get("PWD", "."))
    for folder in (start / given, Path.cwd().parent / given, Path(CONTEXT["_repo_dir"])):
        if (folder / "copier.yml").exists():
            return str(folder.resolve())
    return given


def main() -> None:
    """Replace the stub by the rendered project; a bad answer is one clear line."""
    project = Path.cwd()
    (project / "STUB").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder) / "answers.json"
        answers.write_text(json.dumps({name: CONTEXT[name] for name in QUESTIONS}), "utf-8")
        command = [*copier(), "copy", "--quiet", "--defaults", "--overwrite"]
        if CONTEXT.get("_checkout"):
            command += ["--vcs-ref", str(CONTEXT["_checkout"])]
        command += ["--data-file", str(answers), source(), str(project)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        sys.exit(f"Nothing was written: {lines[-1] if lines else 'Copier failed'}")
    print(done.stderr.strip() or done.stdout.strip())


main()
