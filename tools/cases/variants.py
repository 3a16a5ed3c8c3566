"""Turns a family into different texts: alternatives, slots and typing mistakes."""

import random
import re
from collections.abc import Mapping

from tools.cases.families import Family

_CHOICE = re.compile(r"\[([^\[\]]*)\]")

_PRODUCTS = {
    "de": ("Kaffeemaschine", "Stehlampe", "Saugroboter", "Wasserkocher", "Toaster", "Mixer"),
    "en": ("coffee machine", "floor lamp", "robot vacuum", "kettle", "toaster", "blender"),
    "fr": ("machine à café", "lampadaire", "aspirateur robot", "bouilloire", "mixeur", "lampe"),
}
_NAMES = {
    "de": ("Jana Brock", "Ole Petersen", "M. Yildiz", "Familie Kranz", "Rike"),
    "en": ("Dana Whitlock", "Tom", "P. Okafor", "Mrs Hale", "Sam Reyes"),
    "fr": ("Camille Roux", "J. Martinot", "Yanis", "Mme Perrault", "Léa Vidal"),
}
_CITIES = {
    "de": ("Kassel", "Rostock", "Ulm", "Graz"),
    "en": ("Leeds", "Cork", "Norwich", "Bath"),
    "fr": ("Nantes", "Dijon", "Namur", "Pau"),
}
_MONTHS = {
    "de": ("Januar", "März", "Mai", "Oktober"),
    "en": ("January", "March", "May", "October"),
    "fr": ("janvier", "mars", "mai", "octobre"),
}


def text(family: Family, rng: random.Random) -> tuple[str, str]:
    """Make a subject and a body of a family."""
    values = _slots(family.language, rng)
    return _fill(family.subject, values, rng), _fill(family.body, values, rng)


def _fill(source: str, values: Mapping[str, str], rng: random.Random) -> str:
    chosen = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), source)
    filled = re.sub(r"{(\w+)}", lambda match: values[match[1]], chosen)
    return re.sub(r"[ \t]{2,}", " ", filled).strip()


def _slots(language: str, rng: random.Random) -> dict[str, str]:
    whole, cents, day = (
        rng.randint(9, 480),
        rng.choice(("00", "90", "95", "49")),
        rng.randint(1, 28),
    )
    month = rng.choice(_MONTHS[language])
    amounts = {
        "de": f"{whole},{cents} €",
        "en": f"€{whole}.{cents}",
        "fr": f"{whole},{cents} €",
    }
    dates = {"de": f"{day}. {month}", "en": f"{day} {month}", "fr": f"{day} {month}"}
    return {
        "amount": amounts[language],
        "city": rng.choice(_CITIES[language]),
        "code": f"E{rng.randint(10, 99)}",
        "date": dates[language],
        "days": str(rng.randint(3, 21)),
        "invoice": f"RE-2026-{rng.randint(10000, 99999)}",
        "name": rng.choice(_NAMES[language]),
        "order": f"LU-{rng.randint(100000, 999999)}",
        "product": rng.choice(_PRODUCTS[language]),
    }


def mistype(source: str, share: float, rng: random.Random) -> str:
    """Swap, drop or double a letter in about `share` of the words of five letters or more."""
    return " ".join(_mistyped(word, share, rng) for word in source.split(" "))


def _mistyped(word: str, share: float, rng: random.Random) -> str:
    if len(word) < 5 or not word.isalpha() or rng.random() >= share:
        return word
    place = rng.randint(1, len(word) - 3)
    kind = rng.choice(("swap", "drop", "double"))
    if kind == "swap":
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + (word[place] * 2 if kind == "double" else "") + word[place + 1 :]
