"""Whether a set would count as evidence, said while something can still be done about it."""

from collections.abc import Iterator

from poc.engine.contract import Representative
from poc.sets.manifest import Manifest

LEAST_LABELLED = 0.95  # of the cases drawn


def objections(manifest: Manifest, rule: Representative) -> Iterator[str]:
    """Why a set would not be admitted, a sentence each, as far as it is known by now."""
    if manifest.origin != "production" and rule.min_production_share > 0:
        yield f"Its cases are {manifest.origin}, not from production: draw it from real messages."
    labels = manifest.labels
    cases = labels.cases if labels else manifest.cases
    low, high = rule.edge_share
    share = sum(manifest.edges.values()) / max(cases, 1)
    natural = manifest.natural_edges / max(cases - manifest.boosted, 1)
    if labels is not None and share < low:
        yield (
            f"{share:.0%} of its cases are edge cases, {low:.0%} at least are agreed: have people"
            " mark them, draw more (--edge-share), or change edgeShare in the contract."
        )
    if natural > high:
        yield (
            f"{natural:.0%} of the cases that chance drew are edge cases, {high:.0%} at most are"
            " agreed: what is ordinary is no edge case, or edgeShare in the contract is wrong."
        )
    if labels is None:
        return
    if labels.cases < LEAST_LABELLED * manifest.cases:
        yield (
            f"{manifest.cases - labels.cases} of its {manifest.cases} cases were left out when the"
            " labels were collected: what nobody could agree on is what is hard. Settle them."
        )
    agreement = manifest.agreement
    if agreement is None or agreement < rule.min_label_agreement:
        told = "cannot be told" if agreement is None else f"is {agreement:.2f}"
        yield (
            f"The agreement of its labellers {told}, {rule.min_label_agreement:.2f} is agreed: make"
            " the guideline clearer, and label anew."
        )
