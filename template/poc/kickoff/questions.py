"""The one table of what is asked: `questions.yaml`, from form field to key of a file."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator

from poc.engine.owners import ROLES
from poc.engine.yamlfile import Strict, read

FILES = ("charter", "criteria", "owners", "budget")
TABLE = Path(__file__).with_name("questions.yaml")

# text, paragraph: words. lines: a list, one a line. words: a list, with commas.
# measure: a share in per cent or a plain number, as the criterion's type wants.
# presence: whether the key stands in the file. treatment: what a destination may get of a class.
# withdraw: takes personal and special data out of the whole data policy.
Kind = Literal[
    "text",
    "paragraph",
    "lines",
    "words",
    "choice",
    "select",
    "role",
    "yesno",
    "count",
    "number",
    "percent",
    "measure",
    "date",
    "presence",
    "treatment",
    "withdraw",
    "shown",
]


def _keyed(value: str) -> str:
    if value.partition(":")[0] not in FILES or not value.partition(":")[2]:
        raise ValueError(f"write file:key, with one of {', '.join(FILES)}")
    return value


Key = Annotated[str, AfterValidator(_keyed)]


class Question(Strict):
    """One answer. `key` is below the row in a group with rows, else file:key.

    `needed` refuses an empty answer; `gone` takes the key out when the answer is empty. `only`
    asks it of criteria measured on cases.
    """

    key: str
    kind: Kind
    label: str
    help: str
    options: dict[str, str] = {}
    unit: str = ""
    needed: bool = False
    gone: bool = False
    only: Literal["", "sampled"] = ""


class Group(Strict):
    """Questions that belong together; with `each`, once for each entry of a list or mapping.

    `keys` names the entries of a mapping, by default those in the file. `identity` is the key by
    which people tell the rows of a list apart; `spare` says how many empty rows invite more.
    """

    title: str
    help: str = ""
    each: Key | None = None
    keys: list[str] | Literal["datasets"] = []
    identity: str = ""
    row: str = ""
    spare: int = 0
    questions: list[Question]


class Step(Strict):
    """One page. `figures` names what is shown at once.

    `research` is its title on the short path, and empty where it is not on that path.
    """

    id: str
    title: str
    about: str
    research: str = ""
    figures: Literal["", "cases", "money"] = ""
    groups: list[Group] = []

    def called(self, research: bool) -> str:
        """Its title."""
        return self.research if research and self.research else self.title

    @property
    def files(self) -> list[str]:
        """The files that this page writes, in the order of its questions."""
        keys = [one.each or question.key for one in self.groups for question in one.questions]
        return list(dict.fromkeys(key.partition(":")[0] for key in keys))


class Table(Strict):
    """The whole table."""

    version: Literal[1]
    steps: list[Step]


@cache
def steps() -> tuple[Step, ...]:
    """All pages in order."""
    return tuple(read(TABLE, Table, TABLE.name).steps)


def options(question: Question) -> dict[str, str]:
    """What can be chosen: value and words."""
    if question.kind == "role":
        from poc.pages.words import TITLES

        return {role: TITLES[role] for role in ROLES}
    if question.kind in ("yesno", "presence"):
        return question.options or {"yes": "Yes", "no": "No"}
    if question.kind == "treatment":
        return {"never": "never", "redact": "redacted", "allow": "as it is"}
    return question.options
