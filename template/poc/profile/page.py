"""The figures on one page, and in short on a terminal."""

from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic.alias_generators import to_camel

from poc.commands.tables import bullets, paragraph, table
from poc.pages import rendering
from poc.pages.words import project
from poc.profile import short, view
from poc.profile.figures import Profile

PRIVATE = "Everything was read on this machine; nothing was sent anywhere."


def page(profile: Profile, root: Path, source: str, today: date) -> str:
    """The page as HTML that stands alone. Every name in it is escaped."""
    return rendering.html(
        "profile.html",
        project=project(root),
        source=source,
        day=today.isoformat(),
        headline=short.headline(profile),
        drift=view.drift(profile),
        digest=profile.digest,
        **view.tables(profile),
    )


def said(profile: Profile) -> str:
    """The page in short."""
    held = view.held(profile)
    parts = [paragraph(short.headline(profile)), bullets(short.sentences(profile))]
    if held.rows:
        parts.append(table((held.title, *held.heads[1:]), held.rows, [1, 2]))
    return "\n\n".join([*parts, paragraph(PRIVATE)])


def data(profile: Profile) -> dict[str, Any]:
    """The figures for programs; keys in camelCase, days as ISO 8601."""
    return {**_plain(profile), "usable": profile.usable}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a dataclass holds
    if is_dataclass(value):
        return {to_camel(one.name): _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 6) if isinstance(value, float) else value
