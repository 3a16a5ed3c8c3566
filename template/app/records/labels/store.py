"""The part of the records that people label in: each method is one transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.records.labels import reading, rounds, turns, writing
from app.records.labels.models import (
    Kept,
    LabelCase,
    LabelRound,
    NewLabel,
    Progress,
    RoundLabels,
    Turn,
)
from app.records.pool import Pool


class _Refused(Exception):
    """Rolls an import back."""

    def __init__(self, labels: list[tuple[NewLabel, Kept]]) -> None:
        super().__init__()
        self.labels = labels


class LabelRecords:
    """Rounds of labelling, their cases and labels. `person` is the subject of who signed in.

    Methods that name a round raise `NotFound` when there is none.
    """

    _writer: Pool
    _reader: Pool

    async def start_labels(
        self, new: LabelRound, cases: Sequence[LabelCase], actor: str
    ) -> LabelRound | None:
        """Store a round; if one of its name exists, return that and store nothing."""
        return await self._writer.run(rounds.start, new, cases, actor)

    async def label_rounds(self, person: str) -> list[Progress]:
        """All rounds by name, and how far this person is."""
        return await self._reader.run(reading.list_rounds, person)

    async def label_round(self, round_name: str) -> LabelRound:
        """A round without its cases."""
        return await self._reader.run(reading.the_round, round_name)

    async def label_turn(self, round_name: str, person: str) -> Turn:
        """The case on this person's screen or else their next one, which is then on it."""
        return await self._writer.run(turns.take_turn, round_name, person)

    async def save_label(self, round_name: str, new: NewLabel, person: str) -> Kept:
        """Store a label while the case has a place for it; nobody labels a case twice."""
        return await self._writer.run(writing.save, round_name, new, person)

    async def take_label_back(self, round_name: str, case_id: str, person: str) -> bool:
        """Delete this person's label of a case and show it again; False when there is none."""
        return await self._writer.run(writing.take_back, round_name, case_id, person)

    async def import_labels(
        self, round_name: str, new: Sequence[NewLabel], person: str, actor: str
    ) -> list[tuple[NewLabel, Kept]]:
        """Store labels given elsewhere, all or none; return those that hinder it, and why."""

        def whole(connection: Connection) -> None:
            refused = writing.import_labels(connection, round_name, new, person, actor)
            if refused:
                raise _Refused(refused)

        try:
            await self._writer.run(whole)
        except _Refused as refused:
            return refused.labels
        return []

    async def round_labels(self, round_name: str) -> RoundLabels | None:
        """A round with every label that stands; None when there is no such round."""
        return await self._reader.run(reading.whole_round, round_name)

    async def label_sheets(self, round_name: str) -> list[LabelCase]:
        """The cases of a round as people see them; empty when there is no such round."""
        return await self._reader.run(reading.sheets, round_name)
