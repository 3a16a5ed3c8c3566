"""What a labelling page shows, and what comes back from its form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from starlette.datastructures import FormData

from app.records.labels.form import NONE, Field, Form, Said

NOTICES = {
    "taken": (
        "Two people have labelled that case meanwhile, so your label was not needed."
        " Here is the next."
    ),
    "taken in a study": "Somebody has labelled that case meanwhile. Here is the next.",
    "before": "You have labelled that case before; that label stands. Here is the next.",
    "other": "Your form was of an earlier case and not complete. Here is where you are.",
    "back": "Your label was taken back. Here is its case again.",
    "none": "There was no label to take back. Here is where you are.",
}
# The digits choose in the first list; the letters of the other lists leave u, q and b alone.
_DIGITS = "123456789"
_LETTERS = "asdfghjklwertyiopzxcvnm"


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody filled in, as texts by field; `said` is None when no button was pressed."""

    case_id: str = ""
    said: Said | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    edge: str = ""

    @classmethod
    def of(cls, form: FormData) -> "Filled":
        """Read a form; `field.x` is what was written or chosen, `none.x` says that it is null."""
        texts = {name: text for name, text in form.items() if isinstance(text, str)}
        said = texts.get("said", "")
        values = {name[6:]: text for name, text in texts.items() if name.startswith("field.")}
        for name in texts:
            if name.startswith("none.") and not values.get(name[5:], "").strip():
                values[name[5:]] = NONE
        return cls(
            case_id=texts.get("case", ""),
            said=cast(Said, said) if said in get_args(Said) else None,
            texts=values,
            edge=texts.get("edge", ""),
        )


@dataclass(frozen=True, slots=True)
class Option:
    """A choice, the key that chooses it (empty without one), and whether it is chosen."""

    text: str
    key: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Input:
    """One field on the page; `options` is empty where people write."""

    field: Field
    options: tuple[Option, ...]
    text: str
    none: bool
    wrong: str


def inputs(form: Form, filled: Filled, wrong: Mapping[str, str]) -> list[Input]:
    """The fields in the order of the form, as they were filled in."""
    keys = iter(_LETTERS)
    shown = []
    first = True
    for one in form.fields:
        text = filled.texts.get(one.name, "")
        options = []
        for number, choice in enumerate(one.choices):
            digit = _DIGITS[number] if number < len(_DIGITS) else ""
            key = digit if first else next(keys, "")
            options.append(Option(choice.text, key, choice.text == text))
        first = first and not options
        none = one.may_be_none and not options and text == NONE
        shown.append(
            Input(one, tuple(options), "" if none else text, none, wrong.get(one.name, ""))
        )
    return shown


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a list or a paragraph of the guideline."""

    kind: Literal["heading", "list", "text"]
    lines: tuple[str, ...]


def blocks(guideline: str) -> list[Block]:
    """The guideline's plain Markdown: headings, lists of one level, paragraphs."""
    found: list[Block] = []
    for part in guideline.replace("\r\n", "\n").split("\n\n"):
        for line in part.strip().splitlines():
            text = line.strip()
            if text.startswith("#"):
                found.append(Block("heading", (text.lstrip("#").strip(),)))
            elif text.startswith(("- ", "* ")):
                found.append(Block("list", (text[2:].strip(),)))
            elif text:
                found.append(Block("text", (text,)))
        found.append(Block("text", ()))
    return _joined(found)


def _joined(parts: list[Block]) -> list[Block]:
    """Lines that belong together as one block: the items of a list, the lines of a paragraph."""
    whole: list[Block] = []
    ended = True
    for part in parts:
        last = whole[-1] if whole else None
        if not part.lines:
            ended = True
        elif last and last.kind == part.kind == "list":
            whole[-1] = Block("list", (*last.lines, *part.lines))
        elif last and not ended and part.kind == "text" and last.kind != "heading":
            whole[-1] = Block(last.kind, (*last.lines[:-1], f"{last.lines[-1]} {part.lines[0]}"))
        else:
            whole.append(part)
        ended = ended and not part.lines
    return whole
