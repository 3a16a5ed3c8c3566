"""The cases: reading them, their digest, and whether they are fit to measure with.

`python -m evals.dataset` prints the check and ends with 1 when it does not hold.
"""

import base64
import binascii
import hashlib
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    JsonValue,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from evals.duplicates import THRESHOLD, near_duplicates

HERE = Path(__file__).parent
SPLITS = ("training", "evaluation")
EDGE_SHARE = (0.15, 0.30)
SHOWN = 5


class DatasetError(Exception):
    """The cases cannot be read; the message names file, line and field, never a value."""


class EvalCase(BaseModel):
    """One case as it would arrive, and what is expected of it.

    `expected` is the use case's own mapping, or {"quarantined": reason}; it is empty while nobody
    has labelled the case. Cases of one `family` go back to one text and are not independent of
    each other. `drawn` says whether chance chose the case, or its edge category did.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    family: str
    origin: str
    tags: Mapping[str, str]
    edge: str | None
    drawn: Literal["random", "edge"] = "random"
    content_type: str
    body: str | None = None
    body_base64: str | None = None
    expected: Mapping[str, JsonValue]

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if (self.body is None) == (self.body_base64 is None):
            raise ValueError("exactly one of body and body_base64 must be there")
        try:
            base64.b64decode(self.body_base64 or "", validate=True)
        except binascii.Error:
            raise ValueError("body_base64 is not base64") from None
        return self

    @property
    def raw(self) -> bytes:
        """The body as it would arrive."""
        if self.body is not None:
            return self.body.encode()
        return base64.b64decode(self.body_base64 or "")

    @property
    def quarantine(self) -> str | None:
        """The reason for which this case must be quarantined, None when it must be answered."""
        reason = self.expected.get("quarantined")
        return reason if isinstance(reason, str) else None

    @property
    def digest(self) -> str:
        """SHA-256 of everything in the case: it changes when anything in it does."""
        left_out = {"drawn"} if self.drawn == "random" else None  # older results know no such key
        return _sha256([self.model_dump_json(exclude=left_out)])


class Category(BaseModel):
    """An edge category of `edges.toml`: what it is, how it should end, and who sees to it.

    `signs` are the notes of intake by which `poc sample` finds such cases in real mail.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    expected: str
    handled_by: str
    signs: tuple[str, ...] = ()

    @property
    def quarantined(self) -> bool:
        """True when `expected` begins with that word: no such case may be answered."""
        return self.expected.startswith("quarantined")


REGISTER = TypeAdapter(dict[str, Category])


def load(split: str, folder: Path = HERE / "cases") -> list[EvalCase]:
    """Read a split, sorted by id. Raises `DatasetError` naming file, line and field."""
    path = folder / f"{split}.jsonl"
    if not path.exists():
        raise DatasetError(f"{path}: there are no cases; write one JSON object a line into it")
    with path.open("rb") as lines:
        return parse(lines, str(path))


def parse(lines: Iterable[bytes], shown: str) -> list[EvalCase]:
    """Read cases of lines, sorted by id. Raises `DatasetError` naming `shown`, line and field."""
    cases: dict[str, EvalCase] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            case = _parse(line, f"{shown}:{number}")
            if case.id in cases:
                raise DatasetError(f"{shown}:{number}: the id {case.id} stands here twice")
            cases[case.id] = case
    if not cases:
        raise DatasetError(f"{shown}: there are no cases; write one JSON object a line into it")
    return [cases[one] for one in sorted(cases)]


def digest(cases: Iterable[EvalCase]) -> str:
    """SHA-256 of the cases, whatever their order in the file."""
    return _sha256(sorted(case.digest for case in cases))


def load_register(path: Path = HERE / "edges.toml") -> dict[str, Category]:
    """Read the register of edge categories by id. Raises `DatasetError` naming the file."""
    try:
        return REGISTER.validate_python(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise DatasetError(f"{path}: {_explain(error)}") from None


def check(
    training: Sequence[EvalCase],
    evaluation: Sequence[EvalCase],
    register: dict[str, Category],
    read: Callable[[EvalCase], str],
) -> list[str]:
    """Say, in one sentence each, what makes these cases unfit to measure with.

    `read` gives the text of a case that a model would learn from; empty when it has none.
    """
    everything = [*training, *evaluation]
    shared = {case.family for case in training} & {case.family for case in evaluation}
    faults = _listed("families stand in both splits; move each to one", shared)
    pairs = near_duplicates(_texts(training, read), _texts(evaluation, read))
    close = [f"{a} ~ {b}" for a, b in pairs]
    faults += _listed(f"pairs across the splits are {THRESHOLD:.0%} alike; drop one of each", close)
    share = sum(case.edge is not None for case in evaluation) / len(evaluation)
    if not EDGE_SHARE[0] <= share <= EDGE_SHARE[1]:
        low, high = EDGE_SHARE
        faults.append(
            f"{share:.0%} of the evaluation cases are edge cases, not {low:.0%}-{high:.0%}"
        )
    return faults + _register_faults(everything, register)


def _register_faults(cases: Sequence[EvalCase], register: dict[str, Category]) -> list[str]:
    used = {case.edge for case in cases if case.edge is not None}
    faults = _listed("edge categories are not in evals/edges.toml", used - set(register))
    faults += _listed("registered edge categories have no case", set(register) - used)
    for case in cases:
        category = register.get(case.edge or "")
        if category and category.quarantined != (case.quarantine is not None):
            faults.append(f"{case.id} expects something else than its category {case.edge}")
    return faults


def _listed(sentence: str, items: Iterable[str]) -> list[str]:
    found = sorted(items)
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return [f"{len(found)} {sentence}: {', '.join(found[:SHOWN])}{more}"] if found else []


def _texts(cases: Sequence[EvalCase], read: Callable[[EvalCase], str]) -> dict[str, str]:
    return {case.id: read(case) for case in cases}


def _parse(line: bytes, place: str) -> EvalCase:
    try:
        return EvalCase.model_validate_json(line)
    except ValidationError as error:
        raise DatasetError(f"{place}: {_explain(error)}") from None


def _explain(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return error.strerror or "unreadable" if isinstance(error, OSError) else str(error)
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'line'}: {fault['msg']}" for fault in faults
    )


def _sha256(parts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def main() -> int:
    """Print the check of the cases in `evals/cases`."""
    from evals.service import reader

    try:
        training, evaluation = (load(split) for split in SPLITS)
        register = load_register()
    except DatasetError as error:
        print(error, file=sys.stderr)
        return 1
    for split, cases in zip(SPLITS, (training, evaluation), strict=True):
        edges, origins = sum(c.edge is not None for c in cases), Counter(c.origin for c in cases)
        print(f"{split}: {len(cases)} cases of {len({c.family for c in cases})} families,")
        print(f"  {edges / len(cases):.0%} edge cases, origin {dict(origins)}")
    faults = check(training, evaluation, register, reader())
    print("\n".join(faults) or "The cases are fit to measure with.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
