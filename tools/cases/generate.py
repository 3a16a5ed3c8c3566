"""Writes the synthetic cases: `python -m tools.cases.generate` (`make cases`).

The same seed gives the same bytes. Everything is marked synthetic and carries its family, so
that no family, and nothing made of one, stands in both splits.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.cases import edges, families, variants, wrap
from tools.cases.families import Family

SEED = 20261121
VERSION = 1
VARIANTS = {"training": 2, "evaluation": 2}
TREATED_SHARE = {"training": 0.1, "evaluation": 0.1}
OUTPUT = Path(__file__).parents[2] / "template" / "evals" / "cases"

Case = dict[str, Any]


def cases(split: str, everything: list[Family]) -> Iterator[Case]:
    """All cases of a split, in the order of their ids."""
    own = [family for family in everything if family.split == split]
    for family in own:
        for number in range(VARIANTS[split]):
            yield _variant(split, family, number, own)
    if split == "evaluation":
        for language in families.LANGUAGES:
            rng = random.Random(f"{SEED}{language}")
            for edge, (reason, body) in edges.unusable(language, rng).items():
                yield _case(f"{language}-{edge}", language, edge, body, {"quarantined": reason})


def _variant(split: str, family: Family, number: int, own: list[Family]) -> Case:
    rng = random.Random(f"{SEED}/{family.id}/{number}")
    text = variants.text(family, rng)
    edge = "no_queue" if family.queue is None else "two_queues" if family.also else None
    if edge is None and rng.random() < TREATED_SHARE[split]:
        edge = rng.choice(edges.TREATMENTS)
        body = edges.treat(edge, family, text, own, rng)
    else:
        subject, plain = text
        if rng.random() < 0.1:
            plain = variants.mistype(plain, 0.08, rng)
        body = wrap.CHANNELS[rng.choice(sorted(wrap.CHANNELS))](subject, plain, family.language)
    expected = {"queue": family.queue, "priority": family.priority}
    case = _case(f"{family.id}-{number + 1}", family.language, edge, body, expected)
    return case | {"family": family.id}


def _case(
    case_id: str, language: str, edge: str | None, body: wrap.Body, expected: dict[str, Any]
) -> Case:
    return {
        "id": case_id,
        "family": case_id,
        "origin": "synthetic",
        "tags": {"language": language, "channel": _channel(body)},
        "edge": edge,
        **body,
        "expected": expected,
    }


def _channel(body: wrap.Body) -> str:
    kind = str(body["content_type"]).split(";")[0]
    if kind == "application/json":
        return str(json.loads(body["body"])["channel"])
    return "mail" if kind == "message/rfc822" else "text"


def write(folder: Path = OUTPUT) -> dict[str, int]:
    """Write both splits and their manifest; returns the number of cases in each split."""
    everything = families.load()
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    shares: dict[str, dict[str, int]] = {}
    for split in families.SPLITS:
        rows = list(cases(split, everything))
        lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows]
        (folder / f"{split}.jsonl").write_text("".join(lines), "utf-8")
        counts[split] = len(rows)
        shares[split] = dict(sorted(Counter(row["edge"] or "none" for row in rows).items()))
    manifest = {
        "origin": "synthetic",
        "generator": "production-first tools.cases",
        "version": VERSION,
        "seed": SEED,
        "families": dict(sorted(Counter(family.split for family in everything).items())),
        "cases": counts,
        "edges": shares,
    }
    text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(text, "utf-8")
    return counts


if __name__ == "__main__":
    for name, number in write().items():
        print(f"{name}: {number} cases")
