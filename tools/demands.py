"""`python -m tools.demands`: writes docs/demands.md from docs/demands.yaml.

With `--check` nothing is written; it ends with 1 when the page is not what would be written.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DOCS = Path(__file__).parents[1] / "docs"
# How a reference of each kind reads on the page.
KINDS = {
    "item": "{}",
    "criterion": "criterion `{}`",
    "gate": "gate {}",
    "file": "`{}`",
    "command": "`{}`",
    "room": "`{}`",
}
TODAY = {"yes": "answered", "partly": "partly", "no": "not yet"}
HEAD = """\
# What production asks, and what answers it

Each line is something a proof of concept is asked for on its way to production, and what in a
generated project answers it: an item of `governance/checklist.yaml` (such as AUTH-1), a type of
criterion, a gate (such as R7), a file with its key, a command, a room of the code.

- **answered**: the project's code does its part and a test holds it. What only people can do is
  still theirs to do; `poc next` and `poc score` say what.
- **partly** and **not yet** say what is missing in this release.

Written by `python -m tools.demands` from [demands.yaml](demands.yaml): edit that file.
"""


class DemandsError(Exception):
    """The file of demands does not hold; the message has one line for each mistake."""


class Loader(yaml.BaseLoader):
    """Keeps every scalar as text, so that `yes` stays a word, and refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping. Raises `MarkedYAMLError` at the second of two equal keys."""
        seen = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {name} is given twice", problem_mark=key.start_mark
                )
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


@dataclass(frozen=True, slots=True)
class Answer:
    """One reference: its kind, a key of `KINDS`, and what it names."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Demand:
    """One demand; `today` is a key of `TODAY`, `missing` is empty where it is `yes`."""

    id: str
    theme: str
    demand: str
    answers: tuple[Answer, ...]
    today: str
    missing: str


@dataclass(frozen=True, slots=True)
class Demands:
    """All demands in the file's order, and the themes in the page's order."""

    themes: tuple[str, ...]
    demands: tuple[Demand, ...]


def load(path: Path = DOCS / "demands.yaml") -> Demands:
    """Read and check the demands. Raises `DemandsError`."""
    try:
        data = yaml.load(path.read_text("utf-8"), Loader)  # noqa: S506 - makes text only
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise DemandsError(f"{path.name} cannot be read: {error}") from None
    match data:
        case {"themes": [*themes], "demands": [*rows], **rest} if not rest:
            mistakes = [mistake for row in rows for mistake in _mistakes(row, themes)]
        case _:
            raise DemandsError(f"{path.name}: write the two lists themes and demands")
    if not mistakes:
        ids = Counter(row["id"] for row in rows)
        used = {row["theme"] for row in rows}
        mistakes = [f"{one}: the id is given {n} times" for one, n in ids.items() if n > 1]
        mistakes += [f"{one}: no demand has this theme" for one in themes if one not in used]
    if mistakes:
        raise DemandsError("\n".join(f"{path.name}: {one}" for one in mistakes))
    return Demands(tuple(themes), tuple(_demand(row) for row in rows))


def _mistakes(row: Any, themes: Sequence[str]) -> list[str]:  # noqa: ANN401 - unchecked YAML
    """What is wrong with one entry, in a sentence each."""
    if not isinstance(row, dict):
        return [f"{row!r} is no demand"]
    texts = ("id", "theme", "demand", "today", "missing")
    wrong = [name for name in texts if not isinstance(row.get(name, ""), str)]
    if wrong:
        return [f"{row.get('id')}: {name} has to be text" for name in wrong]
    said = [f"{name} is not known here" for name in row if name not in (*texts, "answers")]
    if not re.fullmatch(r"D[1-9][0-9]*", str(row.get("id"))):
        said.append("the id is a D and a number")
    if row.get("theme") not in themes:
        said.append("theme has to be one of the list at the top")
    if not _sentence(row.get("demand")):
        said.append("demand has to be one sentence with a full stop")
    if row.get("today") not in TODAY:
        said.append(f"today is one of {', '.join(TODAY)}")
    elif row["today"] == "yes" and "missing" in row:
        said.append("nothing is missing where today is yes")
    elif row["today"] != "yes" and not _sentence(row.get("missing")):
        said.append("missing has to say in one sentence what is missing")
    said += _reference_mistakes(row.get("answers"))
    return [f"{row.get('id')}: {one}" for one in said]


def _sentence(text: object) -> bool:
    return isinstance(text, str) and text.endswith(".") and not re.search(r"[.?!]\s|[\n|]", text)


def _reference_mistakes(answers: object) -> list[str]:
    if not isinstance(answers, list) or not answers:
        return ["answers has to name at least one reference"]
    said = []
    for one in answers:
        pairs = list(one.items()) if isinstance(one, dict) else []
        if len(pairs) != 1 or pairs[0][0] not in KINDS or not isinstance(pairs[0][1], str):
            said.append(f"{one!r} is no reference; write one of {', '.join(KINDS)} and its name")
        elif answers.count(one) > 1:
            said.append(f"{pairs[0][1]} is named twice")
    return said


def _demand(row: dict[str, Any]) -> Demand:
    answers = tuple(Answer(*pair) for one in row["answers"] for pair in one.items())
    return Demand(
        row["id"], row["theme"], row["demand"], answers, row["today"], row.get("missing", "")
    )


def render(found: Demands) -> str:
    """The page: a head, the counts, and a table for each theme."""
    parts = [HEAD, "| theme | " + " | ".join(TODAY.values()) + " |", "| --- " * 4 + "|"]
    for theme in found.themes:
        parts.append(_counts(theme, [one for one in found.demands if one.theme == theme]))
    parts.append(_counts(f"**all {len(found.demands)}**", found.demands))
    for theme in found.themes:
        parts += [f"\n## {theme}\n", "| demand | answered by | today |", "| --- | --- | --- |"]
        parts += [_row(one) for one in found.demands if one.theme == theme]
    return "\n".join(parts) + "\n"


def _counts(name: str, demands: Sequence[Demand]) -> str:
    counts = Counter(one.today for one in demands)
    return f"| {name} | " + " | ".join(str(counts[today]) for today in TODAY) + " |"


def _row(one: Demand) -> str:
    by = ", ".join(KINDS[answer.kind].format(answer.name) for answer in one.answers)
    today = TODAY[one.today] + (f": {one.missing}" if one.missing else "")
    return f"| {one.id}. {one.demand} | {by} | {today} |"


def main(arguments: Sequence[str] | None = None, docs: Path = DOCS) -> int:
    """Write the page, or compare it with `--check`."""
    parser = argparse.ArgumentParser(prog="python -m tools.demands", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if out of date")
    options = parser.parse_args(arguments)
    try:
        text = render(load(docs / "demands.yaml"))
    except DemandsError as error:
        print(error, file=sys.stderr)
        return 1
    page = docs / "demands.md"
    if not options.check:
        page.write_text(text, "utf-8")
    elif not page.exists() or page.read_text("utf-8") != text:
        print(f"docs/{page.name} is out of date; run python -m tools.demands", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
