"""What a criterion's threshold means in a week."""

from collections.abc import Iterator

from poc.engine.contract import Contract, Criterion
from poc.pages.words import percent


def meaning(contract: Contract, one: Criterion) -> Iterator[str]:
    """What the threshold means in a week."""
    weekly = contract.volume.requests_per_month * 12 / 52
    value, automatic = one.objective.value, automatic_share(contract)
    if one.type == "quality":
        yield (
            f"At the threshold, {_about(weekly * automatic * (1 - value))} wrong answers a week"
            f" reach somebody unseen: {weekly:,.0f} requests come in, {percent(automatic * 100)} of"
            " them pass without a person."
        )
    elif one.type == "human_review":
        yield f"At the threshold, people decide {_about(weekly * value)} requests a week."
    elif one.type == "coverage":
        yield f"At the threshold, {_about(weekly * value)} requests a week need no person."
    elif one.type in ("attack_success", "pii_leak") and value > 0:
        yield f"At the threshold, one in {1 / value:,.0f} still gets through."
    elif one.type == "fault_handling" and value < 1:
        yield f"At the threshold, one fault in {1 / (1 - value):,.0f} is not handled."


def automatic_share(contract: Contract) -> float:
    """The share that no person sees, as agreed: by coverage, else by what people may be given."""
    for one in contract.criteria:
        if one.type == "coverage":
            return one.objective.value
    for one in contract.criteria:
        if one.indicator.metric == "review_rate":
            return 1 - one.objective.value
    return 1.0


def _about(number: float) -> str:
    return f"about {number:,.0f}" if number >= 1 or number == 0 else "less than one"
