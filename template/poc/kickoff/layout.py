"""Keeps people's layout of a YAML file where ruamel would write its own."""

import io
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

# mapping, sequence, offset: as the template writes, then other usual ways.
INDENTS = ((2, 4, 2), (2, 2, 0), (4, 6, 4), (4, 4, 0), (4, 4, 2))


def closest(text: str) -> tuple[YAML, list[str]]:
    """The writer by which the file comes out most like itself, and the lines that come out."""
    original = [_indented(line) for line in text.splitlines()]
    found: list[tuple[float, YAML, list[str]]] = []
    for indent in INDENTS:
        writer = _writer(*indent)
        made = _dump(writer, writer.load(text))
        lines = [_indented(line) for line in made]
        likeness = SequenceMatcher(None, original, lines, False).ratio()
        found.append((likeness, writer, made))
        if likeness == 1:
            break
    _, writer, made = max(found, key=lambda one: one[0])
    return writer, made


def merged(writer: YAML, text: str, before: list[str], root: CommentedMap) -> str:
    """The file with what was changed in `root`; `before` is the unchanged file by this writer.

    Of the ways to merge, the first that says what `root` says: where a changed line would not fit
    into people's indentation, more of the lines around it are taken from ruamel.
    """
    after = _dump(writer, root)
    wanted = writer.load("".join(after))
    for lines in _ways(text.splitlines(keepends=True), before, after):
        result = "".join(lines)
        try:
            if writer.load(result) == wanted:
                return result
        except YAMLError:
            continue
    return "".join(after)


def comments(text: str) -> Counter[tuple[str, bool]]:
    """Each comment, and whether it has a line of its own: what stands between YAML's tokens."""
    found: Counter[tuple[str, bool]] = Counter()
    end = 0
    for token in yaml.scan(text, yaml.SafeLoader):
        for number, line in enumerate(text[end : token.start_mark.index].splitlines()):
            _, sign, said = line.partition("#")
            if sign:
                found[said.strip(), number > 0 or end == 0] += 1
        end = max(end, token.end_mark.index)
    return found


def _ways(original: list[str], before: list[str], after: list[str]) -> Iterator[list[str]]:
    alike = _matches([_bare(line) for line in before], [_bare(line) for line in original])
    yield _carried(original, before, after, alike)
    yield _carried(original, before, after, _matches(before, original))


def _carried(
    original: list[str], before: list[str], after: list[str], ours: dict[int, int]
) -> list[str]:
    """`original` with what changed from `before` to `after`: a three-way merge.

    `ours` gives the line of `original` for a line of `before`.
    """
    new = _matches(before, after)
    result: list[str] = []
    at_before = at_ours = at_new = 0
    for index in range(len(before) + 1):
        done = index == len(before)
        if not done and not (index in ours and index in new):
            continue
        end_ours = len(original) if done else ours[index]
        end_new = len(after) if done else new[index]
        chunk = after[at_new:end_new]
        same = chunk == before[at_before:index]
        result += original[at_ours:end_ours] if same else chunk
        if not done:
            result.append(original[end_ours])
        at_before, at_ours, at_new = index + 1, end_ours + 1, end_new + 1
    return result


def _matches(one: list[str], other: list[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, one, other, False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}


def _bare(line: str) -> str:
    """A line without its spaces, by which two layouts of one line are known."""
    return "".join(line.split())


def _indented(line: str) -> tuple[int, str]:
    """A line without the spaces that are not its indentation."""
    return len(line) - len(line.lstrip()), _bare(line)


def _writer(mapping: int, sequence: int, offset: int) -> YAML:
    writer = YAML()
    writer.preserve_quotes = True
    writer.width = 1_000_000
    writer.indent(mapping=mapping, sequence=sequence, offset=offset)
    return writer


def _dump(writer: YAML, root: Any) -> list[str]:  # noqa: ANN401
    stream = io.StringIO()
    writer.dump(root, stream)
    return stream.getvalue().splitlines(keepends=True)
