"""Reads the hand-written families: one YAML list for each language and queue.

A family is one way in which one person wrote about one thing. It stands in one split only, and
so do all variants made of it.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "families"
LANGUAGES = ("de", "en", "fr")
QUEUES = ("account", "billing", "delivery", "returns", "sales", "technical")
SLOTS = ("amount", "city", "code", "date", "days", "invoice", "name", "order", "product")
SPLITS = ("training", "evaluation")
PRIORITIES = ("low", "normal", "high")
_FIELDS = {"id", "split", "writer", "priority", "subject", "body", "queue", "also"}


@dataclass(frozen=True, slots=True)
class Family:
    """One hand-written mail with `[a|b]` alternatives and `{slot}` places in it."""

    id: str
    language: str
    split: str
    queue: str | None
    also: str | None
    priority: str
    subject: str
    body: str


def load(folder: Path = FOLDER) -> list[Family]:
    """Read every family, sorted by id. Raises `ValueError` naming the file and the mistake."""
    families: list[Family] = []
    for path in sorted(folder.glob("*/*.yaml")):
        for entry in yaml.safe_load(path.read_text("utf-8")):
            try:
                families.append(_family(entry, path))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{path.parent.name}/{path.name}: {error}") from error
    ids = [family.id for family in families]
    repeated = sorted({one for one in ids if ids.count(one) > 1})
    if repeated:
        raise ValueError(f"family ids stand twice: {', '.join(repeated)}")
    return sorted(families, key=lambda family: family.id)


def _family(entry: dict[str, Any], path: Path) -> Family:
    unknown = set(entry) - _FIELDS
    if unknown:
        raise ValueError(f"{entry.get('id')}: unknown fields {sorted(unknown)}")
    if entry["split"] not in SPLITS or entry["priority"] not in PRIORITIES:
        raise ValueError(f"{entry['id']}: split or priority is not one of the known values")
    stem = path.stem
    queue = entry.get("queue") or (stem if stem in QUEUES else None)
    used = set(re.findall(r"{(.*?)}", entry["subject"] + entry["body"]))
    if used - set(SLOTS):
        raise ValueError(f"{entry['id']}: unknown slots {sorted(used - set(SLOTS))}")
    return Family(
        id=entry["id"],
        language=path.parent.name,
        split=entry["split"],
        queue=queue,
        also=entry.get("also"),
        priority=entry["priority"],
        subject=entry["subject"],
        body=entry["body"].strip(),
    )
