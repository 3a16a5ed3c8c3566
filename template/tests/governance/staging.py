"""Evidence as staging would deliver it: a fixture; nothing was measured, figures are made up."""

from pathlib import Path
from typing import Any

from poc.engine import evidence, governance, looks
from poc.engine.situation import situation
from tests.governance.sample import record

CASES = "d" * 64


def look(root: Path) -> int:
    """Take a look at the decision set as its scoring will, and return its number."""
    entry = looks.take(governance.load(root), CASES, "Eva Noor", situation(root))
    return int(entry.body["look"])


def scored(root: Path, number: int, right: int = 590, german: int = 290, **other: Any) -> None:  # noqa: ANN401
    """The decision set's scores: 800 cases, 600 accepted, 300 of these German."""
    cases = evidence.Dataset(
        name="decision",
        digest=CASES,
        cases=800,
        production_share=0.9,
        edge_share=0.2,
        agreement=0.85,
        look=number,
    )
    precision = {"metric": "auto_precision", "dataset": "decision"}
    record(
        root,
        "decision",
        {"indicator": precision, "hits": right, "n": 600},
        {"indicator": precision, "slice": "lang=de", "hits": german, "n": 300},
        {"indicator": {"metric": "review_rate", "dataset": "decision"}, "hits": 200, "n": 800},
        **({"dataset": cases} | other),
    )


def operated(root: Path, p95: float = 1900.0, injected: int = 0) -> None:
    """Load, faults, attacks and calls of the archive."""
    load = {"metric": "latency_p95_ms", "load": "twice the peak"}
    record(
        root,
        "load",
        {
            "indicator": load,
            "point": p95,
            "lower": p95 - 100,
            "upper": p95 + 200,
            "n": 500,
            "confidence": 0.99,
        },
    )
    faults = {"metric": "handled_rate", "faults": ["slow", "down"]}
    record(root, "faults", {"indicator": faults, "hits": 800, "n": 800})
    attacks = {"metric": "attack_success_rate", "suite": "injection"}
    record(root, "attacks", {"indicator": attacks, "hits": injected, "n": 400})
    calls = {"metric": "round_trips", "system": "archive", "level": "sandbox"}
    record(root, "archive", {"indicator": calls, "point": 25.0})
