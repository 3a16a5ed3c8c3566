"""`governance/sets/<name>.json`: where a set of cases comes from; written by commands, committed.

It holds counts, digests and days, never a word of a case.
"""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from poc.engine.charter import DataClass
from poc.engine.problems import InvalidFile, Refused
from poc.engine.yamlfile import Strict
from poc.sets import written

FOLDER = Path("governance") / "sets"
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
DEVELOPMENT = "development"

Origin = Literal["production", "public", "curated", "synthetic"]
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Source(Strict):
    """A file that cases were drawn from: its name without folders, and its SHA-256.

    A folder of many files is one source, by the digest of all of theirs.
    """

    name: str
    sha256: Digest
    messages: Count


class Window(Strict):
    """The days (UTC) of the first and last case; `undated` cases carry no date."""

    first: date | None = None
    last: date | None = None
    undated: Count = 0


class Stratum(Strict):
    """A part of the population that gets its share of the draw."""

    name: str
    population: Count
    drawn: Count


class Agreement(Strict):
    """How far two people agree on `n` cases of a slice.

    `observed` is the share of equal labels, `kappa` Cohen's (1960), `lower` its one-sided 95 %
    bound; both are null where all labels are the same and chance explains everything.
    """

    slice: str = "all"
    n: Count
    observed: Share
    kappa: Annotated[float, Field(ge=-1, le=1)] | None = None
    lower: Annotated[float, Field(ge=-1, le=1)] | None = None


class Pace(Strict):
    """Seconds that one label took; only labels given on the pages are timed."""

    slice: str = "all"
    n: Count
    median: Annotated[float, Field(ge=0)]
    p90: Annotated[float, Field(ge=0)]


class Labels(Strict):
    """How a set was labelled. `settled` disagreements went to a third person.

    `people` counts who labelled; `digest` is that of the labelled cases; `guideline` that of the
    text people labelled by. `local_sign_in` says that people signed in with a laptop's stand-in,
    which asks for no password.
    """

    labelled_on: AwareDatetime
    source: Literal["pages", "import", "both"]
    people: Count
    local_sign_in: bool = False
    cases: Count
    settled: Count
    guideline: Digest | None = None
    agreement: list[Agreement]
    pace: list[Pace]
    digest: Digest


class Seal(Strict):
    """The encrypted set: where it lies, its digest, and which key opens it."""

    cipher: Literal["AES-256-GCM"] = "AES-256-GCM"
    file: str
    sha256: Digest
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
    sealed_on: AwareDatetime


class Manifest(Strict):
    """One set. `digest` is that of its cases as drawn, without labels.

    `population` counts usable, distinct messages of the window; `apart` names the sets that hold
    no case or near-duplicate of this one, with their digests. `edges` counts the edge cases, those
    that people marked too once they have labelled; `natural_edges` those that chance drew.
    """

    version: Literal[1] = 1
    name: Annotated[str, Field(pattern=rf"^{NAME.pattern}$")]
    origin: Origin
    data_class: DataClass
    drawn_on: AwareDatetime
    seed: int
    method: str
    window: Window
    sources: list[Source]
    population: Count
    duplicates: Count
    strata: list[Stratum]
    cases: Count
    random: Count
    boosted: Count
    families: Count
    edges: dict[str, Count]
    natural_edges: Count = 0
    apart: dict[str, Digest]
    digest: Digest
    labels: Labels | None = None
    seal: Seal | None = None

    @property
    def agreement(self) -> float | None:
        """Kappa of all cases, None before they are labelled."""
        every = self.labels.agreement if self.labels else []
        return next((one.kappa for one in every if one.slice == "all"), None)


def path_of(root: Path, name: str) -> Path:
    """Where the manifest of a set lies. Raises `Refused` for a name that cannot be one."""
    if not NAME.fullmatch(name):
        raise Refused(f"{name!r} is no name of a set: use lower case letters, digits and dashes.")
    return root / FOLDER / f"{name}.json"


def cases_of(root: Path, name: str) -> Path:
    """Where the drawn cases of a set lie: outside the repository's history, one JSON a line."""
    path_of(root, name)
    return root / "data" / "sets" / name / "cases.jsonl"


def labelled_of(root: Path, name: str) -> Path:
    """Where the labelled cases of a set lie, in the same form and place."""
    return cases_of(root, name).with_name("labelled.jsonl")


def load(root: Path, name: str) -> Manifest:
    """Read a manifest. Raises `InvalidFile` when it is missing or damaged."""
    path = path_of(root, name)
    found = written.read(root, path.relative_to(root), Manifest)
    if found is None:
        shown = path.relative_to(root).as_posix()
        raise InvalidFile(f"{shown} is missing; draw the set first: poc sample")
    return found


def save(root: Path, manifest: Manifest) -> Path:
    """Write a manifest, whole or not at all."""
    path = path_of(root, manifest.name)
    written.write(path, manifest)
    return path


def every(root: Path) -> list[Manifest]:
    """All manifests, by name. Raises `InvalidFile` for a damaged one."""
    return [load(root, path.stem) for path in sorted((root / FOLDER).glob("*.json"))]
