"""Changes one key of a ruamel document, and leaves each comment with what it was written for."""

from difflib import SequenceMatcher
from typing import Any

import yaml
from ruamel.yaml.comments import CommentedBase, CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, ScalarString

from poc.kickoff import tails
from poc.kickoff.changes import GONE, KeyPath, Value
from poc.kickoff.tails import Node

# A collection and the key in it.
Place = tuple[Node, Any]


def change(root: CommentedMap, path: KeyPath, value: Value) -> None:
    """Set, add or take out one key of a document, in place."""
    *parents, last = path
    above: Place | None = None
    node: Node = root
    for part, below in zip(parents, path[1:], strict=True):
        if isinstance(node, CommentedMap) and not isinstance(node.get(part), CommentedBase):
            put(node, part, [] if isinstance(below, int) else {}, above)
        above, node = (node, part), node[part]
    if value is GONE:
        remove(node, last, above)
    else:
        put(node, last, value, above)


def put(node: Node, key: Value, value: Value, above: Place | None = None) -> None:
    """Set `node[key]`; a new key comes last, before whatever comment follows the node."""
    if key in node if isinstance(node, CommentedMap) else key < len(node):
        _replace(node, key, value)
        return
    if node:
        tail = tails.take(node, tails.last(node))
    else:
        tail = tails.take(*above) if above else ""
        node.fa.set_block_style()
    if isinstance(node, CommentedMap):
        node[key] = _fresh(value)
    else:
        node.append(_fresh(value))
    tails.give(node, key, tail)


def remove(node: Node, key: Value, above: Place | None = None) -> None:
    """Take `node[key]` out; a comment that follows it stays, the blank line it brought goes."""
    position = list(node).index(key) if isinstance(node, CommentedMap) else key
    is_last = position == len(node) - 1
    tail = tails.take(node, key)
    if position:
        before = list(node)[position - 1] if isinstance(node, CommentedMap) else key - 1
        kept = tails.take(node, before)
        del node[key]
        tails.give(node, before, tails.joined(kept, tail, is_last))
    elif len(node) == 1:
        tail += tails.ends(node)
        del node[key]
        node.fa.set_flow_style()
        if above:
            tails.give(*above, tail)
    else:
        del node[key]
        if tail.strip():
            tails.lead(node, tail)


def _replace(node: Node, key: Value, value: Value) -> None:
    old = node[key]
    if isinstance(value, list) and isinstance(old, CommentedSeq) and old:
        _sync(old, value, (node, key))
    elif isinstance(value, dict | list):
        tail = tails.take(node, key)
        node[key] = _fresh(value)
        tails.give(node, key, tail)
    elif isinstance(value, str) and isinstance(old, ScalarString):
        new = type(old)(value)
        if hasattr(old, "comment"):
            new.comment = old.comment
        node[key] = new
    else:
        node[key] = _fresh(value)


def _sync(old: CommentedSeq, new: list[Any], above: Place) -> None:
    """Make a list of plain entries equal to `new`, keeping the entries that stay."""
    steps = SequenceMatcher(None, [str(one) for one in old], [str(one) for one in new], False)
    for kind, low, high, start, end in reversed(steps.get_opcodes()):
        if kind == "equal":
            continue
        both = min(high - low, end - start)
        for index in range(both):
            _replace(old, low + index, new[start + index])
        for index in reversed(range(low + both, high)):
            remove(old, index, above)
        for offset, value in enumerate(new[start + both : end]):
            _insert(old, low + both + offset, value, above)


def _insert(node: CommentedSeq, index: int, value: Value, above: Place) -> None:
    if index == len(node):
        put(node, index, value, above)
    else:
        node.insert(index, _fresh(value))


def _fresh(value: Value) -> Value:
    """A value in block style, quoted where the reader would take it for something else."""
    if isinstance(value, dict):
        made = CommentedMap((key, _fresh(one)) for key, one in value.items())
        if not made:
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        items = CommentedSeq(_fresh(one) for one in value)
        if not any(isinstance(one, dict) for one in value):
            items.fa.set_flow_style()
        return items
    return DoubleQuotedScalarString(value) if isinstance(value, str) and _odd(value) else value


def _odd(text: str) -> bool:
    """True for text that YAML 1.1, which the reader knows, reads as another type, such as `no`."""
    try:
        return bool(yaml.safe_load(text) != text) or not text
    except yaml.YAMLError:
        return True
