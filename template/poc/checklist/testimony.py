"""Turns the outcomes of marked tests into the record `build/evidence/tests.json`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from poc.checklist.attestations import FILE, Attestations
from poc.checklist.catalogue import Checklist, Item
from poc.engine import digest, evidence
from poc.engine.evidence import ItemOutcome
from poc.engine.problems import InvalidFile
from poc.engine.situation import situation
from poc.engine.yamlfile import read

if TYPE_CHECKING:
    from poc.checklist.recording import Seen

CHECKLIST = "governance/checklist.yaml"
NAMED = 3  # tests in one sentence


def write(root: Path, seen: "Seen", started: datetime) -> str:
    """Write the record; what there is to say about it, in a sentence."""
    try:
        listed = read(root / CHECKLIST, Checklist, CHECKLIST).items
        own = read(root / FILE, Attestations, FILE).custom
    except InvalidFile as error:
        return f"nothing was recorded, because {error.lines[0]}"
    items = [one for one in (*listed, *own) if one.probe and one.probe.kind == "tests"]
    where = situation(root)
    predicate = evidence.Predicate(
        name="tests",
        started_on=started,
        finished_on=datetime.now(UTC),
        environment=evidence.Environment(name="local"),
        run=where.run,
        dirty=where.dirty,
        behaviour=digest.behaviour(root),
        items=[testify(one, seen.marked, seen.outcomes) for one in items],
    )
    try:
        path = evidence.write(root, predicate, where.commit)
    except OSError as error:
        return f"nothing was recorded, because {error.filename} cannot be written."
    passed = sum(one.outcome == "pass" for one in predicate.items)
    told = f"{passed} of {len(items)} tested items pass; recorded in {path.relative_to(root)}."
    known = {one.id for one in items}
    strange = sorted({name for names in seen.marked.values() for name in names} - known)
    if strange:
        told += f" Marked in vain: {', '.join(strange)} is no item that tests answer."
    return told


def testify(
    item: Item, marked: Mapping[str, Sequence[str]], outcomes: Mapping[str, str]
) -> ItemOutcome:
    """What the marked tests say about one item. Every module it names has to have taken part."""
    tests = [name for name, items in marked.items() if item.id in items]
    failed = [name for name in tests if outcomes.get(name) == "failed"]
    if failed:
        count = f"{len(failed)} of {len(tests)} tests failed"
        return ItemOutcome(item=item.id, outcome="fail", detail=f"{count}: {_some(failed)}.")
    missing = [name for name in tests if outcomes.get(name) != "passed"]
    if missing:
        return ItemOutcome(
            item=item.id, outcome="unknown", detail=f"Did not run: {_some(missing)}."
        )
    took_part = {name.partition("::")[0] for name in tests}
    modules = item.probe.modules if item.probe else []
    absent = [one for one in modules if one not in took_part]
    if absent:
        return ItemOutcome(
            item=item.id,
            outcome="unknown",
            detail=f"No test marked for it ran in {_some(absent)}.",
        )
    return ItemOutcome(
        item=item.id,
        outcome="pass",
        detail=f"{len(tests)} tests in {len(took_part)} modules passed.",
    )


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
