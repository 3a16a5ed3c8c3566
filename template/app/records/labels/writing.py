"""What one write transaction of labelling does. The audit entry comes last, as everywhere.

It holds what was chosen from closed lists, and the SHA-256 of what people wrote.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete

from app.records.chain import append
from app.records.inserts import to_json
from app.records.labels.models import Kept, LabelRound, NewLabel
from app.records.labels.places import add, count, given_on, lock
from app.records.labels.reading import the_round
from app.records.labels.rounds import sha256_of
from app.records.labels.turns import give_turn, shown_since
from app.records.schema import label_turns, labels

IDLE = timedelta(minutes=10)

_DROP_TURN = delete(label_turns).where(
    label_turns.c.round == bindparam("of_round"),
    label_turns.c.person == bindparam("of_person"),
    label_turns.c.position == bindparam("at_position"),
)
_TAKE_BACK = delete(labels).where(
    labels.c.round == bindparam("of_round"),
    labels.c.position == bindparam("at_position"),
    labels.c.person == bindparam("of_person"),
)


def save(connection: Connection, name: str, new: NewLabel, person: str) -> Kept:
    """Store what a person says on the pages, if its case has a place free.

    Raises `NotFound` for a case or a round that is not there.
    """
    of = the_round(connection, name)
    now = datetime.now(UTC)
    row = lock(connection, of, new.case_id)
    position = row.position
    shown = shown_since(connection, of.name, person, position)
    seconds = None if shown is None else (now - shown).total_seconds()
    timed = seconds if seconds is not None and 0 <= seconds <= IDLE.total_seconds() else None
    stored = add(connection, of, row, new, person, "pages", shown=shown, seconds=timed)
    if stored != "taken":
        gone = {"of_round": of.name, "of_person": person, "at_position": position}
        connection.execute(_DROP_TURN, gone)
    if stored == "kept":
        details = {**_audited(of, new), "seconds": timed}
        append(connection, person, "label.saved", f"{of.name}/{new.case_id}", details)
    return stored


def take_back(connection: Connection, name: str, case_id: str, person: str) -> bool:
    """Delete this person's label of a case and show it to them again; False when there is none.

    Its time goes on from where it was. Raises `NotFound` for a case or a round that is not there.
    """
    of = the_round(connection, name)
    position = lock(connection, of, case_id).position
    place = {"of_round": of.name, "at_position": position}
    given = given_on(connection, of, position)
    mine = next((one for one in given if one.person == person and one.source == "pages"), None)
    if mine is None:
        return False
    connection.execute(_TAKE_BACK, {**place, "of_person": person})
    count(connection, of, position, [one for one in given if one is not mine])
    # Idle for longer than counts, where the first time was not known either.
    spent = IDLE * 2 if mine.seconds is None else timedelta(seconds=mine.seconds)
    give_turn(connection, of.name, person, position, datetime.now(UTC) - spent)
    old = NewLabel(mine.case_id, mine.said, mine.value, mine.edge)
    append(connection, person, "label.taken_back", f"{of.name}/{case_id}", _audited(of, old))
    return True


def import_labels(
    connection: Connection, name: str, new: Sequence[NewLabel], person: str, actor: str
) -> list[tuple[NewLabel, Kept]]:
    """Store labels given elsewhere; return those that have no place, and the reason.

    The caller rolls back unless the list is empty. Raises `NotFound` as `save` does.
    """
    of = the_round(connection, name)
    refused: list[tuple[NewLabel, Kept]] = []
    for one in sorted(new, key=lambda one: one.case_id):  # two at once lock in the same order
        kept = add(connection, of, lock(connection, of, one.case_id), one, person, "import")
        if kept != "kept":
            refused.append((one, kept))
    if not refused:
        digest = sha256_of(to_json([[one.case_id, one.said, one.value, one.edge] for one in new]))
        details = {"person": person, "labels": len(new), "sha256": digest}
        append(connection, actor, "label.imported", of.name, details)
    return refused


def _audited(of: LabelRound, new: NewLabel) -> dict[str, Any]:
    closed = {field.name for field in of.form.fields if field.kind == "choice"}
    value = {
        name: given if name in closed else f"sha256:{sha256_of(to_json(given))}"
        for name, given in new.value.items()
    }
    return {"said": new.said, "value": value, "edge": new.edge}
