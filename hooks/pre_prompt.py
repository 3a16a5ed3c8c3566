"""Runs before Cookiecutter asks anything: Copier does the rendering, so it has to be there."""

import importlib.util
import shutil
import sys

if not (importlib.util.find_spec("copier") or shutil.which("copier") or shutil.which("uvx")):
    sys.exit(
        "This template is rendered by Copier, which is not installed."
        " Install it (pip install copier) or uv, then start again."
    )
