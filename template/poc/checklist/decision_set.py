"""DATA-2: whether the decision set stands for production, by its manifest and the data owner."""

from collections.abc import Iterator

from poc.checklist.catalogue import Item
from poc.checklist.proof import Answer
from poc.checklist.words import View, refused, standing
from poc.engine.admissible import DECISION
from poc.sets import manifest as sets
from poc.sets.fitness import objections
from poc.sets.manifest import DEVELOPMENT, Manifest

LEAST_WEEK = 7  # days: a week holds every weekday once


def stands_for_production(item: Item, view: View) -> Answer:
    """The set is real, sealed, apart from the development set, agreed on, and vouched for."""
    root = view.governance.root
    if not sets.path_of(root, DECISION).exists():
        return Answer("unknown", "No decision set has been drawn: `poc sample`.")
    manifest = sets.load(root, DECISION)
    rule = view.governance.contract.admissibility.decision_set
    fault = next(iter([*objections(manifest, rule), *_faults(manifest, view)]), "")
    if fault:
        return Answer("fail", fault)
    if manifest.labels is None:
        return Answer("unknown", "Nobody has labelled it yet: `poc label`.")
    if manifest.seal is None:
        return Answer("unknown", "It is not sealed, so the service may be tuned on it: `poc seal`.")
    word = standing(item, view)
    if word is None:
        why = refused(item, view) or "The data owner has not vouched for it"
        return Answer("unknown", f"{why}: `poc score {item.id}` prints the entry.")
    return Answer("pass", f"{word.person} vouched for it on {word.given}.", word.expires)


def _faults(manifest: Manifest, view: View) -> Iterator[str]:
    if manifest.labels is not None and manifest.labels.local_sign_in:
        yield (
            "It was labelled behind a laptop's stand-in sign-in, where one person can be two: label"
            " in an environment with your organisation's."
        )
    first, last = manifest.window.first, manifest.window.last
    if first is None or last is None:
        yield "Its cases carry no dates, so nothing says which time it stands for."
    elif (last - first).days + 1 < LEAST_WEEK:
        yield f"Its cases are of {(last - first).days + 1} days; a week is the least."
    root = view.governance.root
    if sets.path_of(root, DEVELOPMENT).exists():
        development = sets.load(root, DEVELOPMENT)
        known = (manifest.apart.get(DEVELOPMENT), development.apart.get(DECISION))
        if development.digest != known[0] and manifest.digest != known[1]:
            yield "It was not kept apart from the development set as that is now: `poc sample`."
