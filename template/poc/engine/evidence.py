"""Evidence records: what a run measured, where, of what and when. Machines write them.

A record is an in-toto statement (v1) about a commit. Its `digest` shows an edit by hand; it is no
signature, so it cannot prove who made the record.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, ValidationError

from poc.engine.digest import of
from poc.engine.files import SHARED, replace
from poc.engine.yamlfile import Strict

FOLDER = Path("build") / "evidence"
TYPE = "https://in-toto.io/Statement/v1"
PREDICATE = "production-first/evidence/v1"
LARGEST = 10_000_000

Share = Annotated[float, Field(ge=0, le=1)]


class Environment(Strict):
    """Where it ran. Staging is declared and isolated: its own issuer and store, and a CI run."""

    name: Literal["local", "staging", "production"]
    local_issuer: bool = True
    local_store: bool = True


class Dataset(Strict):
    """The cases. `agreement` is how far two labellers agree (kappa); `look` counts scorings.

    `edge_share` is that of edge cases among all, `natural_edge_share` among those that chance
    drew, without the ones that were added for what they are; the same where it is not given.
    """

    name: str
    digest: str
    cases: Annotated[int, Field(ge=0)]
    production_share: Share = 0.0
    edge_share: Share = 0.0
    natural_edge_share: Share | None = None
    agreement: Annotated[float, Field(ge=-1, le=1)] | None = None
    look: int | None = None


class Measurement(Strict):
    """One figure of one slice. `indicator` states the metric, dataset and conditions.

    A share is `hits` of `n`, worth `effective` independent cases where cases are alike. Any other
    figure has a `point`, and its `lower` and `upper` one-sided bounds at `confidence`.
    """

    indicator: dict[str, Any]
    slice: str = "all"
    hits: Annotated[int, Field(ge=0)] | None = None
    n: Annotated[int, Field(ge=0)] = 0
    effective: Annotated[float, Field(gt=0)] | None = None
    lost: Annotated[int, Field(ge=0)] = 0
    point: float | None = None
    lower: float | None = None
    upper: float | None = None
    confidence: Annotated[float, Field(gt=0, lt=1)] | None = None


class ItemOutcome(Strict):
    """What a run says about a checklist item. `detail` names what failed or was not run."""

    item: str
    outcome: Literal["pass", "fail", "unknown"]
    detail: str = ""


class Predicate(Strict):
    """What was measured, where and of what. `run` is the CI run, empty on a laptop."""

    name: str
    started_on: AwareDatetime
    finished_on: AwareDatetime
    environment: Environment
    provider: str = ""
    model: str = ""
    run: str = ""
    dirty: bool = False
    behaviour: str
    scorer: str = ""
    dataset: Dataset | None = None
    complete: bool = True
    measurements: list[Measurement] = []
    items: list[ItemOutcome] = []


class Record(Strict):
    """A record as it was found: `damage` says what is wrong with the file, empty when nothing."""

    path: str
    commit: str
    predicate: Predicate | None
    damage: str = ""


def write(root: Path, predicate: Predicate, commit: str) -> Path:
    """Write a record to `build/evidence/<name>.json`, whole or not at all."""
    body = {
        "_type": TYPE,
        "subject": [{"name": "git", "digest": {"gitCommit": commit}}],
        "predicateType": PREDICATE,
        "predicate": predicate.model_dump(mode="json", by_alias=True, exclude_none=True),
    }
    path = root / FOLDER / f"{predicate.name}.json"
    text = json.dumps(body | {"digest": of(body)}, indent=1, ensure_ascii=False)
    replace(path, f"{text}\n".encode(), SHARED)
    return path


def load(root: Path) -> list[Record]:
    """Read all records below `build/evidence`; a damaged one is returned with its damage."""
    return [_read(root, path) for path in sorted((root / FOLDER).glob("*.json"))]


def _read(root: Path, path: Path) -> Record:
    shown = path.relative_to(root).as_posix()

    def damaged(how: str) -> Record:
        return Record(path=shown, commit="", predicate=None, damage=how)

    try:
        if not path.is_file():  # a pipe would wait for ever
            return damaged("is no file")
        if path.stat().st_size > LARGEST:
            return damaged(f"is larger than {LARGEST} bytes")
        body = json.loads(path.read_bytes())
        stated = body.pop("digest")
        commit = str(body["subject"][0]["digest"]["gitCommit"])
        if body["_type"] != TYPE or body["predicateType"] != PREDICATE:
            return damaged("is of another format")
        if of(body) != stated:
            return damaged("was edited after its run")
        predicate = Predicate.model_validate(body["predicate"])
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        return damaged(f"holds at {place} what no run writes")
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return damaged("cannot be read")
    return Record(path=shown, commit=commit, predicate=predicate)
