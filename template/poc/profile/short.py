"""The figures in a few sentences."""

from poc.pages.words import count
from poc.profile import view, words
from poc.profile.figures import Profile

NONE = "none"


def sentences(profile: Profile) -> list[str]:
    """The tables in short, for a terminal."""
    size = profile.characters
    found = [
        _short(one(profile))
        for one in (view.inputs, view.languages, view.repeats, view.repaired, view.unhandled)
    ]
    seen = [f"{row[0]} in {row[1]}" for row in view.personal(profile).rows if row[1] != "0"]
    if seen:
        found.append(f"Personal data in free text, by messages: {', '.join(seen)}.")
    long = (
        f"Lengths: half of the texts have at most {size.p50:,} characters, 95 % at most"
        f" {size.p95:,}; the largest has {size.largest:,}."
    )
    notes = [*view.inputs(profile).notes, " ".join(view.time(profile).notes)]
    return [*filter(None, found), long, *notes, view.drift(profile)[0]]


def _short(table: view.Table) -> str:
    """Such as "Languages: de 60 %, en 40 %."; empty where there is none."""
    parts = [f"{row[0]} {row[-1] or row[-2]}" for row in table.rows]
    return f"{table.title}: {', '.join(parts)}." if parts else ""


def headline(profile: Profile) -> str:
    """The most important sentence."""
    if not profile.messages:
        return "There is no message in it."
    held = profile.outcomes.get("quarantined", 0)
    refused = profile.outcomes.get("refused", 0)
    told = (
        f"{words.messages(profile.messages)} in {count(profile.files, 'file')}:"
        f" the service would answer {words.share(profile.usable, profile.messages)},"
        f" hold back {words.share(held, profile.messages) if held else NONE}"
        f" and refuse {words.share(refused, profile.messages) if refused else NONE}."
    )
    return told if profile.usable else f"{told} Not one message is usable."
