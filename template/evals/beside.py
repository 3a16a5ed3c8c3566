"""What a run on a labelled set is held against: people as they work today, the trained baseline."""

from collections.abc import Sequence
from pathlib import Path

from evals import gains, scorers
from evals.digests import ROOT
from evals.evidence import Standing
from evals.instrument import examine
from evals.result import Result
from evals.sets import Gathered
from poc.engine import governance
from poc.engine.evidence import Measurement
from poc.sets import today


def standing(
    found: Gathered, number: int | None, result: Result, trained: Result | None, root: Path = ROOT
) -> Standing:
    """What the evidence says of a run beside its shares; nothing for the shipped cases.

    `trained` is the trained baseline's result on the same cases, None where it is what was run.
    """
    if found.shipped:
        return Standing()
    confidence = governance.load(root).contract.look_confidence
    measured = _gains(found, result, trained, confidence, root)
    return Standing(found.agreement, number, measured, [examine(found.cases, result, scorers)])


def _gains(
    found: Gathered, result: Result, trained: Result | None, confidence: float, root: Path
) -> Sequence[Measurement]:
    drawn = {one.id for one in found.cases if one.drawn == "random"}
    outcomes = [one for one in result.outcomes if one.id in drawn]
    measured = []
    now = today.load(root)
    if now is not None:
        study = now.study
        gain = (
            gains.over_people(outcomes, study.right, confidence)
            if study and study.set == found.split
            else gains.over_report(outcomes, *now.counts, confidence)
        )
        if gain is not None:
            measured.append(gains.measurement(found.split, gains.PEOPLE, gain, confidence))
    if trained is not None:
        gain = gains.over_trained(outcomes, trained.outcomes, confidence)
        if gain is not None:
            measured.append(gains.measurement(found.split, gains.TRAINED, gain, confidence))
    return measured
