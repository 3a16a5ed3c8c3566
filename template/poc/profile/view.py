"""The figures as the page and the terminal show them: sentences and tables of words."""

from collections.abc import Mapping
from dataclasses import dataclass

from poc.pages.words import listed
from poc.profile import words
from poc.profile.drift import Shift
from poc.profile.figures import Profile
from poc.profile.periods import periods

Rows = list[tuple[str, ...]]
MOST = 6


@dataclass(frozen=True)
class Table:
    """Rows of a name, a count and a share; `notes` are sentences below it."""

    title: str
    heads: tuple[str, ...]
    rows: Rows
    notes: tuple[str, ...] = ()


def tables(profile: Profile) -> dict[str, Table]:
    """Every table of the page, by name."""
    every = (inputs, languages, lengths, repeats, held, repaired, personal, time, empty, unhandled)
    return {one.__name__: one(profile) for one in every}


def inputs(profile: Profile) -> Table:
    """By channel."""
    rows = _rows(profile.channels, profile.messages, words.CHANNELS)
    notes = []
    if profile.dropped:
        names = listed([repr(name[:40]) for name in profile.dropped[:8]])
        more = len(profile.dropped) - 8
        notes.append(
            f"Left out: columns {names}{f' and {more} more' if more > 0 else ''}, which no field"
            " of the input takes."
        )
    return Table("What comes in", ("channel", "messages", "share"), rows, tuple(notes))


def languages(profile: Profile) -> Table:
    """Of usable messages, by ISO 639-1 code."""
    named = {"und": "too short or unclear"}
    rows = _rows(profile.languages, profile.usable, named)
    return Table("Languages", ("code", "messages", "share"), rows)


def lengths(profile: Profile) -> Table:
    """In characters after cleaning, and in bytes as sent."""
    rows: Rows = [
        (name, f"{one.p50:,}", f"{one.p95:,}", f"{one.largest:,}")
        for name, one in (
            ("characters of text", profile.characters),
            ("bytes as sent", profile.bytes),
        )
    ]
    return Table("Lengths", ("size", "half up to", "95 % up to", "largest"), rows)


def repeats(profile: Profile) -> Table:
    """Exact and near duplicates."""
    rows: Rows = [
        (name, f"{n:,}", words.share(n, profile.messages))
        for name, n in (
            ("the words of an earlier message", profile.repeats),
            ("alike to another (60 % or more)", profile.near),
            ("distinct", profile.families),
        )
    ]
    note = (
        f"The largest group of alike messages has {profile.largest_family:,}. Numbers, case and"
        " punctuation do not count."
    )
    return Table("Repeats", ("text", "messages", "share"), rows, (note,))


def repaired(profile: Profile) -> Table:
    """By note of intake."""
    named = {code: words.note(code) for code in profile.notes}
    rows = _rows(profile.notes, profile.messages, named, 8)
    return Table("What intake repaired or noted", ("note", "messages", "share"), rows)


def held(profile: Profile) -> Table:
    """Quarantined and refused, with what to do."""
    rows: Rows = []
    for code, n in profile.quarantined.items():
        name, advice = words.held(code)
        rows.append((f"held: {name}", f"{n:,}", words.share(n, profile.messages), advice))
    for code, n in words.top(profile.refused, 4):
        other = code.startswith(words.MORE)
        name, advice = (code, "") if other else words.refusal(code)
        rows.append((f"refused: {name}", f"{n:,}", words.share(n, profile.messages), advice))
    return Table("What it would not answer", ("reason", "messages", "share", "what to do"), rows)


def empty(profile: Profile) -> Table:
    """Fields of the input without a value."""
    return Table(
        "Empty fields", ("field", "messages", "share"), _rows(profile.empty, profile.usable)
    )


def personal(profile: Profile) -> Table:
    """By kind: in free text, and in other fields."""
    rows: Rows = []
    for kind, name in words.PERSONAL.items():
        text = profile.personal.get(f"text:{kind}", 0)
        field = profile.personal.get(f"field:{kind}", 0)
        if text or field:
            rows.append((name, f"{text:,}", f"{field:,}"))
    notes = (
        "Messages by kind, never a value. Names and postal addresses are not detected, and"
        " telephone numbers without a country code only with --region; messages held back and"
        " attachments were not searched.",
    )
    return Table("Personal data seen", ("kind", "in free text", "in other fields"), rows, notes)


def time(profile: Profile) -> Table:
    """Messages by month, quarter or year, whichever fits."""
    when = profile.time
    if when.first is None or when.last is None:
        return Table("Over time", (), [], ("No message carries a date.",))
    rows: Rows = [(name, f"{n:,}") for name, n in periods(when.months).items()]
    notes = [f"From {when.first} to {when.last}."]
    if when.undated:
        notes.append(f"{words.messages(when.undated)} without a date.")
    if when.later:
        notes.append(f"{words.messages(when.later)} with a date that is yet to come, left out.")
    return Table("Over time", ("period", "messages"), rows, tuple(notes))


def drift(profile: Profile) -> tuple[str, ...]:
    """What changed between the oldest and the newest quarter of the messages."""
    if not profile.drift:
        return ("Too few dated messages (under 200 distinct ones) to tell whether they change.",)
    moved = [one for one in profile.drift if one.moved]
    names = listed(list(dict.fromkeys(one.what for one in moved)))
    told = (
        f"The newest quarter of them differs from the oldest in {names}, more than chance explains:"
        " judge on new messages, and look again before going live."
        if moved
        else "The newest quarter of them is like the oldest in language and length."
    )
    return (told, " ".join(map(_shift, profile.drift)))


def _shift(one: Shift) -> str:
    sign = ">" if one.moved else "≤"
    return f"{one.what.capitalize()}: {one.measure} {one.value:.3f} {sign} {one.bound:.3f}."


def unhandled(profile: Profile) -> Table:
    """Attachments and files that nothing reads."""
    rows = _rows(profile.attachments, profile.messages, {}, 5)
    unread = [
        (
            why if why.startswith(words.MORE) else f"unread: {why.removeprefix('is ')}".rstrip("."),
            f"{n:,}",
            "",
        )
        for why, n in words.top(profile.unread, 5)
    ]
    rows += unread
    notes: tuple[str, ...] = ()
    if profile.with_attachments:
        notes = (f"{words.messages(profile.with_attachments)} with attachments.",)
    return Table("What the service does not read", ("kind", "count", "share"), rows, notes)


def _rows(
    counts: Mapping[str, int], whole: int, names: Mapping[str, str] | None = None, most: int = MOST
) -> Rows:
    return [
        ((names or {}).get(one, one), f"{n:,}", words.share(n, whole))
        for one, n in words.top(counts, most)
    ]
