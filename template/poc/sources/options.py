"""How a source is read; every command that reads one takes the same options."""

import argparse
import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.case import AnyUseCase
from app.intake import Limits
from app.settings import SettingsError, load
from app.usecase import USE_CASE
from poc.engine.problems import Refused

SENT = "sent"


@dataclass(frozen=True)
class Options:
    """`columns` maps a field of the input, or `sent`, to the source's name of it; "" is no column.

    `most` is the largest body in bytes that the service's door lets in; no more of a message is
    kept. `dates` is a strptime format for dates in tables, `region` the country (ISO 3166) whose
    telephone numbers are known without their country code.
    """

    usecase: AnyUseCase
    limits: Limits
    most: int
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    dates: str = ""
    region: str = ""


def options(
    columns: Mapping[str, str] | None = None,
    encoding: str = "",
    dates: str = "",
    region: str = "",
    usecase: AnyUseCase | None = None,
) -> Options:
    """Options under the service's own settings. Raises `Refused` where one cannot be right."""
    usecase = USE_CASE if usecase is None else usecase
    try:
        settings = load()
    except SettingsError as error:
        raise Refused(*str(error).splitlines()) from None
    columns = dict(columns or {})
    known = [*usecase.input_type.model_fields, SENT]
    for name in columns:
        if name not in known:
            raise Refused(f"--column {name}=: there is no such field; write {', '.join(known)}.")
    if encoding:
        _check_encoding(encoding)
    limits = Limits(settings.intake_limit_bytes, settings.intake_limit_characters)
    most = max(settings.body_limit_bytes, limits.bytes)
    return Options(usecase, limits, most, columns, encoding, dates, region.upper())


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of reading to a command."""
    reading = parser.add_argument_group("how it is read")
    reading.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=NAME",
        type=_pair,
        help="the column or key that holds a field of the input, or the day it was sent"
        " (sent=Datum); FIELD= leaves a column out; may be repeated",
    )
    reading.add_argument("--encoding", default="", help="of tables, where it is told wrong")
    reading.add_argument(
        "--dates", default="", metavar="FORMAT", help="such as %%m/%%d/%%Y %%H:%%M"
    )
    reading.add_argument(
        "--region", default="", help="a country (DE) whose telephone numbers are known"
    )


def given(arguments: argparse.Namespace) -> Options:
    """The options of a command line."""
    columns: Sequence[tuple[str, str]] = arguments.column
    return options(dict(columns), arguments.encoding, arguments.dates, arguments.region)


def _pair(text: str) -> tuple[str, str]:
    field_, mark, name = text.partition("=")
    if not mark or not field_.strip():
        raise argparse.ArgumentTypeError(f"write FIELD=NAME, not {text!r}")
    return field_.strip(), name.strip()


def _check_encoding(name: str) -> None:
    try:
        codecs.lookup(name)
        "".encode(name)
    except (LookupError, ValueError):
        raise Refused(f"--encoding {name}: no encoding has this name; utf-8 is one.") from None
