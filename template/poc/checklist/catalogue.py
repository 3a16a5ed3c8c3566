"""`governance/checklist.yaml`: what production asks, item by item. It comes with the template."""

from collections import Counter
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from poc.engine.owners import RoleName
from poc.engine.yamlfile import Strict
from poc.money.budget import AREAS

Level = Literal["poc", "pilot", "production"]
LEVELS: tuple[Level, ...] = get_args(Level)
CUSTOM = "CUSTOM"
# What a word may be about beside a file: all that decides how the service behaves.
BEHAVIOUR = "behaviour"

ItemId = Annotated[str, Field(pattern=rf"^({'|'.join((*AREAS, CUSTOM))})-[1-9][0-9]?$")]
Kind = Literal["tests", "evals", "decision", "governance"]


def _weight(value: float) -> float:
    if value not in (2.5, 5, 7.5, 10):
        raise ValueError("a weight is 2.5, 5, 7.5 or 10, by the risk")
    return value


def _path(value: str) -> str:
    if value.startswith("/") or "\\" in value or ".." in value.split("/"):
        raise ValueError("write a path below the project's folder, with forward slashes")
    return value


Path = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_path)]


class Probe(Strict):
    """What answers without a person. `modules` are the test modules that must all take part."""

    kind: Kind
    modules: list[Path] = []

    @model_validator(mode="after")
    def _modules_belong_to_tests(self) -> "Probe":
        if (self.kind == "tests") != bool(self.modules):
            raise ValueError("a probe of kind tests names its modules; no other kind has any")
        return self


class Word(Strict):
    """Whose word counts for an item, for how many days, and what it has to be about.

    `about` names files, or `behaviour`; the word is void when one of them changes.
    """

    by: Annotated[list[RoleName], Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=366)]
    about: Annotated[list[Path], Field(min_length=1)]


class Item(Strict):
    """One item. `evidence` says what it takes in the end; `probe` stands where that exists today.

    `why` is one sentence for people; `refs` are public standards that ask for the same.
    """

    id: ItemId
    level: Level
    weight: Annotated[float, AfterValidator(_weight)]
    statement: Annotated[str, Field(min_length=1, max_length=300)]
    owner: RoleName
    evidence: Annotated[list[Literal["probe", "attest"]], Field(min_length=1)]
    why: Annotated[str, Field(min_length=1, max_length=300)]
    refs: list[str] = []
    waivable: bool = True
    attest: Word | None = None
    probe: Probe | None = None

    @property
    def area(self) -> str:
        """The prefix of the id, such as AUTH."""
        return self.id.partition("-")[0]

    @property
    def by_word_only(self) -> bool:
        """True when nothing but a person can answer it."""
        return self.evidence == ["attest"]

    @property
    def in_release(self) -> bool:
        """True when this release can answer it."""
        return self.probe is not None or (self.by_word_only and self.attest is not None)


class Checklist(Strict):
    """The whole file."""

    version: Literal[1]
    items: Annotated[list[Item], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_are_apart(self) -> "Checklist":
        unique([one.id for one in self.items])
        custom = next((one.id for one in self.items if one.area == CUSTOM), None)
        if custom:
            raise ValueError(f"{custom} is your own item; write it in governance/attestations.yaml")
        return self

    def item(self, name: str) -> Item | None:
        """The item of this id."""
        return next((one for one in self.items if one.id == name), None)


def unique(names: list[str]) -> None:
    """Raise `ValueError` naming an id that stands twice."""
    twice = [one for one, n in Counter(names).items() if n > 1]
    if twice:
        raise ValueError(f"{twice[0]} stands here twice; give each item its own id")
