"""Which word counts: two equal labels settle a case, or else a third person does."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Literal, NamedTuple

from app.records.labels.models import CaseState, Label, RoundLabels, agree

# open: labels are missing. third: a third person has to decide. stuck: the third is unsure too.
Standing = Literal["settled", "open", "third", "stuck"]


class Settled(NamedTuple):
    """Where one case stands; `label` is the word that counts, None unless it is settled."""

    standing: Standing
    label: Label | None
    labels: Mapping[int, Label]

    @property
    def disputed(self) -> bool:
        """True when the first two people did not say the same."""
        first, second = self.labels.get(1), self.labels.get(2)
        return bool(first and second and not agree(first, second))


def settle(found: RoundLabels) -> dict[str, Settled]:
    """Each case by id: two equal labels settle it, or else the word of a third."""
    given: dict[str, dict[int, Label]] = defaultdict(dict)
    for one in found.labels:
        given[one.case_id][one.place] = one
    return {state.case_id: _settled(state, given[state.case_id]) for state in found.cases}


def _settled(state: CaseState, given: Mapping[int, Label]) -> Settled:
    first, second, third = (given.get(place) for place in (1, 2, 3))
    if state.wanted == 1 and first:
        return Settled("settled", first, given)
    if not (first and second):
        return Settled("open", None, given)
    if agree(first, second):
        return Settled("settled", first, given)
    if third is None:
        return Settled("third", None, given)
    if third.said == "unsure":
        return Settled("stuck", None, given)
    return Settled("settled", third, given)
