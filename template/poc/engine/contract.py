"""`governance/criteria.yaml`: the contract, which says what "good enough" means before results."""

from collections import Counter
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from poc.engine.owners import RoleName
from poc.engine.yamlfile import Strict

Share = Annotated[float, Field(ge=0, le=1)]
Op = Literal["gte", "gt", "lte", "lt"]
Bound = Literal["lower", "upper", "point"]
Type = Literal[
    "quality",
    "coverage",
    "severity_cost",
    "confident_error",
    "consistency",
    "baseline",
    "latency",
    "fault_handling",
    "unit_cost",
    "monthly_cost",
    "value",
    "integration",
    "attack_success",
    "pii_leak",
    "human_review",
    "review_sla",
]

# Each group needs a `must`: what it does, and what it takes to run it.
REQUIRED: tuple[tuple[Type, ...], ...] = (
    ("quality",),
    ("latency",),
    ("fault_handling",),
    ("unit_cost", "monthly_cost"),
    ("value",),
    ("integration",),
    ("attack_success", "pii_leak"),
    ("human_review", "review_sla"),
)

# What is counted of cases is a share; what is computed from the budget has no sample.
SHARES: frozenset[Type] = frozenset(
    {
        "quality",
        "coverage",
        "confident_error",
        "consistency",
        "fault_handling",
        "attack_success",
        "pii_leak",
        "human_review",
    }
)
MONEY: frozenset[Type] = frozenset({"monthly_cost", "value"})
POINTS: frozenset[Type] = MONEY | {"integration"}

_HIGHER: frozenset[Type] = frozenset(
    {"quality", "coverage", "consistency", "baseline", "fault_handling", "value", "integration"}
)


class Indicator(Strict):
    """What is measured. Further keys say under which conditions, and evidence must match them."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True
    )

    metric: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,59}$")]
    dataset: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")] | None = None
    slices: Annotated[list[str], Field(min_length=1)] = ["all"]

    def conditions(self) -> dict[str, Any]:
        """Everything but the slices, as evidence has to state it too."""
        return self.model_dump(by_alias=True, exclude={"slices"}, exclude_none=True)


class Objective(Strict):
    """The threshold, the bound that has to reach it, and the fewest cases that may decide.

    `expected` is what the team believes it will see; `poc plan` reckons with it.
    """

    op: Op
    value: float
    bound: Bound
    min_samples: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    expected: float | None = None


class Criterion(Strict):
    """One thing that has to be true."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,11}-[1-9][0-9]?$")]
    type: Type
    priority: Literal["must", "should"]
    owner: RoleName
    statement: Annotated[str, Field(min_length=1, max_length=300)]
    indicator: Indicator
    objective: Objective
    rationale: Annotated[str, Field(max_length=500)] = ""

    @model_validator(mode="after")
    def _objective_fits_the_type(self) -> "Criterion":
        goal, higher = self.objective, self.type in _HIGHER
        if goal.op not in (("gte", "gt") if higher else ("lte", "lt")):
            words = "at least (gte or gt)" if higher else "at most (lte or lt)"
            raise ValueError(f"{self.id}: {self.type} asks for {words} a value")
        bound = "point" if self.type in POINTS else "lower" if higher else "upper"
        if goal.bound != bound:
            raise ValueError(f"{self.id}: {self.type} is decided by the {bound}, not {goal.bound}")
        if self.type in SHARES and not 0 <= goal.value <= 1:
            raise ValueError(f"{self.id}: a share lies from 0 to 1, such as 0.97 for 97 %")
        if self.type in POINTS and self.indicator.slices != ["all"]:
            raise ValueError(f"{self.id}: {self.type} is one figure; take out the slices")
        if self.type not in POINTS and goal.min_samples is None:
            raise ValueError(f"{self.id}: add minSamples, the fewest cases that may decide")
        return self


class Representative(Strict):
    """What a dataset must be to speak for production."""

    min_production_share: Share = 0.8
    edge_share: tuple[Share, Share] = (0.15, 0.30)
    min_label_agreement: Share = 0.8


class Admissibility(Strict):
    """Evidence that breaks one of these is shown and not counted."""

    environments: list[Literal["staging", "production"]] = ["staging", "production"]
    max_age_days: Annotated[int, Field(ge=1, le=365)] = 14
    decision_set: Representative = Representative()


class Volume(Strict):
    """Requests expected. `growth_per_month` 0.03 is three per cent more each month."""

    requests_per_month: Annotated[int, Field(ge=1, le=10**9)]
    peak_factor: Annotated[float, Field(ge=1, le=1000)] = 4
    growth_per_month: Annotated[float, Field(ge=-0.5, le=2)] = 0.0


class Contract(Strict):
    """The whole file. `confidence` holds for the whole family of `max_looks` looks."""

    version: Literal[1]
    decision: Annotated[str, Field(min_length=1, max_length=500)]
    hypothesis: Annotated[str, Field(min_length=1, max_length=500)]
    decision_date: date | None
    confidence: Annotated[float, Field(ge=0.8, lt=1)] = 0.95
    max_looks: Annotated[int, Field(ge=1, le=20)] = 3
    interval: Literal["wilson", "exact"] = "wilson"
    admissibility: Admissibility = Admissibility()
    volume: Volume
    planned_cases: dict[str, Annotated[int, Field(ge=0)]] = {}
    severities: dict[str, Annotated[float, Field(ge=0)]] = {}
    criteria: Annotated[list[Criterion], Field(min_length=1)]

    @model_validator(mode="after")
    def _covers_operations(self) -> "Contract":
        twice = [one for one, n in Counter(c.id for c in self.criteria).items() if n > 1]
        if twice:
            raise ValueError(f"{twice[0]} stands here twice; give each criterion its own id")
        musts = {one.type for one in self.criteria if one.priority == "must"}
        for group in REQUIRED:
            if not musts & set(group):
                raise ValueError(
                    f"no criterion of type {' or '.join(group)} has priority must; a contract"
                    " without it says nothing about production"
                )
        return self

    @property
    def look_confidence(self) -> float:
        """One-sided confidence of each look: the error is spent over all of them (Bonferroni)."""
        return 1 - (1 - self.confidence) / self.max_looks

    def criterion(self, name: str) -> Criterion | None:
        """The criterion of this id."""
        return next((one for one in self.criteria if one.id == name), None)
