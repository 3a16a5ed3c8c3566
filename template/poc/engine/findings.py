"""What a verdict says, as plain values: commands print them, pages draw them."""

from datetime import date, datetime
from typing import Literal

from poc.engine.contract import Type
from poc.engine.owners import RoleName
from poc.engine.yamlfile import Strict

State = Literal["met", "not_met", "inconclusive", "not_measured"]
Word = Literal["GO", "NO-GO", "NOT YET MEASURED", "INCONCLUSIVE"]
Signed = Literal["verified", "declared", "outdated", "missing"]


class Finding(Strict):
    """One criterion: what was agreed, what was measured, and what follows.

    `agreed`, `measured` and `bound` are written for people, such as ">= 97 %"; `slice` is the one
    that decided, the worst. `cases_missing` says how many more labelled cases would decide it,
    `per_week` how many failures a week reach somebody at this rate.
    """

    id: str
    type: Type
    priority: Literal["must", "should"]
    owner: RoleName
    statement: str
    state: State
    agreed: str
    measured: str = ""
    bound: str = ""
    n: int | None = None
    slice: str = "all"
    reason: str = ""
    cases_missing: int | None = None
    per_week: float | None = None
    evidence: str = ""


class Move(Strict):
    """An amendment of one criterion or rule. `blind` is false once its result could be known."""

    on: date
    what: str
    kind: Literal["tightened", "loosened", "changed", "removed", "added"]
    before: str
    after: str
    blind: bool
    by: str
    why: str


class Signature(Strict):
    """One signer of the contract in force."""

    role: RoleName
    person: str
    state: Signed
    on: date | None = None


class Verdict(Strict):
    """The whole answer. `original` is the word under the contract first signed, by this evidence.

    `preview` is true outside CI. `cheaper` names a candidate that would do for less, empty when
    there is none. `inadmissible` says for each refused record why it does not count.
    """

    word: Word
    reasons: list[str]
    findings: list[Finding]
    original: Word | None
    moves: list[Move]
    looks_used: int
    looks_allowed: int
    contract: str
    locked_on: date | None
    signatures: list[Signature]
    decide_by: date | None
    cheaper: str = ""
    inadmissible: list[str] = []
    preview: bool
    research: bool = False
    behaviour: str
    commit: str
    run: str
    at: datetime
