"""The places of a case: two for labels, a third once people differ, one in a study.

Whoever writes a label has locked the row of its case first: SQLite excludes every other writer,
PostgreSQL gives the row to one after the other.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from app.errors import NotFound
from app.records.inserts import to_json
from app.records.labels.models import Kept, Label, LabelRound, NewLabel, Source, wanted
from app.records.labels.reading import LABELS, labels_of
from app.records.models import new_id
from app.records.schema import label_cases, labels

Locked = Row[*tuple[Any, ...]]

_LOCKED = (
    select(label_cases.c.position, label_cases.c.given, label_cases.c.wanted)
    .where(
        label_cases.c.round == bindparam("of_round"), label_cases.c.case_id == bindparam("of_case")
    )
    .with_for_update()
)
_ON_CASE = LABELS.where(labels.c.position == bindparam("at_position"))
_COUNT = (
    update(label_cases)
    .where(
        label_cases.c.round == bindparam("of_round"),
        label_cases.c.position == bindparam("at_position"),
    )
    .values(given=bindparam("now_given"), wanted=bindparam("now_wanted"))
)


def lock(connection: Connection, of: LabelRound, case_id: str) -> Locked:
    """Lock a case until the commit. Raises `NotFound`."""
    found = None
    if "\0" not in case_id and case_id.isprintable():  # what PostgreSQL takes as a parameter
        found = connection.execute(_LOCKED, {"of_round": of.name, "of_case": case_id}).one_or_none()
    if found is None:
        raise NotFound("This round has no case with this id.")
    return found


def given_on(connection: Connection, of: LabelRound, position: int) -> list[Label]:
    """The labels that stand on a case, by place."""
    place = {"of_round": of.name, "at_position": position}
    return labels_of(connection.execute(_ON_CASE, place))


def add(
    connection: Connection,
    of: LabelRound,
    row: Locked,
    new: NewLabel,
    person: str,
    source: Source,
    shown: datetime | None = None,
    seconds: float | None = None,
) -> Kept:
    """Insert a label at the lowest free place of a locked case, unless the person has one there."""
    given = given_on(connection, of, row.position)
    if any(one.person == person for one in given):
        return "before"
    if len(given) >= row.wanted:
        return "taken"
    free = min({1, 2, 3} - {one.place for one in given})
    now = datetime.now(UTC)
    label = Label(
        new.case_id, free, person, new.said, new.value, new.edge, seconds, source, saved_at=now
    )
    connection.execute(
        insert(labels),
        {
            "id": new_id("label"),
            "round": of.name,
            "position": row.position,
            "place": free,
            "person": person,
            "said": new.said,
            "value": to_json(new.value),
            "edge": new.edge,
            "seconds": seconds,
            "source": source,
            "shown_at": shown,
            "saved_at": now,
        },
    )
    count(connection, of, row.position, [*given, label])
    return "kept"


def count(connection: Connection, of: LabelRound, position: int, given: list[Label]) -> None:
    """Bring the counts of a case in line with the labels that stand."""
    now_wanted = wanted(of.purpose, {one.place: one for one in given})
    connection.execute(
        _COUNT,
        {
            "of_round": of.name,
            "at_position": position,
            "now_given": len(given),
            "now_wanted": now_wanted,
        },
    )
