"""What a contract may say, and what holds where it says nothing."""

from typing import Any

import pytest
from pydantic import ValidationError

from poc.engine.charter import Charter
from poc.engine.contract import Contract
from poc.engine.owners import DUTIES, ROLES, SIGNERS, Owners
from poc.engine.yamlfile import parse
from tests.governance.sample import SAMPLE

KINDS = {
    # type: (what it asks for, the bound that decides, a threshold, needs cases)
    "quality": ("gte", "lower", 0.9, True),
    "coverage": ("gte", "lower", 0.9, True),
    "consistency": ("gt", "lower", 0.9, True),
    "baseline": ("gt", "lower", 0, True),
    "fault_handling": ("gte", "lower", 0.9, True),
    "value": ("gt", "point", 0, False),
    "integration": ("gte", "point", 20, False),
    "severity_cost": ("lte", "upper", 60, True),
    "confident_error": ("lte", "upper", 0.1, True),
    "latency": ("lt", "upper", 2500, True),
    "unit_cost": ("lte", "upper", 5, True),
    "monthly_cost": ("lte", "point", 9000, False),
    "attack_success": ("lte", "upper", 0.02, True),
    "pii_leak": ("lte", "upper", 0.02, True),
    "human_review": ("lte", "upper", 0.4, True),
    "review_sla": ("lt", "upper", 60, True),
}
SHARES = {kind for kind, (*_, value, cases) in KINDS.items() if cases and 0 < value < 1}


def contract(**changes: Any) -> Contract:  # noqa: ANN401
    data, _ = parse(SAMPLE / "criteria.yaml", "criteria.yaml")
    return Contract.model_validate(data | changes)


def extra(kind: str, **objective: Any) -> Contract:  # noqa: ANN401
    op, bound, value, cases = KINDS[kind]
    wanted = {"op": op, "bound": bound, "value": value} | ({"minSamples": 9} if cases else {})
    one = {
        "id": "NEW-1",
        "type": kind,
        "priority": "should",
        "owner": "risk",
        "statement": "x",
        "indicator": {"metric": "m"},
        "objective": {key: v for key, v in (wanted | objective).items() if v is not None},
    }
    data, _ = parse(SAMPLE / "criteria.yaml", "criteria.yaml")
    return Contract.model_validate(data | {"criteria": [*data["criteria"], one]})


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_decided_by_its_bound_on_its_side(kind: str) -> None:
    op, bound, _, cases = KINDS[kind]
    assert extra(kind).criterion("NEW-1")
    strict = {"gte": "gt", "gt": "gte", "lte": "lt", "lt": "lte"}[op]
    assert extra(kind, op=strict).criterion("NEW-1")
    other = {"gte": "lte", "gt": "lt", "lte": "gte", "lt": "gt"}[op]
    with pytest.raises(ValidationError, match=f"NEW-1: {kind} asks for"):
        extra(kind, op=other)
    for wrong in {"lower", "upper", "point"} - {bound}:
        with pytest.raises(ValidationError, match=f"is decided by the {bound}, not {wrong}"):
            extra(kind, bound=wrong)
    if cases:
        with pytest.raises(ValidationError, match="add minSamples"):
            extra(kind, minSamples=None)
    for impossible in (-0.01, 1.01):
        if kind in SHARES:
            with pytest.raises(ValidationError, match="a share lies from 0 to 1"):
                extra(kind, value=impossible)
        else:
            extra(kind, value=impossible)
    for end in (0, 1):
        extra(kind, value=end)


def test_what_holds_where_the_contract_says_nothing() -> None:
    data, _ = parse(SAMPLE / "criteria.yaml", "criteria.yaml")
    for key in ("confidence", "maxLooks", "plannedCases"):
        data.pop(key)
    data["volume"] = {"requestsPerMonth": 1}
    found = Contract.model_validate(data)
    assert (found.confidence, found.max_looks, found.interval) == (0.95, 3, "wilson")
    rules = found.admissibility
    assert (rules.environments, rules.max_age_days) == (["staging", "production"], 14)
    cases = rules.decision_set
    assert (cases.min_production_share, cases.edge_share) == (0.8, (0.15, 0.30))
    assert cases.min_label_agreement == 0.8
    assert (found.volume.peak_factor, found.volume.growth_per_month) == (4, 0)
    assert (found.planned_cases, found.severities) == ({}, {})
    assert found.criteria[1].indicator.slices == ["all"]


@pytest.mark.parametrize(
    ("confidence", "looks", "each"), [(0.95, 1, 0.95), (0.95, 3, 1 - 0.05 / 3), (0.8, 20, 0.99)]
)
def test_the_error_is_spent_over_the_looks(confidence: float, looks: int, each: float) -> None:
    found = contract(confidence=confidence, maxLooks=looks)
    assert found.look_confidence == pytest.approx(each)


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({"confidence": 0.8}, True),
        ({"confidence": 0.79}, False),
        ({"confidence": 0.999}, True),
        ({"confidence": 1}, False),
        ({"maxLooks": 1}, True),
        ({"maxLooks": 20}, True),
        ({"maxLooks": 21}, False),
        ({"decision": "x" * 500}, True),
        ({"decision": "x" * 501}, False),
        ({"decision": ""}, False),
        ({"hypothesis": ""}, False),
        ({"hypothesis": "x" * 501}, False),
        ({"criteria": []}, False),
        ({"admissibility": {"environments": ["local"]}}, False),
        ({"admissibility": {"maxAgeDays": 365}}, True),
        ({"admissibility": {"maxAgeDays": 366}}, False),
        ({"admissibility": {"maxAgeDays": 1}}, True),
        ({"admissibility": {"maxAgeDays": 0}}, False),
        ({"admissibility": {"decisionSet": {"minProductionShare": 1.1}}}, False),
        ({"admissibility": {"decisionSet": {"edgeShare": [0.1]}}}, False),
        ({"volume": {"requestsPerMonth": 1, "peakFactor": 1}}, True),
        ({"volume": {"requestsPerMonth": 1, "peakFactor": 0.9}}, False),
        ({"volume": {"requestsPerMonth": 10**9, "peakFactor": 1000}}, True),
        ({"volume": {"requestsPerMonth": 10**9 + 1}}, False),
        ({"volume": {"requestsPerMonth": 1, "peakFactor": 1001}}, False),
        ({"volume": {"requestsPerMonth": 1, "growthPerMonth": -0.5}}, True),
        ({"volume": {"requestsPerMonth": 1, "growthPerMonth": -0.6}}, False),
        ({"volume": {"requestsPerMonth": 1, "growthPerMonth": 2}}, True),
        ({"volume": {"requestsPerMonth": 1, "growthPerMonth": 2.1}}, False),
        ({"plannedCases": {"decision": 0}}, True),
        ({"plannedCases": {"decision": -1}}, False),
        ({"severities": {"severe": 0}}, True),
        ({"severities": {"severe": -1}}, False),
    ],
)
def test_the_ends_of_what_may_be_agreed(changes: dict[str, Any], fits: bool) -> None:
    if fits:
        contract(**changes)
    else:
        with pytest.raises(ValidationError):
            contract(**changes)


def test_research_may_not_touch_people() -> None:
    data, _ = parse(SAMPLE / "charter.yaml", "charter.yaml")
    data["intent"] = "research"
    assert Charter.model_validate(data).intent == "research"
    data["dataPolicy"]["classes"] |= {"customer_pii": {}, "special": {}}
    with pytest.raises(ValidationError, match="take customer_pii and special out of dataPolicy"):
        Charter.model_validate(data)


def test_every_role_has_a_duty_and_the_four_sign() -> None:
    assert set(DUTIES) == set(ROLES)
    assert SIGNERS == ("sponsor", "production", "evaluation", "risk")
    data, _ = parse(SAMPLE / "owners.yaml", "owners.yaml")
    data["roles"].pop("model")
    found = Owners.model_validate(data)
    assert (found.role("model").person, found.role("model").due) == ("", "pilot")
    data["roles"] |= {"risk": {"person": "TBD"}, "model": {"person": "TBD"}}
    Owners.model_validate(data)  # two vacant roles are held by nobody, not by one person
