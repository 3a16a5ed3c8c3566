"""What one read transaction of labelling does."""

import json
import statistics
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, exists, func, select

from app.errors import NotFound
from app.records.labels.form import Form
from app.records.labels.models import (
    CaseState,
    Label,
    LabelCase,
    LabelRound,
    Progress,
    RoundLabels,
)
from app.records.schema import label_cases, label_rounds, labels

Found = Row[*tuple[Any, ...]]

_ROUND = select(label_rounds).where(label_rounds.c.name == bindparam("of_round"))
_ROUNDS = select(label_rounds.c.name, label_rounds.c.purpose).order_by(label_rounds.c.name)
_CASES = (
    select(
        label_cases.c.position,
        label_cases.c.case_id,
        label_cases.c.held,
        label_cases.c.given,
        label_cases.c.wanted,
    )
    .where(label_cases.c.round == bindparam("of_round"))
    .order_by(label_cases.c.position)
)
LABELS = (
    select(labels, label_cases.c.case_id)
    .join(
        label_cases,
        and_(label_cases.c.round == labels.c.round, label_cases.c.position == labels.c.position),
    )
    .where(labels.c.round == bindparam("of_round"))
    .order_by(labels.c.position, labels.c.place)
)
_COUNTS = select(
    func.count(), func.sum(case((label_cases.c.given >= label_cases.c.wanted, 1), else_=0))
).where(label_cases.c.round == bindparam("of_round"))
OPEN_FOR = select(label_cases.c.position, label_cases.c.given, label_cases.c.wanted).where(
    label_cases.c.round == bindparam("of_round"),
    label_cases.c.given < label_cases.c.wanted,
    ~exists().where(
        labels.c.round == label_cases.c.round,
        labels.c.position == label_cases.c.position,
        labels.c.person == bindparam("of_person"),
    ),
)
_COUNT_OPEN = select(func.count()).select_from(OPEN_FOR.subquery())
_MINE = (
    select(label_cases.c.case_id, labels.c.seconds, labels.c.source)
    .join(
        label_cases,
        and_(label_cases.c.round == labels.c.round, label_cases.c.position == labels.c.position),
    )
    .where(labels.c.round == bindparam("of_round"), labels.c.person == bindparam("of_person"))
    .order_by(labels.c.saved_at, labels.c.id)
)


def find_round(connection: Connection, name: str) -> LabelRound | None:
    """Read a round without its cases; None when there is none of this name."""
    if not (name.isascii() and name.isprintable()):
        return None
    row = connection.execute(_ROUND, {"of_round": name}).one_or_none()
    if row is None:
        return None
    return LabelRound(
        name=row.name,
        purpose=row.purpose,
        source=row.source,
        seed=row.seed,
        digest=row.digest,
        form=Form.model_validate_json(row.form),
        guideline=json.loads(row.guideline),
    )


def the_round(connection: Connection, name: str) -> LabelRound:
    """Read a round. Raises `NotFound`."""
    found = find_round(connection, name)
    if found is None:
        raise NotFound("There is no labelling round with this name.")
    return found


def list_rounds(connection: Connection, person: str) -> list[Progress]:
    """Every round by name, as this person sees it."""
    rows = connection.execute(_ROUNDS).all()
    return [progress(connection, row.name, row.purpose, person) for row in rows]


def progress(
    connection: Connection,
    name: str,
    purpose: Any,  # noqa: ANN401 - as stored
    person: str,
    left: int | None = None,
) -> Progress:
    """How far a round and this person are; `left` is counted unless known already."""
    key = {"of_round": name, "of_person": person}
    count, complete = connection.execute(_COUNTS, {"of_round": name}).one()
    mine = connection.execute(_MINE, key).all()
    seconds = [row.seconds for row in mine if row.seconds is not None]
    if left is None:
        left = connection.execute(_COUNT_OPEN, key).scalar_one()
    return Progress(
        name=name,
        purpose=purpose,
        cases=count,
        complete=complete or 0,
        mine=len(mine),
        left=left,
        seconds=statistics.median(seconds) if seconds else None,
        last=next((row.case_id for row in reversed(mine) if row.source == "pages"), None),
    )


def whole_round(connection: Connection, name: str) -> RoundLabels | None:
    """Read a round with every label; None when there is none of this name."""
    found = find_round(connection, name)
    if found is None:
        return None
    rows = connection.execute(_CASES, {"of_round": name}).all()
    states = [CaseState(row.case_id, row.held, row.given, row.wanted) for row in rows]
    return RoundLabels(found, states, labels_of(connection.execute(LABELS, {"of_round": name})))


def sheets(connection: Connection, name: str) -> list[LabelCase]:
    """The cases of a round as people see them, in the set's order."""
    ordered = select(label_cases).where(label_cases.c.round == name).order_by("position")
    return [sheet_of(row) for row in connection.execute(ordered)]


def labels_of(rows: Iterable[Found]) -> list[Label]:
    """Rows of `LABELS` as labels."""
    return [
        Label(
            case_id=row.case_id,
            place=row.place,
            person=row.person,
            said=row.said,
            value=json.loads(row.value),
            edge=row.edge,
            seconds=row.seconds,
            source=row.source,
            saved_at=row.saved_at,
        )
        for row in rows
    ]


def sheet_of(row: Found) -> LabelCase:
    """A row of `label_cases` as people see it."""
    sheet = tuple((name, text) for name, text in json.loads(row.sheet))
    return LabelCase(row.case_id, json.loads(row.headline), sheet, row.held)
