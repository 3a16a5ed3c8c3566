"""HTML to readable text: blocks and cells apart, hidden text out, quotes marked with `>`."""

import re
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from app.intake.guard import defuse
from app.intake.outcome import QuarantineReason, Rejected
from app.intake.styles import Declarations, Look, declarations, hiding_rules, inherit, removes
from app.intake.vocabulary import words

# A line of its own that tells the quote splitter: what follows quotes an earlier mail. A
# private-use character, so that no clean-up step before the splitter takes it for a space.
QUOTE_MARK = "\U0010fffd"
BLOCKS = words(
    "address article aside blockquote body caption center dd details div dl dt fieldset figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol option p pre section"
    " summary table tbody tfoot thead title tr ul"
)
SPACED = words("blockquote dl h1 h2 h3 h4 h5 h6 ol p table ul")
UNSEEN = words(
    "head script style title template datalist iframe noframes noembed svg object canvas"
)
QUOTE_IDS = frozenset(("divrplyfwdmsg", "x_divrplyfwdmsg", "stopspelling", "replysplit"))
QUOTE_CLASSES = words(
    "gmail_attr moz-cite-prefix yahoo_quoted yahoo-quoted-begin protonmail_quote"
    " outlookmessageheader zmail_extra tutanota_quote"
)
HTML_START = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|meta|\?xml)\b", re.IGNORECASE)
HTML_TAG = re.compile(
    r"<(/?)(?:p|div|span|table|tbody|tr|td|th|br|a|b|i|u|strong|em|font|ul|ol|li|h[1-6]|blockquote"
    r"|img|hr|pre|center|style|template)(?:\s[^<>]{0,2000})?(/?)>",
    re.IGNORECASE,
)
# What preheaders are padded with: it hides nothing.
BLANK = " \t\n\r\u00a0\u00ad\u034f\u2007\u200b\u200c\u200d\ufeff"
GAPS = re.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True, slots=True)
class Text:
    """The readable text, and how many hidden pieces of text were left out."""

    text: str
    hidden: int


def is_html(text: str) -> bool:
    """True for a text that is markup: a document, or tags that are also closed or breaks."""
    if HTML_START.match(text):
        return True
    tags = [match[0].lower() for match in HTML_TAG.finditer(text[:100_000])]
    return len(tags) > 1 and any(tag.startswith(("</", "<br")) for tag in tags)


def to_text(html: str) -> Text:
    """Read HTML as a person would see it.

    Raises `Rejected` for markup nested or attributed beyond what any mail client writes.
    """
    try:
        tree = LexborHTMLParser(defuse(html.replace(QUOTE_MARK, "")))
    except (SelectolaxError, ValueError) as error:
        raise Rejected(QuarantineReason.CORRUPT, "The HTML cannot be parsed.") from error
    reader = _Reader(_hidden_by_sheets(tree))
    if tree.root is not None:
        reader.read(tree.root)
    templates = sum(bool(one.text().strip(BLANK)) for one in tree.template_fragments())
    return Text(reader.text(), reader.hidden + templates)


def _hidden_by_sheets(tree: LexborHTMLParser) -> set[int]:
    hidden: set[int] = set()
    for sheet in tree.css("style"):
        for selector in hiding_rules(sheet.text()):
            hidden.update(node.mem_id for node in tree.css(selector))
    return hidden


class _Reader:
    """Walks a tree without recursion and writes lines."""

    def __init__(self, hidden_nodes: set[int]) -> None:
        self.hidden = 0
        self._hidden_nodes = hidden_nodes
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0

    def text(self) -> str:
        self._break()
        return "\n".join(self._lines)

    def read(self, root: LexborNode) -> None:
        stack: list[tuple[LexborNode | str, Look]] = [(root, Look())]
        while stack:
            node, look = stack.pop()
            if isinstance(node, str):
                self._close(node, look)
            elif node.tag == "-text":
                self._write(node.text_content or "", look)
            elif node.tag is not None and not node.tag.startswith("-"):
                inner = self._open(node, node.tag, look)
                if inner is not None:
                    stack.append((node.tag, look))
                    children = list(node.iter(include_text=True))
                    stack.extend((child, inner) for child in reversed(children))

    def _open(self, node: LexborNode, tag: str, look: Look) -> Look | None:
        if tag in UNSEEN:
            return None
        attributes = node.attributes
        style = declarations(attributes.get("style") or "")
        if self._is_hidden(node, tag, attributes, style):
            self.hidden += bool(node.text().strip(BLANK))
            return None
        self._separate(tag)
        if _starts_quote(attributes, style):
            self._break()
            self._lines.append("> " * look.quotes + QUOTE_MARK)
        look = inherit(look, style, attributes)
        if tag == "blockquote":
            look = replace(look, quotes=look.quotes + 1)
            self._quotes = look.quotes
        return replace(look, pre=True) if tag in ("pre", "textarea") else look

    def _is_hidden(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], style: Declarations
    ) -> bool:
        if "hidden" in attributes or removes(style):
            return True
        return node.mem_id in self._hidden_nodes or (tag == "dialog" and "open" not in attributes)

    def _separate(self, tag: str) -> None:
        if tag == "br":
            self._break(force=True)
        elif tag in BLOCKS:
            self._break()
            if tag in SPACED:
                self._blank()
        elif tag in ("td", "th") and self._line:
            self._line.append("\t")

    def _close(self, tag: str, look: Look) -> None:
        if tag in BLOCKS:
            self._break()
            if tag in SPACED:
                self._blank()
        self._quotes = look.quotes

    def _write(self, text: str, look: Look) -> None:
        if look.hides:
            self.hidden += bool(text.strip(BLANK))
        elif look.pre:
            # No-break spaces survive the line clean-up and become plain ones with all others.
            first, *others = text.replace(" ", "\u00a0").split("\n")
            self._line.append(first)
            for line in others:
                self._break(force=True)
                self._line.append(line)
        else:
            self._line.append(GAPS.sub(" ", text))

    def _break(self, force: bool = False) -> None:
        line = re.sub(r" {2,}", " ", "".join(self._line)).strip(" ")
        self._line.clear()
        if line.strip() or force:
            self._lines.append("> " * self._quotes + line)

    def _blank(self) -> None:
        if self._lines and self._lines[-1].strip("> "):
            self._lines.append(("> " * self._quotes).rstrip())


def _starts_quote(attributes: dict[str, str | None], style: Declarations) -> bool:
    if (attributes.get("id") or "").lower() in QUOTE_IDS:
        return True
    if QUOTE_CLASSES.intersection((attributes.get("class") or "").lower().split()):
        return True
    # Outlook draws a thin line above the header of the quoted mail and pads only its top.
    line = "solid" in style.get("border-top", style.get("border-top-style", ""))
    top, *others = style.get("padding", style.get("padding-top", "")).split(" ")
    return line and top in ("3.0pt", "3pt", "5px") and {"0", "0in", "0cm"}.issuperset(others)
