"""`poc contract`: write the contract on one page, to print and sign."""

import argparse
from pathlib import Path

from poc.checklist.attestations import budget_accepted
from poc.commands import Outcome
from poc.engine import governance
from poc.engine.situation import situation
from poc.money.forecast import forecast
from poc.money.plan import needs

FOLDER = Path("build") / "contract"


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    parser.add_argument("--markdown", action="store_true", help="print it instead of writing files")


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Write `contract.html` and `contract.md`."""
    from poc.pages.contract import render_contract

    whole, where = governance.load(root), situation(root)
    page = render_contract(
        whole,
        forecast(whole.contract.volume, whole.budget),
        budget_accepted(whole.budget, whole.owners, whole.attestations, where.today),
        needs(whole.contract),
    )
    if options.markdown:
        return Outcome(page.markdown.rstrip(), {"markdown": page.markdown})
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "contract.html").write_text(page.html, "utf-8")
    (folder / "contract.md").write_text(page.markdown, "utf-8")
    paths = [(FOLDER / name).as_posix() for name in ("contract.html", "contract.md")]
    return Outcome(
        f"Written: {paths[0]} (open it and print it, one page) and {paths[1]}.\n"
        "Signed together, it is put in force by: poc lock",
        {"files": paths},
    )
