"""The cases of a run: shipped ones, a labelled set of your own, or the sealed decision set."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals import dataset
from evals.dataset import EvalCase
from evals.digests import ROOT
from evals.leaks import leaks
from evals.service import reader
from poc.engine import governance, ledger, looks
from poc.engine.admissible import DECISION, deployed
from poc.engine.problems import Refused
from poc.engine.situation import Situation, git, situation
from poc.sets import cases as sets
from poc.sets.manifest import NAME

LEARNED_FROM = (Path("app") / "usecase", Path("evals") / "cases")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The cases, sorted by id, and how far the people who labelled them agree."""

    split: str
    cases: Sequence[EvalCase]
    agreement: float | None = None

    @property
    def shipped(self) -> bool:
        """True for the synthetic cases that came with the project."""
        return self.split in dataset.SPLITS

    @property
    def sealed(self) -> bool:
        """True when scoring these cases is a look."""
        return self.split == DECISION


def name(text: str) -> str:
    """A split's name. Raises `ValueError` for what cannot be one."""
    if not NAME.fullmatch(text):
        raise ValueError(text)
    return text


def gather(split: str, root: Path = ROOT) -> Gathered:
    """Read the cases; the decision set is opened in memory.

    Raises `DatasetError`, or `PocError` for a set that is not labelled, altered or locked away.
    """
    if split in dataset.SPLITS:
        return Gathered(split, dataset.load(split))
    manifest, cases = sets.labelled(root, split)
    if split == DECISION and manifest.seal is None:
        raise Refused(f"The set {DECISION} is scored only once it is sealed: poc seal")
    return Gathered(split, cases, manifest.agreement)


def worth_it(found: Gathered, here: bool, root: Path = ROOT) -> None:
    """Raise `Refused` for a look outside of CI, which would be spent and could not be used.

    `here` says that this is meant.
    """
    if found.sealed and not here and not situation(root).run:
        raise Refused(
            "A look from here would be one of the agreed number, and its result would not count,"
            " as no CI run made it. Let CI take it; to spend it all the same: python -m evals.run"
            f" --split {found.split} --here"
        )


def look(found: Gathered, rows: Path, fresh: bool, root: Path = ROOT) -> int | None:
    """Count a look at the decision set before it is scored, and return its number.

    A run that goes on with the rows of the same look at the same service is the same look. None
    for any other split. Raises `PocError` when a look is not allowed; nothing was scored then.
    """
    if not found.sealed:
        return None
    whole, where = governance.load(root), situation(root)
    digest = dataset.digest(found.cases)
    last = next(reversed(whole.ledger.of("look")), None)
    if last and rows.exists() and not fresh and _same(last, digest, where, root):
        return int(last.body["look"])
    unlearned(found, root)
    return int(looks.take(whole, digest, _by(where, root), where).body["look"])


def unlearned(found: Gathered, root: Path = ROOT) -> None:
    """Raise `Refused` when prompt, code or shipped cases hold words of the decision set.

    The development set was kept apart from it when it was drawn.
    """
    text = reader()
    places = [root / one for one in LEARNED_FROM if (root / one).exists()]
    held = leaks(root, {one.id: text(one) for one in found.cases}, places)
    if held:
        told = [f"{path} holds words of {count} of its cases." for path, count in held.items()]
        raise Refused(
            "The decision set would not decide anything, since the service was made with it:",
            *told,
            "Take these words out; no look was taken.",
        )


def _same(last: ledger.Entry, digest: str, where: Situation, root: Path) -> bool:
    what = deployed(root)
    now = (digest, what.behaviour, what.scorer, where.run)
    body = last.body
    return (body["dataset"], body["behaviour"], body["scorer"], last.run) == now


def _by(where: Situation, root: Path) -> str:
    if where.run:
        return f"CI run {where.run}"
    return (git(root, "config", "user.name") or "").strip() or "somebody"
