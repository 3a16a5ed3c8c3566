"""Runs the pipeline for a caller and records what came of it."""

from datetime import UTC, datetime

from app.errors import Conflict, InvalidInput
from app.identity import Caller
from app.intake import Quarantined, QuarantineReason, Raw
from app.pipeline import Decided, Pipeline
from app.records import NewCase, Records, new_id
from app.telemetry import metrics


class CaseHandler:
    """Runs the pipeline and records its outcome in one transaction with the audit row."""

    def __init__(self, pipeline: Pipeline, records: Records) -> None:
        self._pipeline = pipeline
        self._records = records

    async def handle(self, raw: Raw, caller: Caller, request_id: str) -> str:
        """Take a new case in and return its id; answered, in review or quarantined, it is kept."""
        received_at = datetime.now(UTC)
        outcome = await self._pipeline.decide(raw, request_id)
        case = self._case(new_id("case"), received_at, caller.subject, raw, outcome, request_id)
        if isinstance(outcome, Quarantined):
            await self._records.store_quarantine(
                case, outcome.reason, outcome.detail, caller.subject
            )
            metrics.quarantined(outcome.reason)
        else:
            await self._records.store_decision(case, outcome.decision, caller.subject)
            metrics.decided(outcome.decision)
        return case.id

    async def replay(self, quarantine_id: str, caller: Caller, request_id: str) -> str | None:
        """Run a quarantined original again; None when there is no such entry.

        Raises `Conflict` when it is no longer held.
        """
        held = await self._records.quarantined(quarantine_id)
        if held is None:
            return None
        if held.state != "held":
            raise Conflict("This case was replayed before; load the list again.")
        raw = Raw(held.content_type, held.original)
        outcome = await self._decide_again(raw, request_id)
        old = held.case
        case = self._case(old.id, old.received_at, old.submitter, raw, outcome, request_id)
        if isinstance(outcome, Quarantined):
            await self._records.fail_replay(
                quarantine_id,
                outcome.reason,
                outcome.detail,
                [note.model_dump(mode="json") for note in outcome.notes],
                caller.subject,
            )
            metrics.quarantined(outcome.reason)
        else:
            await self._records.settle_replay(quarantine_id, case, outcome.decision, caller.subject)
            metrics.decided(outcome.decision)
        return case.id

    async def _decide_again(self, raw: Raw, request_id: str) -> Decided | Quarantined:
        try:
            return await self._pipeline.decide(raw, request_id)
        except InvalidInput as error:
            # A body that was refused unread the first time; whoever sent it is gone by now.
            wrong = f"{len(error.errors)} fields do not have the shape of a case."
            detail = wrong if error.errors else error.detail
            return Quarantined(QuarantineReason.UNUSABLE, detail)

    def _case(
        self,
        case_id: str,
        received_at: datetime,
        submitter: str,
        raw: Raw,
        outcome: Decided | Quarantined,
        request_id: str,
    ) -> NewCase:
        clean = outcome.clean if isinstance(outcome, Decided) else None
        notes = clean.notes if clean else outcome.notes  # type: ignore[union-attr]
        return NewCase(
            id=case_id,
            received_at=received_at,
            submitter=submitter,
            content_type=raw.content_type,
            original=raw.body,
            use_case=self._pipeline.usecase.name,
            language=clean.language if clean else "und",
            input=clean.case.model_dump(mode="json") if clean else None,
            notes=[note.model_dump(mode="json") for note in notes],
            request_id=request_id,
        )
