"""`poc kickoff`: lead a meeting through the governance files, in the browser."""

import argparse
import sys
from pathlib import Path

from poc.commands import Outcome
from poc.engine.governance import FOLDER
from poc.engine.problems import InvalidFile, Refused


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    parser.add_argument(
        "--port", type=_port, default=0, help="where to listen, by default on a free port"
    )
    parser.add_argument(
        "--no-browser", action="store_true", help="print the address and open nothing"
    )


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Serve the page until Ctrl-C. With --json the address goes to standard error."""
    if not (root / FOLDER).is_dir():
        raise InvalidFile(
            "There is no folder governance/ here; run poc in the project's own folder, or name it"
            " with --root."
        )
    try:
        import ruamel.yaml  # noqa: F401
    except ImportError:
        raise Refused(
            "The page needs ruamel-yaml, which comes with the development tools: make setup"
        ) from None
    from poc.kickoff.serve import serve

    output = sys.stderr if options.json else sys.stdout
    files = serve(root, options.port, not options.no_browser, output)
    ended = f"Ended. Changed: {', '.join(files)}." if files else "Ended. Nothing was changed."
    return Outcome(ended, {"changed": files})


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"write a number from 0 to 65535, not {text!r}")
    return number
