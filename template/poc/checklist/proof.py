"""What the records of tests and evals say about an item, and why one does not count."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from poc.checklist.catalogue import Kind
from poc.engine.admissible import Deployed
from poc.engine.evidence import FOLDER, ItemOutcome, Predicate, Record
from poc.engine.situation import Situation

Outcome = Literal["pass", "fail", "unknown", "stale", "waived", "not_applicable"]

# Which record answers a kind of probe, and the command that writes it.
RECORDS: dict[Kind, tuple[str, str]] = {
    "tests": ("tests", "make test"),
    "evals": ("eval-gate", "make evals"),
    "decision": ("evals-decision", "make evals SPLIT=decision"),
}
CLOCKS = timedelta(minutes=5)  # machines' clocks differ by less


class Answer(NamedTuple):
    """What is known about an item; `detail` is one sentence that says what to do.

    `expires` is the day a person's word, waiver or acceptance ends; a run is renewed by the next.
    """

    outcome: Outcome
    detail: str
    expires: date | None = None


def answer(
    item: str,
    kind: Kind,
    records: Sequence[Record],
    where: Situation,
    what: Deployed,
    max_age_days: int,
) -> Answer:
    """What the record for this kind of probe says about an item."""
    name, command = RECORDS[kind]
    path = (FOLDER / f"{name}.json").as_posix()
    record = next((one for one in records if one.path == path), None)
    if record is None:
        return Answer("unknown", f"Nothing is recorded yet: run `{command}`.")
    made = record.predicate
    if made is None or record.damage:
        why = record.damage or "cannot be read"
        return Answer("unknown", f"{path} {why}: run `{command}` again.")
    doubt = _doubt(made, where) or _age(made, where, what, max_age_days)
    if doubt is not None:
        return Answer(doubt.outcome, f"{path} {doubt.detail}: run `{command}` again.")
    said: ItemOutcome | None = next((one for one in made.items if one.item == item), None)
    if said is None:
        return Answer("unknown", f"{path} says nothing about it: run `{command}` again.")
    return Answer(said.outcome, said.detail)


def _doubt(made: Predicate, where: Situation) -> Answer | None:
    """What keeps a record from being believed at all."""
    if made.finished_on > where.now + CLOCKS or made.finished_on < made.started_on:
        return Answer("unknown", f"has a wrong clock, it says {made.finished_on:%Y-%m-%d %H:%M}")
    if not made.complete:
        return Answer("unknown", "is of a run that was not complete")
    if not where.official:
        return None
    if made.run != where.run:
        told = f"CI run {made.run}" if made.run else "no CI run"
        return Answer("unknown", f"was made by {told}, and this is CI run {where.run}")
    if made.dirty:
        return Answer("unknown", "was made with changes that are not committed")
    return None


def _age(made: Predicate, where: Situation, what: Deployed, max_age_days: int) -> Answer | None:
    """What makes a record a thing of the past."""
    if made.behaviour != what.behaviour:
        return Answer("stale", "is of another state of app/ than the one here")
    if made.provider and made.provider != what.provider:
        return Answer("stale", f"measured {made.provider}, and {what.provider} would be deployed")
    days = (where.now - made.finished_on).days
    if days > max_age_days:
        return Answer("stale", f"is {days} days old, {max_age_days} are allowed")
    return None
