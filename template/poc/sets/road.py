"""Where the project is on the way from real messages to a scored decision set."""

from pathlib import Path

from poc.engine.admissible import DECISION
from poc.engine.governance import Governance
from poc.engine.readiness import Point, who
from poc.sets import manifest as sets
from poc.sets.today import PATH as TODAY

PROFILE = Path("governance") / "profile.json"


def next_step(whole: Governance) -> Point | None:
    """The one thing to do next about the cases that decide; None once they were scored."""
    if whole.ledger.of("look"):
        return None
    root = whole.root
    data, evaluation = who(whole, "data"), who(whole, "evaluation")
    place = sets.path_of(root, DECISION).relative_to(root).as_posix()
    if not sets.path_of(root, DECISION).exists():
        if not (root / PROFILE).exists():
            told = "See what your messages really hold: poc profile PATH --write"
            return Point(told, data, PROFILE.as_posix())
        return Point(
            f"Draw the cases that will decide: poc sample PATH --set {DECISION}", evaluation, place
        )
    manifest = sets.load(root, DECISION)
    if manifest.labels is None:
        told = f"Have two people label the decision set: poc label status {DECISION}"
        return Point(told, evaluation, place)
    if not (root / TODAY).exists():
        told = "Say how well and how fast it is done today: poc baseline --help"
        return Point(told, who(whole, "sponsor"), TODAY.as_posix())
    if manifest.seal is None:
        return Point(
            "Seal the decision set before anybody tunes on it: poc seal", evaluation, place
        )
    if whole.ledger.in_force is not None:
        told = f"Score the decision set in CI: make evals SPLIT={DECISION}"
        return Point(told, evaluation, "governance/ledger.jsonl")
    return None
