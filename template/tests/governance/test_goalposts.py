"""Every move of a goalpost shows, with its direction."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from poc.engine.contract import Contract
from poc.engine.digest import plain
from poc.engine.goalposts import changes
from poc.engine.yamlfile import parse
from tests.governance.sample import SAMPLE

Edit = Callable[[dict[str, Any]], object]


def contract(edit: Edit = lambda data: None) -> Contract:
    data, _ = parse(SAMPLE / "criteria.yaml", "criteria.yaml")
    edit(data)
    return Contract.model_validate(data)


def first(data: dict[str, Any], number: int = 0) -> dict[str, Any]:
    one: dict[str, Any] = data["criteria"][number]
    return one


EXTRA = {
    "id": "QUAL-2",
    "type": "coverage",
    "priority": "should",
    "owner": "evaluation",
    "statement": "Many leave alone.",
    "indicator": {"metric": "auto_rate"},
    "objective": {"op": "gte", "value": 0.6, "bound": "lower", "minSamples": 100},
}

MOVES: list[tuple[Edit, str, str]] = [
    (lambda d: first(d)["objective"].update(value=0.8), "QUAL-1 threshold", "loosened"),
    (lambda d: first(d)["objective"].update(value=0.95), "QUAL-1 threshold", "tightened"),
    (lambda d: first(d)["objective"].update(op="gt"), "QUAL-1 threshold", "tightened"),
    (lambda d: first(d)["objective"].update(minSamples=50), "QUAL-1 minSamples", "loosened"),
    (lambda d: first(d)["objective"].update(minSamples=500), "QUAL-1 minSamples", "tightened"),
    (lambda d: first(d)["objective"].update(expected=0.99), "QUAL-1 expected", "changed"),
    (lambda d: first(d)["indicator"].update(metric="accuracy"), "QUAL-1 indicator", "changed"),
    (lambda d: first(d)["indicator"].update(dataset="dev"), "QUAL-1 indicator", "changed"),
    (lambda d: first(d)["indicator"].update(slices=["all"]), "QUAL-1 slices", "loosened"),
    (lambda d: first(d)["indicator"]["slices"].append("lang=fr"), "QUAL-1 slices", "tightened"),
    (lambda d: first(d).update(statement="Other."), "QUAL-1 statement", "changed"),
    (lambda d: first(d).update(owner="risk"), "QUAL-1 owner", "changed"),
    (lambda d: first(d).update(rationale="So."), "QUAL-1 rationale", "changed"),
    (lambda d: first(d, 2)["objective"].update(op="lt"), "PERF-1 threshold", "tightened"),
    (
        lambda d: first(d, 2)["objective"].update(op="lt", value=2600),
        "PERF-1 threshold",
        "loosened",
    ),
    (lambda d: first(d, 7)["objective"].update(op="gte"), "VAL-1 threshold", "loosened"),
    (lambda d: first(d, 7)["objective"].update(op="gte", value=1), "VAL-1 threshold", "tightened"),
    (lambda d: first(d, 2)["indicator"].update(load="idle"), "PERF-1 indicator", "changed"),
    (lambda d: first(d, 2)["indicator"].pop("load"), "PERF-1 indicator", "changed"),
    (lambda d: first(d, 4).update(type="pii_leak"), "SEC-1 type", "changed"),
    (lambda d: first(d, 2)["objective"].update(value=2000), "PERF-1 threshold", "tightened"),
    (lambda d: first(d, 2)["objective"].update(value=3000), "PERF-1 threshold", "loosened"),
    (lambda d: d.update(maxLooks=5), "maxLooks", "loosened"),
    # Fewer looks ask for less confidence in each: after a look that is no stricter contract.
    (lambda d: d.update(maxLooks=2), "maxLooks", "changed"),
    (lambda d: d.update(confidence=0.9), "confidence", "loosened"),
    (lambda d: d.update(confidence=0.99), "confidence", "tightened"),
    (lambda d: d.update(interval="exact"), "interval", "tightened"),
    (lambda d: d.update(decisionDate="2100-01-01"), "decisionDate", "loosened"),
    (lambda d: d.update(decisionDate="2099-12-17"), "decisionDate", "tightened"),
    (lambda d: d.update(decisionDate=None), "decisionDate", "changed"),
    (lambda d: d.update(decision="Other."), "decision", "changed"),
    (lambda d: d.update(severities={"severe": 40}), "severities.severe", "changed"),
    (lambda d: d["plannedCases"].update(decision=500), "plannedCases.decision", "changed"),
    (lambda d: d.update(hypothesis="Other."), "hypothesis", "changed"),
    (
        lambda d: d.update(admissibility={"maxAgeDays": 60}),
        "admissibility.maxAgeDays",
        "loosened",
    ),
    (
        lambda d: d.update(admissibility={"environments": ["production"]}),
        "admissibility.environments",
        "tightened",
    ),
    *(
        (
            lambda d, key=key, value=value: d.update(admissibility={"decisionSet": {key: value}}),
            f"admissibility.decisionSet.{key}",
            kind,
        )
        for key, value, kind in (
            ("edgeShare", [0.0, 0.3], "loosened"),
            ("edgeShare", [0.15, 0.4], "loosened"),
            ("edgeShare", [0.2, 0.4], "loosened"),
            ("edgeShare", [0.1, 0.2], "loosened"),
            ("edgeShare", [0.2, 0.3], "tightened"),
            ("edgeShare", [0.15, 0.25], "tightened"),
            ("minProductionShare", 0.5, "loosened"),
            ("minProductionShare", 0.9, "tightened"),
            ("minLabelAgreement", 0.5, "loosened"),
            ("minLabelAgreement", 0.9, "tightened"),
        )
    ),
    (lambda d: d.update(admissibility={"maxAgeDays": 7}), "admissibility.maxAgeDays", "tightened"),
    (
        lambda d: d["volume"].update(requestsPerMonth=9),
        "volume.requestsPerMonth",
        "changed",
    ),
    (lambda d: d["criteria"].append(dict(EXTRA)), "QUAL-2 added", "added"),
]


@pytest.mark.parametrize(("edit", "what", "kind"), MOVES)
def test_one_edit_is_one_move_with_its_direction(edit: Edit, what: str, kind: str) -> None:
    found = changes(contract(), contract(edit))
    assert [(one.what, one.kind) for one in found] == [(what, kind)]
    assert found[0].before != found[0].after
    assert found[0].criterion == (what.split()[0] if "-" in what else None)
    back = {"tightened": "loosened", "loosened": "tightened", "added": "removed"}
    (other,) = changes(contract(edit), contract())
    if what != "maxLooks" and "edgeShare" not in what:
        assert other.kind == back.get(kind, kind)
    assert (other.before, other.after) == (found[0].after, found[0].before)


def test_a_move_says_from_where_to_where() -> None:
    def edit(data: dict[str, Any]) -> None:
        first(data)["objective"].update(value=0.855, minSamples=50)
        first(data)["indicator"]["slices"].append("lang=fr")
        first(data, 2)["indicator"].update(load="idle")
        data["admissibility"] = {"environments": ["production"]}

    found = {one.what: (one.before, one.after) for one in changes(contract(), contract(edit))}
    assert found == {
        "QUAL-1 slices": ("all, lang=de", "all, lang=de, lang=fr"),
        "QUAL-1 threshold": ("at least 90 %", "at least 85.5 %"),
        "QUAL-1 minSamples": ("100", "50"),
        "PERF-1 indicator": (
            "metric latency_p95_ms, load twice the peak",
            "metric latency_p95_ms, load idle",
        ),
        "admissibility.environments": ("production, staging", "production"),
    }


def test_a_removed_must_loosens_and_a_demoted_one_too() -> None:
    def with_two(data: dict[str, Any]) -> None:
        data["criteria"].append(dict(EXTRA, priority="must"))

    def demoted(data: dict[str, Any]) -> None:
        data["criteria"].append(dict(EXTRA))

    old = contract(with_two)
    assert [(c.what, c.kind) for c in changes(old, contract())] == [("QUAL-2 removed", "loosened")]
    assert [(c.what, c.kind) for c in changes(old, contract(demoted))] == [
        ("QUAL-2 priority", "loosened")
    ]
    assert [(c.what, c.kind) for c in changes(contract(demoted), contract())] == [
        ("QUAL-2 removed", "removed")
    ]


def test_comments_order_and_spelling_move_nothing() -> None:
    def reordered(data: dict[str, Any]) -> None:
        data["criteria"][0] = dict(reversed(list(first(data).items())))
        first(data)["objective"]["value"] = "0.90"
        first(data)["indicator"]["slices"].reverse()
        data["criteria"].reverse()
        data["admissibility"] = {"environments": ["production", "staging"]}
        data["interval"] = "wilson"

    assert changes(contract(), contract(reordered)) == []


def leaves(data: object, key: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], object]]:
    if isinstance(data, dict | list):
        for name, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*key, name))
    else:
        yield key, data


def test_no_value_of_a_contract_can_change_unseen() -> None:
    old = contract()
    tried, every = set(), set()
    for key, value in leaves(plain(old)):
        name = [part for part in key if isinstance(part, str)][-1]
        every.add(name)
        for other in (
            "x",
            0.5,
            2,
            5000,
            "risk",
            "should",
            "gt",
            "exact",
            "2100-01-01",
            "AB-1",
            0.9,
        ):
            data = plain(old)
            node: Any = data
            for part in key[:-1]:
                node = node[part]
            node[key[-1]] = other
            try:
                new = Contract.model_validate(data)
            except ValueError:
                continue
            if other != value:
                assert changes(old, new), (key, other)
                tried.add(name)
    # These have one value, or the one that the rest of the contract demands.
    assert every - tried == {"version", "bound", "type", "environments", "priority"}
