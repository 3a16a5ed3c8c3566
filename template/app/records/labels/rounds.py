"""Starting a round of labelling: one transaction, the audit entry last."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert

from app.records.chain import append
from app.records.inserts import to_json
from app.records.labels.models import LabelCase, LabelRound, wanted
from app.records.labels.reading import find_round
from app.records.schema import label_cases, label_rounds

_BATCH = 500


def start(
    connection: Connection, new: LabelRound, cases: Sequence[LabelCase], actor: str
) -> LabelRound | None:
    """Insert a round with its cases; if one of this name exists, return it and change nothing."""
    found = find_round(connection, new.name)
    if found is not None:
        return found
    connection.execute(
        insert(label_rounds),
        {
            "name": new.name,
            "purpose": new.purpose,
            "source": new.source,
            "seed": new.seed,
            "digest": new.digest,
            "form": to_json(new.form.model_dump(mode="json")),
            "guideline": to_json(new.guideline),
            "started_at": datetime.now(UTC),
        },
    )
    rows = [_row(new, position, one) for position, one in enumerate(cases)]
    for at in range(0, len(rows), _BATCH):
        connection.execute(insert(label_cases), rows[at : at + _BATCH])
    details = {
        "purpose": new.purpose,
        "set": new.source,
        "cases": len(rows),
        "digest": new.digest,
        "seed": new.seed,
        "guideline": sha256_of(new.guideline),
    }
    append(connection, actor, "label.round_started", new.name, details)
    return None


def sha256_of(text: str) -> str:
    """SHA-256 of a text, in hex; lone surrogates count too."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _row(new: LabelRound, position: int, one: LabelCase) -> dict[str, Any]:
    return {
        "round": new.name,
        "position": position,
        "case_id": one.case_id,
        "headline": to_json(one.headline),
        "sheet": to_json(one.sheet),
        "held": one.held,
        "given": 0,
        "wanted": wanted(new.purpose, {}),
    }
