"""The lines after a value in a ruamel document: comments of what follows it, and blank lines.

ruamel hangs them on the value before them. A new entry at the end of a list would come after the
next section's comment, and an entry taken out would take that comment along; so they are moved.
"""

from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.tokens import CommentToken

from poc.kickoff.changes import Value

# ruamel does not say what its collections hold.
Node = Any


def take(node: Node, key: Value) -> str:
    """Take away and return the lines after the value's own; a comment on its line stays."""
    more = ends(node[key])
    node, key = _leaf(node, key)
    comments = node.ca.items.get(key)
    token = comments[_slot(node)] if comments else None
    if token is None:
        return more
    own, _, rest = token.value.partition("\n")
    _hang(node, key, CommentToken(own + "\n", token.start_mark, None) if own else None)
    return str(rest) + more


def give(node: Node, key: Value, rest: str) -> None:
    """Write lines after the value at the end of `node[key]`."""
    if not rest:
        return
    node, key = _leaf(node, key)
    comments = node.ca.items.get(key)
    token = comments[_slot(node)] if comments else None
    own = token.value.partition("\n")[0] if token else ""
    mark = token.start_mark if token else CommentMark(0)
    _hang(node, key, CommentToken(f"{own}\n{rest}", mark, None))


def lead(node: Node, tail: str) -> None:
    """Write lines before the first value of a collection."""
    key = next(iter(node)) if isinstance(node, CommentedMap) else 0
    mark = CommentMark(int(getattr(node.lc, "col", None) or 0))
    comments = node.ca.items.setdefault(key, [None] * 4)
    lines = [CommentToken(f"{line.strip()}\n", mark, None) for line in tail.strip().splitlines()]
    comments[1] = lines + (comments[1] or [])


def ends(node: Node) -> str:
    """Take away what ruamel keeps at the end of a collection whose last value is empty."""
    text = ""
    while isinstance(node, CommentedMap | CommentedSeq) and node:
        text = "".join(token.value for token in node.ca.end or ()) + text
        node.ca.end = []
        node = node[last(node)]
    return text


def joined(kept: str, tail: str, is_last: bool) -> str:
    """What stood before a removed entry and after it: every comment, and one blank gap."""
    if kept.strip() and (tail.strip() or is_last):
        return kept + tail
    return tail if tail.strip() or is_last else kept


def last(node: Node) -> Value:
    """The last key or index of a collection."""
    return next(reversed(node)) if isinstance(node, CommentedMap) else len(node) - 1


def _leaf(node: Node, key: Value) -> tuple[Node, Value]:
    """The innermost last value below `node[key]`: there ruamel keeps what follows it."""
    value = node[key]
    while isinstance(value, CommentedMap | CommentedSeq) and value and not value.fa.flow_style():
        node, key = value, last(value)
        value = node[key]
    return node, key


def _slot(node: Node) -> int:
    return 2 if isinstance(node, CommentedMap) else 0


def _hang(node: Node, key: Value, token: CommentToken | None) -> None:
    """Set the comment after a value; an empty list or mapping keeps one of its own."""
    comments = node.ca.items.setdefault(key, [None] * 4)
    comments[_slot(node)] = token
    if not any(comments):
        del node.ca.items[key]
    if isinstance(node[key], CommentedMap | CommentedSeq) and not node[key]:
        node[key].ca.comment = [token, None] if token else None
