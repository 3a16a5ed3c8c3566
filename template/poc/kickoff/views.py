"""Draws the pages. Every value is escaped, and an undefined name is an error."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from poc.engine import governance, ledger
from poc.engine.problems import Damaged, InvalidFile, PocError
from poc.engine.readiness import before_lock
from poc.kickoff import acceptance
from poc.kickoff.answers import Answers
from poc.kickoff.desk import Desk, data
from poc.kickoff.fields import every, sensitive
from poc.kickoff.figures import figures
from poc.kickoff.filling import sections
from poc.kickoff.questions import Step, steps
from poc.kickoff.saving import Again, bases
from poc.pages.contract import LIMITS, ONWARD
from poc.pages.words import TITLES, project

FOLDER = Path(__file__).parent


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def draw(template: str, root: Path, **more: object) -> str:
    """Fill one template."""
    return _environment().get_template(template).render(project=project(root), **more)


def needed(step: Step) -> list[str]:
    """The files a page is filled from: the charter decides which pages there are."""
    shown = {"cases": ["criteria"], "money": ["budget", "criteria"], "": []}
    return list(dict.fromkeys([*step.files, "charter", *shown[step.figures]]))


def route(charter: Mapping[str, Any]) -> list[Step]:
    """The pages in order; research takes the short path."""
    research = charter.get("intent") == "research"
    return [one for one in steps() if one.research or not research]


def page(
    desk: Desk,
    step: Step,
    seal: str,
    today: date,
    again: Again | None = None,
    saved: Sequence[str] = (),
) -> str:
    """One page as the files are now, or `again` with what was typed. Raises `InvalidFile`."""
    if again is None:
        documents = desk.open(needed(step))
        now = data(documents)
        parts, given = sections(step, now), bases(documents)
    else:
        parts, given = again.parts, again.bases
        known = {name: desk.seen(name, digest) for name, digest in given.items()}
        now = data({name: one for name, one in known.items() if one is not None})
    pages = route(now["charter"])
    return draw(
        "step.html",
        desk.root,
        step=step,
        steps=pages,
        number=pages.index(step) + 1 if step in pages else 0,
        parts=parts,
        bases=given,
        again=again,
        saved=saved,
        seal=seal,
        errors=[one for one in every(parts) if one.error],
        figures=figures(desk.root, step, _with_budget(desk, step, now), None),
        research=now["charter"].get("intent") == "research",
        sensitive=sensitive(now),
        in_force=in_force(desk.root) if step.id == "criteria" else "",
        money=_standing(desk, step, today),
        review=_review(desk, step, today),
        limits=LIMITS,
        onward=ONWARD,
        titles=TITLES,
    )


def fragment(desk: Desk, step: Step, now: Mapping[str, Any], answers: Answers) -> str:
    """The figures alone, for what has been typed so far."""
    made = figures(desk.root, step, _with_budget(desk, step, now), answers)
    return draw("figures.html", desk.root, figures=made)


def _with_budget(desk: Desk, step: Step, now: Mapping[str, Any]) -> dict[str, Any]:
    """The data with the budget, where the page shows its figures and it holds."""
    whole = dict(now)
    if step.figures and "budget" not in whole:
        try:
            whole |= data(desk.open(["budget"]))
        except InvalidFile:
            return whole
    return whole


def mistakes(root: Path, step: Step, error: PocError) -> str:
    """What to mend in the files before this page can be shown."""
    return draw(
        "mistakes.html", root, step=step, steps=steps(), number=0, lines=error.lines, saved=""
    )


def in_force(root: Path) -> str:
    """Since when a contract is in force, or what is wrong with the ledger; empty before a lock."""
    try:
        entry = ledger.load(root).in_force
    except Damaged as error:
        return error.lines[0]
    return "" if entry is None else f"A contract is in force since {entry.at:%Y-%m-%d}."


def _standing(desk: Desk, step: Step, today: date) -> dict[str, Any]:
    """Who accepts the budget, on the page that shows it."""
    if step.figures != "money":
        return {}
    try:
        return {"standing": acceptance.standing(desk, today), "lines": ()}
    except PocError as error:
        return {"standing": None, "lines": error.lines}


def _review(desk: Desk, step: Step, today: date) -> dict[str, Any]:
    """What is still open, by person, on the last page."""
    if step.id != "review":
        return {}
    try:
        points = before_lock(governance.load(desk.root), today)
    except PocError as error:
        return {"lines": error.lines, "open": {}, "locked": ""}
    people: dict[str, list[Any]] = {}
    for one in points:
        people.setdefault(one.who, []).append(one)
    return {"lines": (), "open": people, "locked": in_force(desk.root)}
