"""What the pages are made of, and what they are: the same facts as HTML and as Markdown."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poc.checklist.attestations import Acceptance
    from poc.checklist.scorecard import Scorecard
    from poc.engine.findings import Verdict
    from poc.engine.governance import Governance
    from poc.money.forecast import Forecast


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a verdict page shows. `accepted` is None until the budget's owner accepted it."""

    verdict: "Verdict"
    scorecard: "Scorecard"
    forecast: "Forecast"
    accepted: "Acceptance | None"
    governance: "Governance"


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `html` needs no other file; `comment` has five lines for a pull request."""

    html: str
    markdown: str
    comment: str = ""
