"""Labelling in a spreadsheet: the cases as a table, and the labels read back from it."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from app.case import AnyUseCase
from app.records.labels.form import Form, Said, read
from app.records.labels.models import LabelCase, LabelRound, NewLabel
from poc.engine.problems import Refused

ID, CASE, UNSURE, NOTHING, EDGE = "id", "case", "unsure", "nothing", "edge"
_OWN = {ID, CASE, UNSURE, NOTHING, EDGE}
_YES = {"x", "yes", "1", "true"}
# What a spreadsheet takes for a formula, or for the beginning of a cell that hides one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Read:
    """One row that holds a label, and the line of the file it begins on."""

    line: int
    label: NewLabel


def columns(form: Form) -> dict[str, str]:
    """The column of each field; one that is called like a column of the table's own is marked."""
    return {one.name: f"label_{one.name}" if one.name in _OWN else one.name for one in form.fields}


def table(of: LabelRound, cases: Sequence[LabelCase]) -> bytes:
    """One row a case with empty columns to fill in; UTF-8 with a mark that spreadsheets know.

    A cell that would be a formula begins with an apostrophe.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    named = columns(of.form).values()
    writer.writerow([ID, CASE, *named, UNSURE, NOTHING, EDGE])
    for one in cases:
        lines = [one.headline, *(f"{name}: {value}" for name, value in one.sheet)]
        if one.held:
            lines.insert(0, f"(The service would hold this case back: {one.held}.)")
        cells = [_harmless(one.case_id), _harmless("\n".join(lines))]
        writer.writerow([*cells, *("" for _ in named), "", "", ""])
    return text.getvalue().encode("utf-8-sig", "replace")


def labels(path: Path, of: LabelRound, cases: Sequence[str], usecase: AnyUseCase) -> list[Read]:
    """The labels of a filled-in table; rows without any are passed over.

    Raises `Refused` with a sentence for each line that does not fit, and for a file without any.
    """
    rows = list(_rows(path, columns(of.form)))
    wrong: list[str] = []
    found: dict[str, Read] = {}
    known = set(cases)
    for line, row in rows:
        given = {name: (text or "").strip() for name, text in row.items() if name != CASE}
        id = given.pop(ID, "")
        if not any(given.values()):
            continue
        id = id if id in known else id.removeprefix("'")
        if id not in known:
            wrong.append(f"line {line}: there is no case {_shown(id)} in {of.name}.")
        elif id in found:
            wrong.append(f"line {line}: the case {id} stands on line {found[id].line} already.")
        else:
            label = _label(of.form, usecase, id, given, line, wrong)
            if label:
                found[id] = Read(line, label)
    if wrong:
        raise Refused(f"Nothing was imported from {path.name}:", *wrong)
    if not found:
        raise Refused(f"{path.name} holds no label: fill in the columns, and save it as CSV.")
    return list(found.values())


def _label(
    form: Form,
    usecase: AnyUseCase,
    id: str,
    given: Mapping[str, str],
    line: int,
    wrong: list[str],
) -> NewLabel | None:
    texts = {field: given.get(name, "") for field, name in columns(form).items()}
    marks = {name: given.get(name, "").lower() for name in (UNSURE, NOTHING)}
    odd = [name for name, mark in marks.items() if mark and mark not in _YES]
    marked = [name for name, mark in marks.items() if mark]
    if odd:
        wrong.append(f"line {line}: {odd[0]} has to be x or empty.")
        return None
    if len(marked) > 1 or (marked and any(texts.values())):
        wrong.append(f"line {line}: {marked[0]} goes with no label; leave one of them empty.")
        return None
    said = cast(Said, marked[0] if marked else "answer")
    edge = given.get(EDGE, "")
    value, faults = read(form, usecase.answer_type, said, texts, edge)
    if faults:
        wrong += [f"line {line}: {fault}" for fault in faults.values()]
        return None
    return NewLabel(id, said, value, edge or None)


def _rows(path: Path, named: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the line it begins on. Comma, semicolon and tab are told apart by the head."""
    text = _text(path)
    head = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True
    )
    try:
        header = [name.strip() for name in next(reader, [])]
        missing = [name for name in (ID, *named.values()) if name not in header]
        if missing:
            raise Refused(
                f"{path.name}: line 1: the column {missing[0]} is missing; fill in a table made by"
                " poc label export."
            )
        twice = next((name for name in header if name and header.count(name) > 1), None)
        if twice:
            raise Refused(f"{path.name}: line 1: the column {_shown(twice)} stands there twice.")
        begins = reader.line_num + 1
        for row in reader:
            if len(row) > len(header):
                raise Refused(f"{path.name}: line {begins}: more cells than columns.")
            yield begins, dict(zip(header, [*row, *[""] * len(header)], strict=False))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Refused(f"{path.name}: line {reader.line_num}: no CSV ({error}).") from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise Refused(f"{path} is not there.") from None
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None
    if len(raw) > _LARGEST:
        raise Refused(f"{path.name} is larger than {_LARGEST:,} bytes; it is no table of labels.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"{path.name}: line {line}: not UTF-8; save it as “CSV UTF-8” and import it again."
        ) from None


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}...")
