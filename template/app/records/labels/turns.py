"""Which case a person labels next, and since when it is on their screen.

Third opinions come first, then cases with one label, then fresh ones, so that pairs complete and
an early end leaves few halves. Among equals each person has an order of their own, so two who
start together do not meet. What somebody else has on the screen counts as labelled for a while.
Nothing of this shows on the page: no one can tell the first label from the third.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select, text

from app.records.labels.models import LabelRound, Turn
from app.records.labels.reading import OPEN_FOR, progress, sheet_of, the_round
from app.records.schema import label_cases, label_turns

CLAIM = timedelta(minutes=10)

_TURN = select(label_turns.c.position, label_turns.c.shown_at).where(
    label_turns.c.round == bindparam("of_round"), label_turns.c.person == bindparam("of_person")
)
_ON_SCREENS = (
    select(label_turns.c.position, func.count().label("people"))
    .where(
        label_turns.c.round == bindparam("of_round"),
        label_turns.c.person != bindparam("of_person"),
        label_turns.c.shown_at > bindparam("since", type_=label_turns.c.shown_at.type),
    )
    .group_by(label_turns.c.position)
)
_CASE = select(label_cases).where(
    label_cases.c.round == bindparam("of_round"), label_cases.c.position == bindparam("at_position")
)
_GIVE = text(
    "INSERT INTO label_turns (round, person, position, shown_at)"
    " VALUES (:of_round, :of_person, :at_position, :now)"
    " ON CONFLICT (round, person)"
    " DO UPDATE SET position = excluded.position, shown_at = excluded.shown_at"
).bindparams(bindparam("now", type_=label_turns.c.shown_at.type))


def take_turn(connection: Connection, name: str, person: str) -> Turn:
    """What to show this person: the case they have already, or their next one.

    Raises `NotFound` for a round that is not there.
    """
    of = the_round(connection, name)
    key = {"of_round": name, "of_person": person}
    waiting = {row.position: row for row in connection.execute(OPEN_FOR, key)}
    standing = progress(connection, name, of.purpose, person, len(waiting))
    if not waiting:
        return Turn(of, standing, None)
    current = connection.execute(_TURN, key).one_or_none()
    if current is not None and current.position in waiting:
        position = current.position
    else:
        now = datetime.now(UTC)
        others = connection.execute(_ON_SCREENS, {**key, "since": now - CLAIM})
        screens = {row.position: row.people for row in others}
        # What everybody else has on the screen is still better than nothing.
        free = [
            one for one in waiting.values() if one.wanted - one.given > screens.get(one.position, 0)
        ] or list(waiting.values())
        fullest = max(one.given for one in free)
        position = min(
            (one.position for one in free if one.given == fullest),
            key=lambda one: _rank(of, person, one),
        )
        give_turn(connection, name, person, position, now)
    row = connection.execute(_CASE, {"of_round": name, "at_position": position}).one()
    return Turn(of, standing, sheet_of(row))


def give_turn(
    connection: Connection, name: str, person: str, position: int, shown: datetime
) -> None:
    """Note that a case is on this person's screen since `shown`."""
    connection.execute(
        _GIVE, {"of_round": name, "of_person": person, "at_position": position, "now": shown}
    )


def shown_since(connection: Connection, name: str, person: str, position: int) -> datetime | None:
    """Since when a case is on this person's screen; None when it is another or none."""
    current = connection.execute(_TURN, {"of_round": name, "of_person": person}).one_or_none()
    if current is None or current.position != position:
        return None
    shown: datetime = current.shown_at
    return shown


def _rank(of: LabelRound, person: str, position: int) -> bytes:
    return hashlib.blake2b(f"{of.seed}:{person}:{position}".encode(), digest_size=16).digest()
