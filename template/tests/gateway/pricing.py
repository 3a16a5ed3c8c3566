"""Price files of the tests' own: the team's is not theirs to read."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .servers import TABLES

# Per million tokens; the wire's 11 in and 7 out cost 0.000022 + 0.000056.
IN, CACHED, WRITTEN, OUT = 2.0, 0.5, 2.5, 8.0
CHECKED = datetime.now(UTC).date()
FAMILIES = ("", "claude-sonnet-4-5/", "claude-2/")


def entry(provider: str, model: str, **more: object) -> dict[str, Any]:
    return {
        "provider": provider,
        "model": model,
        "inPerM": IN,
        "cachedInPerM": CACHED,
        "cacheWriteInPerM": WRITTEN,
        "outPerM": OUT,
        "source": "invented for the tests",
        "checkedOn": str(CHECKED),
    } | more


def every_model() -> list[dict[str, Any]]:
    """An entry for each way the local server can behave, under each name it may have."""
    names = {
        (provider, family + behaviour)
        for provider, table in TABLES.items()
        for behaviour in [*table, "no-such-model", "m"]
        for family in FAMILIES
    }
    return [entry(*one) for one in sorted(names)]


def price_file(
    path: Path,
    models: Iterable[dict[str, Any]],
    per_day: float = 100,
    per_request: float = 10,
    currency: str = "USD",
) -> Path:
    caps = {"perDay": per_day, "perRequest": per_request}
    # JSON is YAML too.
    path.write_text(json.dumps({"currency": currency, "caps": caps, "models": list(models)}))
    return path
