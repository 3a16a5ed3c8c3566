"""The service under measurement: the real pipeline, without records or HTTP around it.

Model calls are held to the caps of `governance/prices.yaml`; that of the day holds for each run.
"""

from collections.abc import Callable

from pydantic import BaseModel

from app.acceptance import Acceptance
from app.case import AnyUseCase
from app.errors import InvalidInput, ServiceError, UnsupportedMedia
from app.gateway import FailureCode, RunBudget, build
from app.intake import Clean, Limits, Quarantined, Raw, take
from app.pipeline import Pipeline
from app.settings import Settings, load
from app.usecase import USE_CASE
from evals.dataset import EvalCase
from evals.digests import CALIBRATION
from evals.rows import NotMeasured, Outcome


class Service:
    """Decides about cases as the deployed service would under the same settings."""

    def __init__(self, settings: Settings, usecase: AnyUseCase = USE_CASE) -> None:
        self._budget = RunBudget()
        self._gateway = build(settings, usecase, self._budget)
        self._pipeline = Pipeline(
            usecase, self._gateway, Acceptance.load(CALIBRATION), _limits(settings)
        )

    async def aclose(self) -> None:
        """Close the connections to the model."""
        await self._gateway.aclose()

    async def decide(self, case: EvalCase) -> Outcome:
        """Run one case through the pipeline; what intake refuses outright is an outcome too.

        Raises `NotMeasured` once the run has reached the spending cap of a day: that the baseline
        answered then says nothing about the model.
        """
        try:
            outcome = await self._pipeline.decide(Raw(case.content_type, case.raw), "eval")
        except (InvalidInput, UnsupportedMedia) as refusal:
            return Outcome(status="rejected", reason=refusal.code)
        if isinstance(outcome, Quarantined):
            return Outcome(status="quarantined", reason=str(outcome.reason))
        decision = outcome.decision
        if decision.degraded == FailureCode.SPEND_CAP and self._budget.refused:
            raise NotMeasured
        return Outcome(
            status=decision.status,
            answer=decision.answer,
            reason=decision.review_reason,
            acceptance=decision.acceptance,
            threshold=decision.threshold,
            degraded=decision.degraded,
            tokens_in=decision.tokens_in,
            tokens_out=decision.tokens_out,
            cost=decision.cost,
            currency=decision.currency,
        )


def intake(usecase: AnyUseCase = USE_CASE) -> Callable[[EvalCase], BaseModel | None]:
    """A function from a case to what intake makes of it; None when it is kept back."""
    limits = _limits(load())

    def clean(case: EvalCase) -> BaseModel | None:
        try:
            taken = take(Raw(case.content_type, case.raw), usecase, limits)
        except ServiceError:
            return None
        return taken.case if isinstance(taken, Clean) else None

    return clean


def reader(usecase: AnyUseCase = USE_CASE) -> Callable[[EvalCase], str]:
    """A function from a case to the text people wrote in it, without quotes and markup."""
    clean = intake(usecase)

    def text(case: EvalCase) -> str:
        value = clean(case)
        fields = value.model_dump(mode="json") if value is not None else {}
        return "\n".join(str(fields.get(name) or "") for name in sorted(usecase.long_text))

    return text


def _limits(settings: Settings) -> Limits:
    return Limits(settings.intake_limit_bytes, settings.intake_limit_characters)
