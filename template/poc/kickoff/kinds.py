"""How an answer is shown in a form, and how what was typed is read."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from poc.engine.contract import SHARES
from poc.kickoff.changes import at
from poc.kickoff.questions import Kind, Question

LIMIT = 5_000
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")


class Mistake(ValueError):
    """What was typed cannot be read; the message says what to type."""


def resolved(question: Question, row: Any) -> tuple[Kind, str]:  # noqa: ANN401
    """The kind and unit of a question, where they depend on the criterion it is asked of."""
    if question.kind != "measure":
        return question.kind, question.unit
    share = row.get("type") in SHARES
    words = [_unit(row)]
    if question.key.endswith("value"):
        words.append(_SIDES.get(at(row, ("objective", "op")), ""))
    return "percent" if share else "number", ", ".join(filter(None, words))


_SIDES = {"gte": "at least", "gt": "more than", "lte": "at most", "lt": "less than"}
_UNITS = {
    "integration": "in a row",
    "monthly_cost": "money a month",
    "value": "money a month",
    "unit_cost": "money a request",
    "severity_cost": "money for 1,000 requests",
}


def _unit(row: Any) -> str:  # noqa: ANN401
    """What a criterion counts in; a metric says so by how its name ends."""
    if row.get("type") in SHARES:
        return "%"
    metric = str(at(row, ("indicator", "metric")))
    ends = {"_ms": "milliseconds", "_min": "minutes", "_s": "seconds"}
    found = next((word for end, word in ends.items() if metric.endswith(end)), "")
    return found or _UNITS.get(row.get("type"), "")


def shown(kind: Kind, value: Any) -> str:  # noqa: ANN401
    """The text of a field for a value of the file."""
    if kind == "presence":
        return "yes" if value is not None else "no"
    if kind == "yesno":
        return "yes" if value else "no"
    if kind == "withdraw":
        return "keep"
    if value is None:
        return ""
    if kind == "lines":
        return "\n".join(map(str, value))
    if kind in ("words", "shown"):
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if kind == "percent":
        return _plain(Decimal(str(value)) * 100)
    if kind in ("number", "count"):
        return _plain(Decimal(str(value)))
    return str(value)


def typed(kind: Kind, text: str, needed: bool = False) -> Any:  # noqa: ANN401
    """The value for the file. Raises `Mistake` with what to type instead."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LIMIT:
        raise Mistake(f"Write {LIMIT} characters at most; these are {len(text)}.")
    if any(ord(one) < 32 and one not in "\n\t" or ord(one) == 127 for one in text):
        raise Mistake("Take out the characters that cannot be seen.")
    if needed and not text:
        raise Mistake("Give an answer; this cannot stay empty.")
    return _READERS.get(kind, _words_of)(text)


def _words_of(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> list[str]:
    return [words for line in text.split("\n") if (words := _words_of(line))]


def _list(text: str) -> list[str]:
    return [words for part in text.split(",") if (words := _words_of(part))]


def _number(text: str) -> int | float | None:
    if not text:
        return None
    return _simple(_decimal(text, "a number, such as 1200 or 0.5, without separators"))


def _count(text: str) -> int | None:
    if not text:
        return None
    value = _decimal(text, "a whole number, such as 600, without separators")
    if value != value.to_integral_value():
        raise Mistake(f"Write a whole number, such as 600, not {text!r}.")
    return int(value)


def _percent(text: str) -> int | float | None:
    text = text.removesuffix("%").rstrip()
    if not text:
        return None
    return _simple(_decimal(text, "per cent, such as 97 or 97.5, with a point") / 100)


def _decimal(text: str, wanted: str) -> Decimal:
    if not _NUMBER.fullmatch(text) or len(text) > 30:
        raise Mistake(f"Write {wanted}, not {text[:30]!r}.")
    return Decimal(text)


def _simple(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Mistake(f"Write the day as YYYY-MM-DD, not {text[:30]!r}.") from None


def _plain(value: Decimal) -> str:
    """Digits without an exponent and without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_READERS: dict[Kind, Callable[[str], Any]] = {
    "lines": _lines,
    "words": _list,
    "number": _number,
    "count": _count,
    "percent": _percent,
    "date": _date,
    "yesno": lambda text: text == "yes",
}
