"""DATA-2: what makes a decision set stand for production, and each thing that takes it away."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from poc.sets.manifest import Manifest, Stratum, load, save
from tests.governance.console import Console
from tests.governance.sample import change, today
from tests.sets.mails import label

Change = Callable[[Manifest], Manifest]


@pytest.fixture
def vouched(root: Path, poc: Console, inbox: Path) -> tuple[Path, Console]:
    """A set drawn, labelled and sealed, and the data owner's word on it."""
    poc.type(
        f"poc sample {inbox} --set development --origin production --class internal --cases 30"
    )
    poc.type(f"poc sample {inbox} --set decision --origin production --class internal --cases 60")
    label(root, "decision")
    poc.type("poc seal")
    vouch(root)
    return root, poc


def vouch(root: Path) -> None:
    """Somebody owns the data, and gives their word on the set as it is."""
    day, until = today().isoformat(), (today() + timedelta(days=90)).isoformat()
    owner = {"person": "Dora Lim", "handle": "@dora-lim", "accepted": day}
    change(root, "owners", {"roles.data": owner})
    content = (root / "governance" / "sets" / "decision.json").read_bytes()
    entry = {
        "item": "DATA-2",
        "role": "data",
        "person": "Dora Lim",
        "given": day,
        "expires": until,
        "about": {"governance/sets/decision.json": hashlib.sha256(content).hexdigest()},
    }
    change(root, "attestations", {"attestations": [entry]})


def item(poc: Console) -> tuple[str, str]:
    data: dict[str, Any] = poc.json("poc score")
    found = next(one for one in data["items"] if one["id"] == "DATA-2")
    return found["outcome"], found["detail"]


def test_a_real_sealed_set_that_somebody_vouches_for_passes(vouched: tuple[Path, Console]) -> None:
    outcome, detail = item(vouched[1])
    assert (outcome, "vouched for it" in detail) == ("pass", True)


SABOTAGE: dict[str, tuple[Change, str]] = {
    "made up": (
        lambda one: one.model_copy(update={"origin": "synthetic"}),
        "Its cases are synthetic, not from production",
    ),
    "chosen": (
        lambda one: one.model_copy(update={"origin": "curated"}),
        "Its cases are curated",
    ),
    "one day": (
        lambda one: one.model_copy(
            update={
                "window": one.window.model_copy(
                    update={"first": date(2026, 3, 2), "last": date(2026, 3, 2)}
                )
            }
        ),
        "Its cases are of 1 days; a week is the least",
    ),
    "no day": (
        lambda one: one.model_copy(
            update={"window": one.window.model_copy(update={"first": None, "last": None})}
        ),
        "carry no dates",
    ),
    "not kept apart": (
        lambda one: one.model_copy(update={"apart": {}}),
        "not kept apart from the development set",
    ),
    "labellers differ": (
        lambda one: relabelled(one, kappa=0.5),
        "agreement of its labellers is 0.50, 0.80 is agreed",
    ),
    "hard ones left out": (
        lambda one: relabelled(one, cases=one.cases - 5),
        "5 of its 60 cases were left out",
    ),
    "one laptop": (
        lambda one: one.model_copy(
            update={"labels": one.labels and one.labels.model_copy(update={"local_sign_in": True})}
        ),
        "behind a laptop's stand-in sign-in",
    ),
    "no edge cases": (
        lambda one: one.model_copy(update={"edges": {}, "natural_edges": 0}),
        "0% of its cases are edge cases, 15% at least are agreed",
    ),
    "nothing but edge cases": (
        lambda one: one.model_copy(update={"edges": {"odd": 40}, "natural_edges": 40}),
        "67% of the cases that chance drew are edge cases, 30% at most are agreed",
    ),
    "nobody labelled it": (
        lambda one: one.model_copy(update={"labels": None}),
        "Nobody has labelled it yet",
    ),
    "open to all": (
        lambda one: one.model_copy(update={"seal": None}),
        "It is not sealed",
    ),
    "changed since": (
        lambda one: one.model_copy(
            update={"strata": [*one.strata, Stratum(name="x", population=0, drawn=0)]}
        ),
        "changed",
    ),
}


def relabelled(one: Manifest, kappa: float = 0.9, cases: int | None = None) -> Manifest:
    assert one.labels is not None
    agreement = [one.labels.agreement[0].model_copy(update={"kappa": kappa})]
    labels = one.labels.model_copy(
        update={"agreement": agreement, "cases": cases or one.labels.cases}
    )
    return one.model_copy(update={"labels": labels})


@pytest.mark.parametrize("name", SABOTAGE)
def test_each_fault_takes_it_away(vouched: tuple[Path, Console], name: str) -> None:
    root, poc = vouched
    spoil, told = SABOTAGE[name]
    save(root, spoil(load(root, "decision")))
    outcome, detail = item(poc)
    assert outcome != "pass"
    assert told in detail


def test_without_a_set_nothing_is_known(poc: Console) -> None:
    outcome, detail = item(poc)
    assert (outcome, "poc sample" in detail) == ("unknown", True)
