"""A drawn set in a project's folder, and people who say things about it."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import JsonValue

from app.records import open_records
from app.records.labels.form import Said
from app.records.labels.models import NewLabel
from evals.dataset import EvalCase, digest
from poc.sets import cases as sets
from poc.sets.manifest import Manifest, Window, cases_of, save
from tests.api.usecase import UNUSABLE
from tests.labels.desk import GUIDELINE
from tests.records.support import run

EDGES = """
[two_tones]
title = "Two tones in one"
expected = "answered or sent to a person"
handled_by = "app/acceptance"

[blank]
title = "Nothing but blanks"
expected = "quarantined as empty"
handled_by = "app/intake"
"""
HELD = "case-9"
HOSTILE = '=HYPERLINK("http://evil.example";"read me") and more words for a whole letter'


def a_case(id: str, body: str, family: str = "") -> EvalCase:
    return EvalCase(
        id=id,
        family=family or id,
        origin="production",
        tags={"language": "en" if id < "case-5" else "de"},
        edge=None,
        content_type="text/plain",
        body=body,
        expected={},
    )


def draw(root: Path, name: str = "development", count: int = 6) -> list[EvalCase]:
    """A set of `count` letters, a hostile one and one that intake holds; ids count from 0."""
    cases = [a_case(f"case-{n}", f"Letter {n} has some words in it.") for n in range(count)]
    cases += [a_case("case-8", HOSTILE), a_case(HELD, f"{UNUSABLE}\0 \u202e\n<b>really</b>")]
    store(root, cases, name)
    (root / "evals").mkdir(exist_ok=True)
    (root / "evals" / "guideline.md").write_text(GUIDELINE)
    (root / "evals" / "edges.toml").write_text(EDGES)
    return cases


def store(root: Path, cases: list[EvalCase], name: str = "development") -> None:
    sets.write(cases_of(root, name), cases)
    save(
        root,
        Manifest(
            name=name,
            origin="production",
            data_class="internal",
            drawn_on=datetime(2026, 3, 1, tzinfo=UTC),
            seed=7,
            method="simple random sample",
            window=Window(first=date(2026, 1, 1), last=date(2026, 2, 1)),
            sources=[],
            population=len(cases),
            duplicates=0,
            strata=[],
            cases=len(cases),
            random=len(cases),
            boosted=0,
            families=len({one.family for one in cases}),
            edges={},
            apart={},
            digest=digest(cases),
        ),
    )


def say(
    url: str,
    person: str,
    what: Mapping[str, str | None],
    edge: str | None = None,
    name: str = "development",
) -> None:
    """Store what somebody says on the pages: the tone of each case, or unsure, or nothing."""
    records = open_records(url)
    for id, tone in what.items():
        said: Said = "unsure" if tone == "unsure" else "nothing" if tone == "nothing" else "answer"
        value: dict[str, JsonValue] = {"tone": tone, "formal": True} if said == "answer" else {}
        kept = run(records.save_label(name, NewLabel(id, said, value, edge), person))
        assert kept == "kept", (id, kept)
    records.close()


def labelled(root: Path, name: str = "development") -> dict[str, dict[str, JsonValue]]:
    """What was collected: the expectation of each case."""
    lines = (root / "data" / "sets" / name / "labelled.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    return {one["id"]: {**one["expected"], "edge": one.get("edge")} for one in found}
