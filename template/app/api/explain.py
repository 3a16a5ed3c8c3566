"""Says in plain words what became of a case; the try-it page and the demo share it."""

from pydantic import JsonValue

from app.api.views import CaseView
from app.case import ReviewReason
from app.prices import money

REVIEW = {
    ReviewReason.BELOW_THRESHOLD: "The answer is not certain enough to leave without a person.",
    ReviewReason.UNCALIBRATED: (
        "Nothing says yet how often this model is right, so a person decides every case."
    ),
    ReviewReason.OBJECTION: "The use case's own rules object to the answer.",
    ReviewReason.REFUSED: "The model refused to answer.",
    ReviewReason.UNPARSEABLE: "The model's answer does not have the expected shape.",
}


def headline(case: CaseView) -> str:
    """The outcome in three words."""
    return {
        "answered": "Answered without a person",
        "in_review": "Waits for a person",
        "quarantined": "Held in quarantine",
    }[case.status]


def explanation(case: CaseView) -> str:
    """Why the case went where it went, in a sentence or two."""
    if case.quarantine is not None:
        return f"{case.quarantine.detail} {case.quarantine.explanation}"
    if case.decision is None:
        return "There is no decision on this case."
    if case.decision.review_reason is not None:
        return REVIEW[case.decision.review_reason]
    return "The calibrated acceptance reaches the threshold, so the answer went out."


def route_taken(case: CaseView) -> list[str]:
    """The steps of the case, in order; the last one is where it is now."""
    repaired = len(case.notes)
    intake = (
        f"intake: {repaired} note{'s' if repaired != 1 else ''}" if repaired else "intake: clean"
    )
    if case.quarantine is not None:
        return ["received", f"intake: {in_words(case.quarantine.reason)}", "quarantine"]
    if case.decision is None:
        return ["received", intake]
    decision = case.decision
    answered_by = f"{decision.decided_by}{' (degraded)' if decision.degraded else ''}"
    if decision.acceptance is None:
        acceptance = "acceptance: none"
    elif decision.threshold is None:
        acceptance = f"acceptance: {decision.acceptance:.2f}, no threshold"
    else:
        acceptance = f"acceptance: {decision.acceptance:.2f} of {decision.threshold:.2f}"
    reason = decision.review_reason
    end = "answered" if reason is None else f"review: {in_words(reason)}"
    return ["received", intake, answered_by, acceptance, end]


def cost(case: CaseView) -> str | None:
    """What asking a model cost; None when none was asked."""
    decision = case.decision
    if decision is None or decision.currency is None:
        return None
    tokens_in, tokens_out = decision.tokens_in, decision.tokens_out
    shown = money(decision.cost, decision.currency)
    if decision.cost and not (tokens_in and tokens_out):
        return f"Cost: at most {shown} (the provider did not say what it used)"
    return f"Cost: {shown} ({tokens_in} tokens in, {tokens_out} out)"


def in_words(code: str) -> str:
    """A code of a closed list as a person reads it."""
    return code.replace("_", " ")


def shown(value: JsonValue) -> str:
    """A value of an answer, whatever its schema; one line for each part of a nested one."""
    if value in (None, "", [], {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(shown(one) for one in value)
    if isinstance(value, dict):
        return "\n".join(f"{in_words(name)}: {shown(one)}" for name, one in value.items())
    return str(value)
