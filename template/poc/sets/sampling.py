"""Draws a set of cases from real messages and writes it with its manifest."""

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from evals.dataset import Category, EvalCase, digest
from evals.service import reader
from poc.engine.charter import DataClass
from poc.engine.problems import Refused
from poc.sets import cases as sets
from poc.sets.apart import alike, families, others, stated, texts
from poc.sets.candidates import Candidate, Population, population
from poc.sets.draw import Draw, Order, draw
from poc.sets.manifest import (
    Manifest,
    Origin,
    Source,
    Stratum,
    Window,
    cases_of,
    load,
    path_of,
    save,
)
from poc.sources.index import FileRow, Index, build, fetch
from poc.sources.options import Options

MOST_SOURCES = 20
ROUNDS = 20  # each bars what clashed; real mail needs two or three


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for. `origin` and `data_class` are what the person who draws says of it."""

    name: str
    cases: int
    edge_share: float
    seed: int
    first: date | None
    last: date | None
    origin: Origin
    data_class: DataClass


def sample(
    root: Path,
    path: Path,
    wanted: Wanted,
    options: Options,
    register: Mapping[str, Category],
    say: Callable[[int], None],
    now: datetime,
) -> tuple[Manifest, Population]:
    """Draw the set and write its cases and manifest; what stands there in its place is replaced.

    Raises `Refused` when nothing can be drawn, or another set cannot be kept apart from it.
    """
    held = others(root, wanted.name)
    with closing(build(root, path, options, say)) as index:
        who = population(index.rows(), register, wanted.first, wanted.last)
        if not who.candidates:
            raise Refused(_nobody(who))
        chosen, found = _apart(path, wanted, options, who.candidates, held)
        manifest = _manifest(wanted, who, chosen, found, index, stated(held), now)
    sets.write(cases_of(root, wanted.name), found)
    save(root, manifest)
    return manifest, who


def replaceable(root: Path, name: str, anew: bool) -> None:
    """Raise `Refused` where a draw would throw away labels or a seal without being told to."""
    if not path_of(root, name).exists() or anew:
        return
    old = load(root, name)
    state = "sealed" if old.seal else "labelled" if old.labels else "drawn"
    raise Refused(
        f"The set {name} was {state} already, with {old.cases} cases. To draw a fresh one in its"
        " place, say --anew; its cases and labels are then no longer those of the manifest."
    )


def _apart(
    path: Path,
    wanted: Wanted,
    options: Options,
    candidates: Sequence[Candidate],
    held: Mapping[str, Sequence[EvalCase]],
) -> tuple[Draw, list[EvalCase]]:
    """Draw until nothing in it stands in another set, or nearly so."""
    read, order = reader(), Order(wanted.cases, wanted.edge_share, wanted.seed)
    theirs = texts(held, read)
    by_id = {one.id: one for one in candidates}
    taken = {one.id for members in held.values() for one in members}
    barred = {one.sha256 for one in candidates if one.id in taken}
    for _ in range(ROUNDS):
        chosen = draw(candidates, order, barred)
        found = _cases(path, options, chosen, wanted.origin)
        close = alike(theirs, found, read)
        if not close:
            if not found:
                break
            return chosen, families(found, read)
        barred |= {by_id[name].sha256 for name in close}
    raise Refused(
        "Nothing is left that is not in another set, or nearly the same as a case of one; take a"
        " longer window, or a larger export."
    )


def _cases(path: Path, options: Options, chosen: Draw, origin: Origin) -> list[EvalCase]:
    ways = {one.place: (one, "random") for one in chosen.random}
    ways |= {one.place: (one, "edge") for one in chosen.boosted}
    found = []
    for message in fetch(path, options, set(ways)):
        one, drawn = ways[message.place]
        tags = {"language": one.language, "channel": one.channel}
        if one.day:
            tags["month"] = f"{one.day:%Y-%m}"
        found.append(
            EvalCase.model_validate(
                {
                    "id": one.id,
                    "family": f"f-{one.family}",
                    "origin": origin,
                    "tags": tags,
                    "edge": one.edge,
                    "drawn": drawn,
                    "content_type": message.raw.content_type,
                    "expected": {},
                    **_body(message.raw.body),
                }
            )
        )
    if len(found) != len(ways):
        raise Refused(
            f"{len(ways) - len(found)} messages have gone since they were read; nothing was drawn."
            " Run it again when nobody changes the files."
        )
    return sorted(found, key=lambda case: case.id)


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body_base64": b64encode(body).decode()}


def _manifest(
    wanted: Wanted,
    who: Population,
    chosen: Draw,
    found: Sequence[EvalCase],
    index: Index,
    apart: Mapping[str, str],
    now: datetime,
) -> Manifest:
    parts = Counter(one.part for one in who.candidates)
    drawn = Counter(one.part for one in chosen.random)
    days = [one.day for one in (*chosen.random, *chosen.boosted) if one.day]
    return Manifest(
        name=wanted.name,
        origin=wanted.origin,
        data_class=wanted.data_class,
        drawn_on=now,
        seed=wanted.seed,
        method=_method(wanted, len(chosen.boosted)),
        window=Window(
            first=wanted.first or min(days, default=None),
            last=wanted.last or max(days, default=None),
            undated=len(found) - len(days),
        ),
        sources=_sources(list(index.files())),
        population=len(who.candidates),
        duplicates=who.duplicates,
        strata=[
            Stratum(name=name, population=size, drawn=drawn[name])
            for name, size in sorted(parts.items())
        ],
        cases=len(found),
        random=len(chosen.random),
        boosted=len(chosen.boosted),
        families=len({one.family for one in found}),
        **sets.edges(found),
        apart=dict(apart),
        digest=digest(found),
    )


def _sources(files: Sequence[FileRow]) -> list[Source]:
    if len(files) <= MOST_SOURCES:
        return [
            Source(name=Path(one.name).name, sha256=one.sha256, messages=one.messages)
            for one in files
        ]
    every = "".join(sorted(one.sha256 for one in files))
    return [
        Source(
            name=f"{len(files)} files",
            sha256=hashlib.sha256(every.encode()).hexdigest(),
            messages=sum(one.messages for one in files),
        )
    ]


def _method(wanted: Wanted, boosted: int) -> str:
    text = f"At random, in proportion to language and month, by the seed {wanted.seed}"
    return f"{text}; {boosted} more by their edge category." if boosted else f"{text}."


def _nobody(who: Population) -> str:
    reasons = {
        "cannot be cases": who.refused,
        "lie outside of the window": who.outside,
        "carry no date": who.undated,
    }
    told = ", ".join(f"{count} {why}" for why, count in reasons.items() if count)
    return f"There is no message to draw from{f': {told}' if told else ''}. See: poc profile PATH"
