"""`poc profile`: what a mailbox or export really holds, on one page."""

import argparse
import json
from pathlib import Path

from poc.commands import Outcome
from poc.commands.tables import paragraph
from poc.engine.files import replace
from poc.engine.problems import Exit, Refused
from poc.engine.situation import situation
from poc.profile import charter, page
from poc.profile.figures import figures
from poc.sources import index, options
from poc.sources.progress import Progress

PAGE = index.FOLDER / "profile.html"
DATA = index.FOLDER / "profile.json"
UNUSABLE = (
    "There is no message the service could answer, so nothing can be drawn from this. The page"
    " says why; look at what was not read, or at the columns."
)


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    parser.add_argument("path", type=Path, metavar="PATH", help="a file or a folder of them")
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"set the shares of inputs in governance/charter.yaml, and write {charter.FILE}",
    )
    options.add(parser)


def run(arguments: argparse.Namespace, root: Path) -> Outcome:
    """Index the source, write the page, and say it in short. Nothing leaves this machine."""
    today = situation(root).today
    chosen = options.given(arguments)
    progress = Progress()
    try:
        built = index.build(root, arguments.path, chosen, progress)
    except KeyboardInterrupt:
        raise Refused(
            f"Stopped after {progress.messages:,} messages, which are kept: the same command goes"
            " on from there."
        ) from None
    finally:
        progress.done()
    try:
        found = figures(built, today)
    finally:
        built.close()
    text, data = page.said(found), page.data(found)
    name = arguments.path.resolve().name or str(arguments.path)
    replace(root / PAGE, page.page(found, root, name, today).encode())
    replace(root / DATA, json.dumps(data, indent=1, ensure_ascii=False).encode() + b"\n")
    text += "\n\n" + paragraph(f"Written: {PAGE.as_posix()} (the page), {DATA.name}.")
    if not found.usable:
        return Outcome(f"{text}\n{paragraph(UNUSABLE)}", data, Exit.REFUSED)
    if arguments.write:
        written = charter.write(root, found, today)
        text += "\n" + paragraph(f"Written: {', '.join(written)}. Commit them.")
    return Outcome(text, data)
