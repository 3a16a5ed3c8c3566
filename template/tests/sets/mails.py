"""A synthetic mailbox, and synthetic people who label what is drawn from it."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from evals.dataset import EvalCase, digest
from poc.sets import cases as sets
from poc.sets.manifest import Agreement, Labels, Manifest, cases_of, labelled_of, load, save

ENGLISH_TEXT = """
parcel arrived broken yesterday please refund invoice charged twice password reset link
never came order number delivery driver left neighbour garden cancel subscription renew
contract battery heats screen flickers update failed login account locked colour wrong
size exchange label printer store opening hours discount code expired gift card balance
missing shipment customs tracking courier window damaged box screw manual warranty
repair appointment technician noise leak kettle lamp sofa table carpet curtain shelf
bicycle helmet tyre pump bottle jacket shoes sleeve zipper button thread stain washing
machine dishwasher filter hose drawer hinge mirror frame paint brush ladder hammer
"""
GERMAN_TEXT = """
Paket kam gestern kaputt bitte Rechnung doppelt abgebucht Passwort Zugang gesperrt
Bestellung Lieferung Nachbar abgegeben Vertrag kündigen verlängern Akku Bildschirm
flackert Anmeldung Konto Farbe falsch Größe umtauschen Etikett Drucker Laden
Öffnungszeiten Rabatt abgelaufen Gutschein Guthaben fehlt Sendung Zoll Verfolgung Kurier
beschädigt Karton Schraube Anleitung Garantie Reparatur Termin Techniker Geräusch
undicht Wasserkocher Lampe Sofa Tisch Teppich Vorhang Regal Fahrrad Helm Reifen Pumpe
Flasche Jacke Schuhe Ärmel Knopf Faden Fleck Waschmaschine Spülmaschine Schublade
Spiegel Rahmen Farbe Pinsel
"""
ENGLISH, GERMAN = ENGLISH_TEXT.split(), GERMAN_TEXT.split()
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = 12


def message(number: int, day: datetime | None = None, text: str = "") -> bytes:
    """One mail; the same number gives the same words, another one none that are alike."""
    rng = random.Random(number)  # noqa: S311
    german = number % 3 == 0
    words = rng.sample(GERMAN if german else ENGLISH, WORDS)
    glue = "und die" if german else "and the"
    mail = EmailMessage()
    mail["Subject"] = f"{words[0]} {words[1]}"
    mail["From"] = f"person{number}@example.org"
    mail["To"] = "help@example.com"
    mail["Date"] = day or START + timedelta(hours=7 * number)
    mail.set_content(text or ". ".join(f"{glue} {' '.join(words[i : i + 6])}" for i in (0, 6)))
    return mail.as_bytes()


def mailbox(folder: Path, count: int, start: int = 0) -> Path:
    """A folder of so many mails, about three a day from the second of March 2026 on."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(start, start + count):
        (folder / f"{number:05}.eml").write_bytes(message(number))
    return folder


def queue_of(case: EvalCase) -> str:
    """What the synthetic people say of a case; two kinds, by its id."""
    return ("billing", "delivery")[int(case.id[2:], 16) % 2]


def expected(case: EvalCase) -> dict[str, Any]:
    return {"queue": queue_of(case), "priority": "normal"}


def label(
    root: Path,
    name: str,
    say: Callable[[EvalCase], Mapping[str, Any]] = expected,
    kappa: float = 0.9,
) -> Manifest:
    """Stands for two people who labelled the whole set, and marked each fifth case as odd."""
    manifest = load(root, name)
    found = [
        one.model_copy(update={"expected": dict(say(one)), "edge": "odd" if n % 5 == 0 else None})
        for n, one in enumerate(sets.read(cases_of(root, name), name))
    ]
    sets.write(labelled_of(root, name), found)
    all_cases = Agreement(n=len(found), observed=0.95, kappa=kappa, lower=kappa - 0.05)
    labels = Labels(
        labelled_on=datetime.now(UTC),
        source="pages",
        people=2,
        cases=len(found),
        settled=0,
        agreement=[all_cases],
        pace=[],
        digest=digest(found),
    )
    manifest = manifest.model_copy(update={"labels": labels, **sets.edges(found)})
    save(root, manifest)
    return manifest
