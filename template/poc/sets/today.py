"""How it is done today: how often people are right, and in how many minutes.

`governance/today.json`, written by `poc baseline` and committed: counts and whether people were
right about each case, never who or what they said.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from evals.statistics import quantile, quantile_interval, wilson
from poc.engine.problems import Refused
from poc.engine.yamlfile import Strict
from poc.sets import written
from poc.sets.manifest import Count, Digest, Share

PATH = Path("governance") / "today.json"


class Study(Strict):
    """A timed study on the label pages: whether each case was answered rightly, and the seconds."""

    set: str
    digest: Digest
    round: str
    people: Count
    right: dict[str, bool]
    seconds: list[Annotated[float, Field(ge=0)]]


class Reported(Strict):
    """Figures from elsewhere, with their source in words, such as a report and its page."""

    accuracy: Share
    cases: Annotated[int, Field(ge=1)]
    minutes: Annotated[float, Field(gt=0)] | None
    source: Annotated[str, Field(min_length=10, max_length=300)]


class Today(Strict):
    """The newest figures. A study says more than a report, as it was done on the same cases."""

    version: Literal[1] = 1
    measured_on: date
    study: Study | None = None
    reported: Reported | None = None

    @model_validator(mode="after")
    def _something_is_known(self) -> "Today":
        if (self.study is None) == (self.reported is None):
            raise ValueError("it holds either a study or reported figures")
        return self

    @property
    def counts(self) -> tuple[int, int]:
        """Right answers and cases; of reported figures as near as the share allows."""
        if self.study:
            return sum(self.study.right.values()), len(self.study.right)
        assert self.reported is not None  # noqa: S101 - the validator holds it
        return round(self.reported.accuracy * self.reported.cases), self.reported.cases

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of their accuracy at level 0.95."""
        return wilson(*self.counts)

    @property
    def minutes(self) -> float | None:
        """The median minutes of one case, None where nobody measured them."""
        if self.study:
            median = quantile(self.study.seconds, 0.5)
            return None if median is None else median / 60
        return self.reported.minutes if self.reported else None

    @property
    def minutes_interval(self) -> tuple[float | None, float | None]:
        """The interval of the median at level 0.95; reported figures have none."""
        if not self.study:
            return None, None
        low, high = quantile_interval(self.study.seconds, 0.5)
        return (None if low is None else low / 60), (None if high is None else high / 60)

    @property
    def source(self) -> str:
        """Where it comes from, in words."""
        if self.study:
            return f"study {self.study.round} on {len(self.study.right)} cases of {self.study.set}"
        return self.reported.source if self.reported else ""


def load(root: Path) -> Today | None:
    """Read the figures, None when there are none. Raises `InvalidFile` when it is damaged."""
    return written.read(root, PATH, Today)


def save(root: Path, today: Today) -> None:
    """Write the figures, whole or not at all."""
    if not (root / "governance").is_dir():
        raise Refused("There is no governance/ here; run it in the project's folder.")
    written.write(root / PATH, today)
