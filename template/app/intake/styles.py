"""Reads the inline and style sheet declarations that hide text in HTML mail."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
LENGTH = re.compile(r"([-+]?\d{0,9}\.?\d{0,9})\s*([a-z%]*)")
BRACE = re.compile(r"([{}])")
SELECTOR = re.compile(r"[a-z0-9]{0,20}(?:[.#][\w-]{1,80}){0,4}", re.IGNORECASE)
RGB = re.compile(r"rgba?\(([^()]{1,60})\)")
HEX = re.compile(r"#([0-9a-f]{3,8})")
COLOURS = {"white": "#ffffff", "snow": "#fffafa", "ivory": "#fffff0", "black": "#000000"}
# Sizes up to this many of each unit cannot be read.
TINY = {"px": 1.0, "pt": 1.0, "em": 0.1, "rem": 0.1, "ex": 0.1, "%": 10.0}
FAR = -500.0
CLOSE = 12
MAX_RULES = 200

Declarations = Mapping[str, str]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """What an element hands down. A `background` of None is a picture: nothing is known."""

    tiny: bool = False
    invisible: bool = False
    colour: Colour | str | None = None
    background: Colour | None = (255, 255, 255)
    pre: bool = False
    quotes: int = 0

    @property
    def hides(self) -> bool:
        """True when text in this look cannot be seen."""
        if self.tiny or self.invisible or self.colour == "transparent":
            return True
        if self.background is None or not isinstance(self.colour, tuple):
            return False
        return all(abs(a - b) <= CLOSE for a, b in zip(self.colour, self.background, strict=True))


def declarations(style: str) -> dict[str, str]:
    """The declarations of a style attribute, lower case, with escapes and comments resolved."""
    style = ESCAPE.sub(lambda match: _character(match[1]), COMMENT.sub("", style))
    found: dict[str, str] = {}
    for one in style.split(";"):
        name, colon, value = one.partition(":")
        if colon:
            found[name.strip().lower()] = value.lower().replace("!important", "").strip()
    return found


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if 0 < code < 0xD800 else ""


def hiding_rules(sheet: str) -> list[str]:
    """The simple selectors of a style sheet whose rules hide outright.

    Rules inside @media are passed over: they hold for some screens only.
    """
    text = COMMENT.sub("", sheet).replace("<!--", "").replace("-->", "")
    found: list[str] = []
    for selectors, body in _rules(text):
        style = declarations(body)
        if removes(style) or style.get("visibility") == "hidden":
            names = (selector.strip() for selector in selectors.split(","))
            found.extend(name for name in names if name and SELECTOR.fullmatch(name))
        if len(found) > MAX_RULES:
            break
    return found[:MAX_RULES]


def _rules(text: str) -> Iterator[tuple[str, str]]:
    depth, selectors, previous = 0, "", ""
    for piece in BRACE.split(text):
        if piece == "{":
            depth += 1
            selectors = previous if depth == 1 else ""
        elif piece == "}":
            yield selectors, previous
            depth = max(depth - 1, 0)
        previous = piece


def removes(style: Declarations) -> bool:
    """True for declarations that no child can undo."""
    if style.get("display") == "none" or style.get("mso-hide") == "all":
        return True
    if _number(style.get("opacity", "1")) <= 0.05 or style.get("transform") == "scale(0)":
        return True
    clipped = style.get("overflow", style.get("overflow-y")) in ("hidden", "clip")
    sizes = ("max-height", "height", "max-width", "width")
    if clipped and any(name in style and _tiny(style[name]) for name in sizes):
        return True
    if style.get("clip", "").replace(" ", "").startswith(("rect(0,0,0", "rect(0000", "rect(1px")):
        return True
    moved = ("left", "top", "right", "bottom", "text-indent", "margin-left", "margin-top")
    return any(_number(style.get(name, "0")) <= FAR for name in moved)


def _number(value: str) -> float:
    match = LENGTH.match(value)
    try:
        number = float(match[1]) if match else 0.0
    except ValueError:
        return 1.0
    return number / 100 if match and match[2] == "%" and number > 0 else number


def _tiny(value: str) -> bool:
    match = LENGTH.match(value)
    try:
        number = float(match[1]) if match else 1.0
    except ValueError:
        return False
    return number <= TINY.get(match[2], 0.0) if match else False


def colour(value: str) -> Colour | str | None:
    """A colour as red, green, blue of 0 to 255; `transparent`, or None when unreadable."""
    value = COLOURS.get(value.strip().lower(), value.strip().lower())
    if value == "transparent":
        return value
    if found := RGB.match(value):
        return _rgb(re.split(r"[\s,/]+", found[1].strip()))
    digits = HEX.fullmatch(value)
    if not digits:
        return None
    text = digits[1] if len(digits[1]) >= 6 else "".join(2 * one for one in digits[1])
    if len(text) == 8 and text.endswith("00"):
        return "transparent"
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def _rgb(parts: list[str]) -> Colour | str | None:
    if len(parts) > 3 and _number(parts[3]) == 0:
        return "transparent"
    values = [round(_number(part) * (255 if part.endswith("%") else 1)) for part in parts[:3]]
    return (values[0], values[1], values[2]) if len(values) == 3 else None


def inherit(look: Look, style: Declarations, attributes: Mapping[str, str | None]) -> Look:
    """The look of a child with these declarations and HTML attributes."""
    if "font-size" in style or "font" in style:
        size = style.get("font-size") or style.get("font", "").split("/")[0].split(" ")[-1]
        look = replace(look, tiny=_tiny(size))
    if "visibility" in style:
        look = replace(look, invisible=style["visibility"] in ("hidden", "collapse"))
    ink = style.get("color") or attributes.get("color")
    if ink:
        look = replace(look, colour=colour(ink))
    paper = style.get("background-color") or style.get("background") or attributes.get("bgcolor")
    if attributes.get("background") or "background-image" in style or "url(" in (paper or ""):
        return replace(look, background=None)
    if paper:
        ground = colour(paper.split(" ")[0] if not paper.startswith("rgb") else paper)
        if ground != "transparent":
            look = replace(look, background=ground if isinstance(ground, tuple) else None)
    return look
