"""Who can be drawn: each usable message of the window once, with its part and edge category."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evals.dataset import Category
from poc.sources.index import Row

QUARANTINED = "quarantined:"
UNDATED = "undated"
RARE = 0.02  # a language below this share is put together with others: a part should hold cases
OTHERS = "other"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that may be drawn. `part` is its stratum, `edge` its category of the register."""

    place: str
    sha256: str
    family: str
    language: str
    channel: str
    day: date | None
    part: str
    edge: str | None

    @property
    def id(self) -> str:
        """The case's id: the same message has the same one in every draw."""
        return f"m-{self.sha256[:12]}"


@dataclass(frozen=True, slots=True)
class Population:
    """The candidates by place, and how many messages were left out for which reason."""

    candidates: Sequence[Candidate]
    duplicates: int
    refused: int
    outside: int
    undated: int


def population(
    messages: Iterable[Row],
    register: Mapping[str, Category],
    first: date | None,
    last: date | None,
) -> Population:
    """Sort messages into candidates and what cannot be drawn.

    A message that stands there twice counts once. With a window, messages without a date are
    left out, as nothing says that they lie in it. What the service refuses outright never
    becomes a case, so it cannot be one here.
    """
    seen: set[str] = set()
    kept: list[tuple[Row, date | None]] = []
    left: Counter[str] = Counter()
    for one in messages:
        day = date.fromisoformat(one.sent_at[:10]) if one.sent_at else None
        why = _left_out(one, day, first, last)
        if why is None and one.sha256 in seen:
            why = "duplicates"
        if why is None:
            seen.add(one.sha256)
            kept.append((one, day))
        else:
            left[why] += 1
    languages = Counter(one.language for one, _ in kept)
    common = {name for name, count in languages.items() if count >= RARE * len(kept)}
    found = [
        Candidate(
            place=one.place,
            sha256=one.sha256,
            family=one.family,
            language=one.language,
            channel=one.channel,
            day=day,
            part=_part(one.language if one.language in common else OTHERS, day),
            edge=edge_of(one, register),
        )
        for one, day in kept
    ]
    return Population(found, left["duplicates"], left["refused"], left["outside"], left["undated"])


def edge_of(message: Row, register: Mapping[str, Category]) -> str | None:
    """The first category of the register one of whose signs intake noted in the message."""
    signs = {str(one) for one in message.notes}
    if message.outcome == "quarantined":
        signs.add(f"{QUARANTINED}{message.reason}")
    return next((name for name, one in register.items() if signs & {*one.signs}), None)


def _left_out(one: Row, day: date | None, first: date | None, last: date | None) -> str | None:
    if one.outcome not in ("clean", "quarantined"):
        return "refused"
    if first is None and last is None:
        return None
    if day is None:
        return "undated"
    return "outside" if (first and day < first) or (last and day > last) else None


def _part(language: str, day: date | None) -> str:
    return f"{language} {f'{day:%Y-%m}' if day else UNDATED}"
