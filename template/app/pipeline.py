"""The whole way of one case, top to bottom.

api -> identity -> intake -> use case, through the gateway -> acceptance -> answer | review
-> records -> api
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.acceptance import Acceptance, Judgement
from app.case import AnyUseCase, Decision, ReviewReason
from app.errors import Conflict, InvalidInput
from app.gateway import Gateway, Reply
from app.identity import Caller
from app.intake import Clean, Limits, Quarantined, QuarantineReason, Raw, take
from app.records import NewCase, Records, new_id
from app.telemetry import metrics


@dataclass(frozen=True, slots=True)
class Decided:
    """A clean case and what was decided about it."""

    clean: Clean
    decision: Decision


class Pipeline:
    """Makes a decision of a raw case; stores nothing."""

    def __init__(
        self, usecase: AnyUseCase, gateway: Gateway, acceptance: Acceptance, limits: Limits
    ) -> None:
        self.usecase = usecase
        self._gateway = gateway
        self._acceptance = acceptance
        self._limits = limits

    async def decide(self, raw: Raw, request_id: str) -> Decided | Quarantined:
        """Clean the case, have it answered, and judge whether the answer may leave alone.

        Raises `InvalidInput` and `UnsupportedMedia` for what is no case at all.
        """
        clean = await asyncio.to_thread(take, raw, self.usecase, self._limits)
        if isinstance(clean, Quarantined):
            return clean
        reply = await self._gateway.answer(clean.case)
        judgement = self._acceptance.judge(
            reply.provider, reply.model, self.usecase.prompt_version, reply.signals
        )
        return Decided(clean, self._decision(clean, reply, judgement, request_id))

    def _decision(
        self, clean: Clean, reply: Reply[Any], judgement: Judgement, request_id: str
    ) -> Decision:
        reason, explanation = self._review(clean, reply, judgement)
        return Decision(
            id=new_id("decision"),
            status="answered" if reason is None else "in_review",
            answer=None if reply.answer is None else reply.answer.model_dump(mode="json"),
            acceptance=judgement.acceptance if reply.answer is not None else None,
            threshold=judgement.threshold,
            decided_by=reply.decided_by,
            provider=reply.provider,
            model=reply.model,
            prompt_version=self.usecase.prompt_version,
            degraded=None if reply.failure is None else str(reply.failure),
            review_reason=reason,
            reasons=explanation,
            tokens_in=reply.tokens_in,
            tokens_out=reply.tokens_out,
            seconds=reply.seconds,
            request_id=request_id,
            decided_at=datetime.now(UTC),
        )

    def _review(
        self, clean: Clean, reply: Reply[Any], judgement: Judgement
    ) -> tuple[ReviewReason | None, list[str]]:
        degraded = [] if reply.failure is None else [reply.detail]
        if reply.answer is None:
            return reply.refusal or ReviewReason.UNPARSEABLE, [reply.detail]
        objections = list(self.usecase.objections(clean.case, reply.answer))
        if objections:
            return ReviewReason.OBJECTION, degraded + objections
        if judgement.acceptance is None:
            text = f"There is no calibration for {reply.provider} {reply.model}."
            return ReviewReason.UNCALIBRATED, [*degraded, text]
        if judgement.threshold is None:
            text = "No threshold kept the promised precision on unseen cases."
            return ReviewReason.UNCALIBRATED, [*degraded, text]
        relation = "reaches" if judgement.accepted else "is below"
        text = (
            f"The acceptance {judgement.acceptance:.2f} {relation}"
            f" the threshold {judgement.threshold:.2f}."
        )
        return (None if judgement.accepted else ReviewReason.BELOW_THRESHOLD), [*degraded, text]


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
