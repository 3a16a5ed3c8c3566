"""R5: what the use case may do is what the charter says. The code is read, never run."""

import ast
from collections.abc import Sequence

from poc.gates.ruling import Change, Said, note, passes, refuses

FILE = "app/usecase/__init__.py"
NAME = "CAPABILITIES"
CHARTER = "governance/charter.yaml"


def capabilities(change: Change) -> Said:
    """R5: hold the capabilities of the code against those of the charter."""
    agreed = change.governance.charter.capabilities
    try:
        text = (change.governance.root / FILE).read_text("utf-8")
        tree = ast.parse(text)
    except OSError:
        return refuses(f"{FILE} is missing; it has to hold {line_to_add(agreed)}")
    except (SyntaxError, ValueError) as error:
        where = getattr(error, "lineno", None) or 1
        return refuses(f"{FILE}:{where}: this is not valid Python; mend it.")
    node = _assigned(tree)
    if node is None:
        return refuses(f"{FILE} does not say what the code may do; add: {line_to_add(agreed)}")
    try:
        value = ast.literal_eval(node)
    except ValueError:
        value = None
    if not isinstance(value, tuple | list) or not all(isinstance(one, str) for one in value):
        return refuses(f"{FILE}:{node.lineno}: write plain words: {line_to_add(agreed)}")
    more = [one for one in value if one not in agreed]
    if more:
        return refuses(
            f"{FILE}:{node.lineno}: {', '.join(more)} is not in capabilities of {CHARTER}; take it"
            " out, or have the sponsor agree to it there."
        )
    unused = [one for one in agreed if one not in value]
    if unused:
        return note(f"{CHARTER} names {', '.join(unused)}, which the code does not do.")
    return passes(f"The code does {', '.join(value) or 'nothing'}, as agreed.")


def line_to_add(agreed: Sequence[str]) -> str:
    """The line a project has to hold that agreed on these."""
    inside = ", ".join(f'"{one}"' for one in agreed)
    return f"{NAME} = ({inside}{',' if len(agreed) == 1 else ''})"


def _assigned(tree: ast.Module) -> ast.expr | None:
    """The value given to the name last, at the top of the module."""
    found = None
    for one in tree.body:
        targets = one.targets if isinstance(one, ast.Assign) else []
        if isinstance(one, ast.AnnAssign):
            targets = [one.target]
        if any(isinstance(target, ast.Name) and target.id == NAME for target in targets):
            found = one.value  # type: ignore[attr-defined]
    return found
