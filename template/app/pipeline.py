"""The whole way of one case, top to bottom.

api -> identity -> intake -> use case, through the gateway -> acceptance -> answer | review
-> records -> api
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.acceptance import Acceptance, Judgement
from app.case import AnyUseCase, Decision
from app.disposition import disposition
from app.gateway import Gateway, Reply
from app.intake import Clean, Limits, Quarantined, Raw, take
from app.records import new_id


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
        reason, explanation = disposition(self.usecase, clean.case, reply, judgement)
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
            cost=reply.cost,
            currency=reply.currency,
            request_id=request_id,
            decided_at=datetime.now(UTC),
        )
