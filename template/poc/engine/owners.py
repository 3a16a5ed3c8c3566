"""`governance/owners.yaml`: who owns what, by name."""

import re
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from poc.engine.yamlfile import Strict

RoleName = Literal[
    "sponsor",
    "production",
    "evaluation",
    "risk",
    "model",
    "data",
    "security",
    "privacy",
    "budget",
    "review",
    "oncall",
]
ROLES: tuple[RoleName, ...] = get_args(RoleName)
# Nobody starts without these four; they sign the contract.
SIGNERS: tuple[RoleName, ...] = ("sponsor", "production", "evaluation", "risk")

DUTIES: dict[RoleName, str] = {
    "sponsor": "pays, decides go or no-go, owns the scope",
    "production": "runs it after launch",
    "evaluation": "owns cases, scorers and the decision set",
    "risk": "owns thresholds, severities and waivers",
    "model": "owns prompts, the model and its updates",
    "data": "owns where the data comes from and its labels",
    "security": "reviews the threats",
    "privacy": "owns lawful basis, notice and retention",
    "budget": "accepts the cost forecast",
    "review": "leads the people who decide what the model does not",
    "oncall": "answers the pager",
}

_PLACEHOLDER = re.compile(
    r"^\W*$|\b(todo|tbd|tba|fixme|xxx|n/?a|none|nobody|somebody|someone|persona|example|placeholder"
    r"|unknown|anyone|to be (named|decided|defined))\b|^(jane|john) doe$|^(the )?team$|<.*>",
    re.IGNORECASE,
)


class Role(Strict):
    """One person in a role. `due` says until when the role may stay open; signers never may."""

    person: Annotated[str, Field(max_length=100)] = ""
    handle: Annotated[str, Field(pattern=r"^(@[A-Za-z0-9][A-Za-z0-9_./-]{0,99})?$")] = ""
    email: Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+)?$", max_length=200)] = ""
    employer: Annotated[str, Field(max_length=100)] = ""
    deputy: Annotated[str, Field(max_length=100)] = ""
    accepted: date | None = None
    due: Literal["", "pilot", "production"] = ""
    key: Annotated[str, Field(max_length=1000)] = ""

    @property
    def named(self) -> bool:
        """True when a real name stands here: no placeholder."""
        return not _PLACEHOLDER.search(self.person.strip())


class Handover(Strict):
    """Needed when another team or company runs it than builds it."""

    build_team: Annotated[str, Field(max_length=100)] = ""
    run_team: Annotated[str, Field(max_length=100)] = ""
    overlap_weeks: Annotated[int, Field(ge=0, le=104)] = 0


class Owners(Strict):
    """The whole file."""

    version: Literal[1]
    roles: dict[RoleName, Role]
    handover: Handover = Handover()

    @model_validator(mode="after")
    def _roles_hold(self) -> "Owners":
        for name in SIGNERS:
            if name not in self.roles:
                raise ValueError(f"the role {name} is missing; it signs the contract")
            if self.roles[name].due:
                raise ValueError(f"{name} signs the contract at kickoff and cannot be due later")
        risk, model = self.roles["risk"], self.role("model")
        if risk.named and model.named and _same(risk.person, model.person):
            raise ValueError(
                f"{risk.person} holds both risk and model; who tunes the model must not also set"
                " its limits"
            )
        return self

    def role(self, name: RoleName) -> Role:
        """The person in a role; an empty one when the file does not list it."""
        return self.roles.get(name, Role(due="pilot"))


def _same(one: str, other: str) -> bool:
    return " ".join(one.lower().split()) == " ".join(other.lower().split())
