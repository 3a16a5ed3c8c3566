"""Makes hostile HTML harmless before a parser builds a tree of it, in linear time."""

import re

from app.intake.outcome import QuarantineReason, Rejected
from app.intake.vocabulary import words

# Formatting elements make an HTML parser rebuild them in every later block, which a hostile
# page turns into millions of nodes; under another name they are plain containers.
FORMATTING = re.compile(
    r"<(/?)(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
# One tag or comment; every alternative ends at the end of the text, so nothing is read twice.
TAG = re.compile(
    r"<!--(?:-?>|(?s:.)*?(?:--!?>|\Z))"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]{0,60})"
    r"(?P<rest>(?>[^>\"'=]|=\s*(?>\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z)|)|[\"'])*+)(?:>|\Z)"
)
ATTRIBUTE = re.compile(r"[^\s/>=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?")
VOID = words("area base br col embed hr img input link meta param source track wbr")
MAX_DEPTH = 1000
MAX_ATTRIBUTES = 200
# Any number of these may stay open: the next one closes the last.
SELF_CLOSING = words("p li td tr th option dd dt")


def defuse(html: str) -> str:
    """The same page without formatting elements, which hold no text of their own.

    Raises `Rejected` for markup nested or attributed beyond what any mail client writes: a
    parser's work grows with the square of both.
    """
    open_tags: dict[str, int] = {}
    depth = 0
    for match in TAG.finditer(html):
        name = (match["name"] or "").lower()
        if not name or name in VOID:
            continue
        step = -1 if match["close"] else 1
        if step < 0 and not open_tags.get(name):
            continue
        open_tags[name] = open_tags.get(name, 0) + step
        depth += step if name not in SELF_CLOSING else 0
        attributes = match["rest"]
        crowded = len(attributes) > MAX_ATTRIBUTES and _count(attributes) > MAX_ATTRIBUTES
        if depth > MAX_DEPTH or crowded:
            raise Rejected(QuarantineReason.NESTED_TOO_DEEP, "The HTML is nested too deep.")
    return FORMATTING.sub(r"<\1x-\2", html)


def _count(attributes: str) -> int:
    return sum(1 for _ in ATTRIBUTE.finditer(attributes))
