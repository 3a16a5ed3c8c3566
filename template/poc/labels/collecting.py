"""What people said of a set: settled, counted, and written as its labelled cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from app import usecase
from app.intake import QuarantineReason
from app.records.labels.fields import fields_of
from app.records.labels.models import Label, RoundLabels, agree
from evals.dataset import EvalCase, digest
from evals.evidence import environment
from poc.engine.problems import Refused
from poc.labels.agreement import agreement
from poc.labels.classes import made_of_labels, pace, pairs_by_slice
from poc.labels.records import read_round, settings
from poc.labels.settling import Settled, settle
from poc.labels.start import guideline_digest
from poc.sets import cases as sets
from poc.sets.manifest import Labels, Manifest, labelled_of, load, save


@dataclass(frozen=True, slots=True)
class Collected:
    """What was written: the manifest, and how many cases were left out."""

    manifest: Manifest
    left_out: int


def collect(root: Path, name: str, now: datetime, partial: bool = False) -> Collected:
    """Write the labelled cases of a set, and how they were labelled into its manifest.

    Raises `Refused` while cases are not settled, unless `partial` leaves them out.
    """
    manifest, drawn = load(root, name), sets.drawn(root, name)
    if manifest.seal is not None:
        raise Refused(f"The set {name} is sealed: its labels no longer change.")
    found = read_round(root, name)
    _fits(found, manifest)
    settled = settle(found)
    _settled_enough(name, settled, found, partial)
    held = {state.case_id: state.held for state in found.cases}
    cases = [
        _case(case, settled[case.id].label, held[case.id], settled[case.id].labels)
        for case in drawn
        if settled[case.id].label is not None
    ]
    labels = _labels(found, settled, drawn, cases, now)
    local = environment(settings(root)).local_issuer
    labels = labels.model_copy(update={"local_sign_in": local and labels.source != "import"})
    sets.write(labelled_of(root, name), cases)
    manifest = manifest.model_copy(update={"labels": labels, **sets.edges(cases)})
    save(root, manifest)
    return Collected(manifest, len(drawn) - len(cases))


def study(root: Path, name: str) -> list[tuple[str, dict[str, JsonValue], float | None, str]]:
    """What people said in a study: case id, value, seconds if known, and who; by case id.

    The value is that of `EvalCase.expected`; who was unsure is left out. Raises `Refused` for a
    round that is none, is no study, or has no label.
    """
    found = read_round(root, name)
    if found.round.purpose != "study":
        raise Refused(f"{name} is a set that is labelled, not a study of how long it takes.")
    if not found.labels:
        raise Refused(f"Nobody has labelled {name} yet; the page is /label/{name}.")
    held = {state.case_id: state.held for state in found.cases}
    return [
        (one.case_id, _expected(one, held[one.case_id]), one.seconds, one.person)
        for one in sorted(found.labels, key=lambda one: one.case_id)
        if one.said != "unsure"
    ]


def _fits(found: RoundLabels, manifest: Manifest) -> None:
    if found.round.purpose != "labels" or found.round.source != manifest.name:
        raise Refused(f"{found.round.name} is a study; its labels are no set to measure with.")
    if found.round.digest != manifest.digest:
        raise Refused(
            f"The set {manifest.name} was drawn anew since its labelling began, so the labels are"
            " of other cases. Draw under another name, or bring the first draw back."
        )
    if found.round.form.fields != fields_of(usecase.USE_CASE.answer_type):
        raise Refused(
            "What the service answers has changed since the labelling began, so the labels no"
            " longer fit it. Bring the schema back, or draw and label a fresh set."
        )


def _settled_enough(
    name: str, settled: Mapping[str, Settled], found: RoundLabels, partial: bool
) -> None:
    if not found.labels:
        raise Refused(f"Nobody has labelled {name} yet; people do it on the page /label/{name}.")
    told = [
        f"{_cases(count)} {text}."
        for standing, text in (
            ("open", "without two labels yet"),
            ("third", "on which two people differ, waiting for a third"),
            ("stuck", "on which the third person is unsure too"),
        )
        if (count := sum(one.standing == standing for one in settled.values()))
    ]
    if len(told) and not partial:
        raise Refused(
            f"The set {name} is not settled:", *told, "To leave these cases out, add --partial."
        )
    if not any(one.label for one in settled.values()):
        raise Refused(f"No case of {name} is settled, so there is nothing to collect:", *told)


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"


def _case(
    case: EvalCase, label: Label | None, held: str | None, given: Mapping[int, Label]
) -> EvalCase:
    assert label is not None  # noqa: S101 - only settled cases come here
    edges = {one.edge for one in given.values() if one.edge and agree(one, label)}
    edge = label.edge or (edges.pop() if len(edges) == 1 else None) or case.edge
    # Not a copy: that would keep the digest of the case as it was drawn.
    return EvalCase(**{**case.model_dump(), "expected": _expected(label, held), "edge": edge})


def _expected(label: Label, held: str | None) -> dict[str, JsonValue]:
    """The value, or that intake has to hold the case: for its own reason, else as unusable."""
    if label.said == "answer":
        return label.value
    known = held in set(QuarantineReason)
    return {"quarantined": held if known else str(QuarantineReason.UNUSABLE)}


def _labels(
    found: RoundLabels,
    settled: Mapping[str, Settled],
    drawn: Sequence[EvalCase],
    cases: Sequence[EvalCase],
    now: datetime,
) -> Labels:
    final = {case.id: case for case in drawn} | {case.id: case for case in cases}
    given = {id: one.labels for id, one in settled.items()}
    pairs, made = pairs_by_slice(final, given), made_of_labels(final, given)
    sources = {one.source for one in found.labels}
    return Labels(
        labelled_on=now,
        source="both" if len(sources) > 1 else sources.pop(),
        people=len({one.person for one in found.labels}),
        cases=len(cases),
        settled=sum(one.disputed and one.label is not None for one in settled.values()),
        guideline=guideline_digest(found.round.guideline),
        agreement=[
            agreement(listed, name, by_label=name in made) for name, listed in pairs.items()
        ],
        pace=pace(found.labels, final),
        digest=digest(cases),
    )
