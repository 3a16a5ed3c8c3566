"""Says whether an answer may leave without a person, and why."""

from typing import Any

from pydantic import BaseModel

from app.acceptance import Judgement
from app.case import AnyUseCase, ReviewReason
from app.gateway import Reply


def disposition(
    usecase: AnyUseCase, case: BaseModel, reply: Reply[Any], judgement: Judgement
) -> tuple[ReviewReason | None, list[str]]:
    """The reason for which a person has to decide, None when none has to; and it in sentences."""
    degraded = [] if reply.failure is None else [reply.detail]
    if reply.answer is None:
        return reply.refusal or ReviewReason.UNPARSEABLE, [reply.detail]
    objections = list(usecase.objections(case, reply.answer))
    if objections:
        return ReviewReason.OBJECTION, degraded + objections
    if judgement.acceptance is None:
        text = judgement.void or f"There is no calibration for {reply.provider} {reply.model}."
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
