"""Starts a round: makes of each case what people see of it, and stores both in the records."""

import hashlib
import random
from collections.abc import Sequence
from pathlib import Path

from app import usecase
from app.case import AnyUseCase, ReviewSheet
from app.errors import ServiceError
from app.intake import Clean, Limits, Quarantined, Raw, take
from app.records.labels.fields import fields_of
from app.records.labels.form import Edge, Form
from app.records.labels.models import LabelCase, LabelRound
from evals.dataset import DatasetError, EvalCase, digest, load_register
from poc.engine.problems import Refused
from poc.labels.records import settings, with_records
from poc.sets import cases as sets
from poc.sets.manifest import load, path_of

ACTOR = "poc label"
GUIDELINE = Path("evals") / "guideline.md"
EDGES = Path("evals") / "edges.toml"
SHOWN_OF_HELD = 2000
REFUSED = "refused"


def start(
    root: Path, name: str, study: str | None = None, cases: int = 0, seed: int | None = None
) -> tuple[LabelRound, int, bool]:
    """Start labelling a set, or a study on `cases` of its cases drawn by `seed`.

    Returns the round, how many cases it has, and whether it is new. Raises `Refused` for a round
    of this name that is not the same, and for a set that cannot be labelled.
    """
    manifest, drawn = load(root, name), sets.drawn(root, name)
    seed = manifest.seed if seed is None else seed
    if study is not None:
        drawn = _part(root, drawn, study, cases, seed)
    new = LabelRound(
        name=study or name,
        purpose="labels" if study is None else "study",
        source=name,
        seed=seed,
        digest=digest(drawn),
        form=form(root, usecase.USE_CASE),
        guideline=guideline(root),
    )
    chosen = settings(root)
    limits = Limits(chosen.intake_limit_bytes, chosen.intake_limit_characters)
    shown = [sheet(one, usecase.USE_CASE, limits) for one in drawn]
    found = with_records(root, lambda records: records.start_labels(new, shown, ACTOR))
    if found is not None and found != new:
        raise Refused(
            f"{new.name} is being labelled already, with {_differing(found, new)}. Labels of the"
            " two would not go together; finish it as it is, or draw a fresh set."
        )
    return new, len(drawn), found is None


def form(root: Path, of: AnyUseCase) -> Form:
    """What people fill in. Raises `Refused` when the answer requires nothing."""
    fields = fields_of(of.answer_type)
    if not fields:
        raise Refused(
            f"{of.answer_type.__name__} has no field that every answer must have, so there is"
            " nothing to label; take the default off the fields that people can judge."
        )
    if not (root / EDGES).exists():
        return Form(fields=fields)
    try:
        register = load_register(root / EDGES)
    except DatasetError as error:
        raise Refused(str(error)) from None
    edges = [Edge(id=id, title=one.title, held=one.quarantined) for id, one in register.items()]
    return Form(fields=fields, edges=tuple(edges))


def guideline(root: Path) -> str:
    """What people are told, empty without the file. Raises `Refused` when it cannot be read."""
    try:
        return (root / GUIDELINE).read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise Refused(f"{GUIDELINE} cannot be read; save it as UTF-8 text.") from None


def guideline_digest(text: str) -> str | None:
    """SHA-256 of the text people labelled by, None without one."""
    return hashlib.sha256(text.encode()).hexdigest() if text else None


def sheet(case: EvalCase, of: AnyUseCase, limits: Limits) -> LabelCase:
    """What people see of a case: never an answer; of a held one the first characters as it came."""
    try:
        taken = take(Raw(case.content_type, case.raw), of, limits)
    except ServiceError:
        return _held(case, REFUSED)
    if isinstance(taken, Quarantined):
        return _held(case, str(taken.reason))
    shown = _unanswered(taken, of)
    return LabelCase(case.id, shown.headline, shown.fields)


def _unanswered(taken: Clean, of: AnyUseCase) -> ReviewSheet:
    """The sheet without an answer, and without the lines that only speak of one.

    Those are the lines that change once there is an answer, such as "Proposed: nothing".
    """
    bare = of.review_sheet(taken.case, None)
    try:
        other = of.review_sheet(taken.case, of.baseline(taken.case).answer).fields
    except Exception:
        return bare  # a baseline that fails here says nothing about the sheet
    fields = tuple(one for one in bare.fields if one in other)
    return ReviewSheet(bare.headline, fields or bare.fields)


def _held(case: EvalCase, reason: str) -> LabelCase:
    text = case.raw[: SHOWN_OF_HELD * 4].decode("utf-8", "replace")[:SHOWN_OF_HELD]
    shown = "".join(one if one.isprintable() or one in "\n\t" else "\ufffd" for one in text)
    return LabelCase(case.id, "Held back by the service", (("As it came", shown),), reason)


def _part(
    root: Path, drawn: Sequence[EvalCase], study: str, cases: int, seed: int
) -> list[EvalCase]:
    if path_of(root, study).exists():
        raise Refused(f"{study} is the name of a set; give the study a name of its own.")
    if cases > len(drawn):
        raise Refused(f"The set has {len(drawn)} cases, fewer than {cases}.")
    chosen = random.Random(seed).sample(drawn, cases)  # noqa: S311 - a draw, not a secret
    return sorted(chosen, key=lambda one: one.id)


def _differing(found: LabelRound, new: LabelRound) -> str:
    parts = {
        "another purpose": found.purpose != new.purpose,
        "another set": found.source != new.source,
        "other cases": found.digest != new.digest,
        "another seed": found.seed != new.seed,
        "other fields or edge categories": found.form != new.form,
        "another guideline": found.guideline != new.guideline,
    }
    return " and ".join(name for name, differs in parts.items() if differs)
