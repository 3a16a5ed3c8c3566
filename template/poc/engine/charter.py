"""`governance/charter.yaml`: what it is for, where it ends, and which data may go where."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from poc.engine.owners import RoleName
from poc.engine.yamlfile import Strict

Text = Annotated[str, Field(max_length=500)]
Share = Annotated[float, Field(ge=0, le=1)]
DataClass = Literal["public", "internal", "customer_pii", "special"]
RiskClass = Literal["", "minimal", "limited", "high"]


class Input(Strict):
    """One kind of input, and what happens to one that cannot be used."""

    kind: Annotated[str, Field(min_length=1, max_length=60)]
    share: Share | None = None
    formats: list[str] = []
    on_failure: Literal["quarantine", "review", "refuse"] = "quarantine"


class Integration(Strict):
    """Another team's system. `agreed` is the day its owner agreed to the connection."""

    system: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    direction: Literal["read", "write", "both"]
    capabilities: list[str] = []
    owner: Text = ""
    contact: Text = ""
    agreed: date | None = None
    max_writes_per_minute: Annotated[int, Field(ge=0)] | None = None


class Blocker(Strict):
    """Something that could stop it from going live, and whose it is."""

    what: Annotated[str, Field(min_length=1, max_length=300)]
    owner: RoleName
    due: date | None = None
    status: Literal["open", "closed"] = "open"


class Production(Strict):
    """When it would go live."""

    target: date | None = None


class Handling(Strict):
    """How long data of a class is kept."""

    retention_days: Annotated[int, Field(ge=0)] | None = None


class Destination(Strict):
    """A place outside the service. Classes neither allowed nor redacted never go there."""

    allow: list[DataClass] = []
    redact: list[DataClass] = []
    region: str = ""
    training: bool = False
    retention_days: Annotated[int, Field(ge=0)] | None = None
    agreement: Text = ""


class DataPolicy(Strict):
    """What data may go where; what is not allowed is denied."""

    default: Literal["deny"] = "deny"
    classes: dict[DataClass, Handling]
    destinations: dict[str, Destination]

    @model_validator(mode="after")
    def _classes_are_declared(self) -> "DataPolicy":
        for name, place in self.destinations.items():
            both = set(place.allow) & set(place.redact)
            if both:
                raise ValueError(f"{name} both allows and redacts {sorted(both)[0]}; choose one")
            unknown = (set(place.allow) | set(place.redact)) - set(self.classes)
            if unknown:
                raise ValueError(f"{name} names {sorted(unknown)[0]}, which is not under classes")
        return self


class Charter(Strict):
    """The whole file. `intent: research` promises no production and gets no verdict."""

    version: Literal[1]
    intent: Literal["production", "research"]
    component: Annotated[str, Field(min_length=1, max_length=200)]
    users: list[Text]
    capabilities: list[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]]
    out_of_scope: list[Text]
    inputs: list[Input]
    integrations: list[Integration]
    blockers: list[Blocker]
    production: Production
    risk_class: RiskClass
    notice: Text
    data_policy: DataPolicy

    @model_validator(mode="after")
    def _research_stays_small(self) -> "Charter":
        sensitive = {"customer_pii", "special"} & set(self.data_policy.classes)
        if self.intent == "research" and sensitive:
            raise ValueError(
                "research may use public and internal data only; take"
                f" {' and '.join(sorted(sensitive))} out of dataPolicy, or set intent: production"
            )
        return self
