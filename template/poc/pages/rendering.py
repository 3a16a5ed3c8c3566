"""Fills the templates. Every value is escaped for its kind of page, unknown names are errors."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poc.pages.words import MISSING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"

# Characters that reorder or hide the text around them; letters and joiners of any script stay.
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# What ends a line or cannot be written to a file.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# What could start a tag, a link, a code span, an emphasis or a table cell.
_MARKUP = re.compile(r"[|\\<>`*\[\]~]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]+;)")
# What would start a heading, a list or a rule at the beginning of a line.
_OPENING = re.compile(r"^(?:[#+-](?=\s|$)|[#=-](?=[#=-])|\d+[.)](?=\s|$))")
# What a line must not be broken in: a date, an id, NO-GO.
_WHOLE = re.compile(r"\b(?:\d{4}-\d\d-\d\d|[A-Z]{2,12}-\d{1,2}|NO-GO)\b")


def html(template: str, **values: object) -> str:
    """Render a page that stands alone, with its style in it."""
    return _environment("html").get_template(template).render(values)


def markdown(template: str, **values: object) -> str:
    """Render Markdown; runs of spaces and of empty lines become one."""
    text = _environment("md").get_template(template).render(values)
    text = re.sub(r"(?<=\S) +", " ", re.sub(r" +$", "", text, flags=re.MULTILINE))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def clean(text: str) -> str:
    """One line of text: no control characters, and none that reorder what stands around them."""
    return _CONTROL.sub(" ", _UNSEEN.sub("", text))


def escape(text: str) -> str:
    """Text for Markdown, also inside a table cell: what could be markup becomes an entity."""
    line = _MARKUP.sub(lambda found: f"&#{ord(found[0])};", clean(text))
    return _OPENING.sub(lambda found: f"{found[0][:-1]}&#{ord(found[0][-1])};", line)


def _unbroken(text: str) -> str:
    """Keep a figure and its percent sign on one line."""
    return re.sub(r"(?<=\d) (?=%)", "\u00a0", text)


def _told_html(value: str) -> "Markup":
    """A value on its own, or a word that cannot be overlooked where it is missing."""
    from markupsafe import Markup

    if value == MISSING:
        return Markup('<strong class="missing">missing</strong>')
    return _prose(value)


def _prose(value: str) -> "Markup":
    """Text of any direction, with its dates, ids and words such as NO-GO each on one line."""
    from markupsafe import Markup, escape

    text = str(escape(_unbroken(clean(value))))
    whole = _WHOLE.sub(r'<span class="whole">\g<0></span>', text)
    return Markup(f"<bdi>{whole}</bdi>")  # noqa: S704 - escaped above


def _told_markdown(value: str) -> "Markup":
    from markupsafe import Markup

    return Markup(f"**{MISSING}**" if value == MISSING else escape(value))  # noqa: S704


@cache
def _environment(kind: str) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def shown(value: Any) -> Any:  # noqa: ANN401 - jinja2 hands over whatever a template prints
        if not isinstance(value, str) or isinstance(value, Markup):
            return value
        return escape(value) if kind == "md" else _unbroken(clean(value))

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=kind != "md",  # noqa: S701 - Markdown is escaped by `shown`
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["told"] = _told_markdown if kind == "md" else _told_html
    made.filters["prose"] = _prose
    # The style is this package's own file and goes into the page as it is.
    made.globals["style"] = Markup((TEMPLATES / "style.css").read_text("utf-8"))  # noqa: S704
    return made
