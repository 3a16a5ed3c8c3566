"""Takes cases out of the records into a table, and one person's labels back."""

import csv
from pathlib import Path

from app import usecase
from app.records.labels.fields import fields_of
from app.records.labels.models import NewLabel
from poc.engine.files import replace
from poc.engine.problems import Refused
from poc.labels import tables
from poc.labels.records import read_round, with_records
from poc.labels.start import ACTOR

LONGEST_NAME = 200
_WHY = {
    "before": "{person} has labelled {id} already; a person labels a case once.",
    "taken": "{id} has all its labels; take the line out.",
}
csv.field_size_limit(10_000_000)


def write(root: Path, name: str, to: Path) -> tuple[dict[str, list[str]], int]:
    """Write the table of a round; the columns to fill in with their choices, and the cases.

    Raises `Refused` for a round that is none, and for a file that exists.
    """
    found = read_round(root, name)
    if to.exists():
        raise Refused(f"{to} exists, perhaps with somebody's labels in it; name another file.")
    sheets = with_records(root, lambda records: records.label_sheets(name))
    replace(to, tables.table(found.round, sheets))
    named = tables.columns(found.round.form)
    fields = {one.name: one for one in found.round.form.fields}
    return {
        column: [choice.text for choice in fields[name].choices] for name, column in named.items()
    }, len(sheets)


def take(root: Path, name: str, file: Path, person: str) -> int:
    """Import a person's labels, all or none; how many. Raises `Refused`, naming each line."""
    person = person.strip()
    if not person or not person.isprintable() or len(person) > LONGEST_NAME:
        raise Refused(f"--person needs a name of at most {LONGEST_NAME} characters in one line.")
    found = read_round(root, name)
    if found.round.form.fields != fields_of(usecase.USE_CASE.answer_type):
        raise Refused(
            "What the service answers has changed since the labelling began, so the labels no"
            " longer fit it. Bring the schema back, or draw and label a fresh set."
        )
    ids = [one.case_id for one in found.cases]
    rows = tables.labels(file, found.round, ids, usecase.USE_CASE)
    new: list[NewLabel] = [one.label for one in rows]
    hindered = with_records(root, lambda records: records.import_labels(name, new, person, ACTOR))
    lines = {one.label.case_id: one.line for one in rows}
    if hindered:
        told = sorted(
            (lines[one.case_id], _WHY[why].format(person=person, id=one.case_id))
            for one, why in hindered
        )
        raise Refused(
            f"Nothing was imported from {file.name}:",
            *(f"line {line}: {text}" for line, text in told),
        )
    return len(new)
