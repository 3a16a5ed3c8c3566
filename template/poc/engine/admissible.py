"""Which evidence counts. What does not is named with its reason, never dropped in silence."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from poc.engine import digest
from poc.engine.contract import Contract, Criterion
from poc.engine.evidence import Dataset, Predicate, Record
from poc.engine.judge import Sight, worst
from poc.engine.ledger import Ledger
from poc.engine.situation import Situation

# The sealed set; scoring it is a look.
DECISION = "decision"
# What turns an answer into a score.
SCORING = (
    "scorers.py",
    "runner.py",
    "service.py",
    "measures.py",
    "evidence.py",
    "statistics.py",
)


class Deployed(NamedTuple):
    """What would go live. An empty `model` means the project names none."""

    behaviour: str
    scorer: str
    provider: str
    model: str


def deployed(root: Path) -> Deployed:
    """Read it from the project: its code, and the provider that `project.toml` names."""
    try:
        model = tomllib.loads((root / "project.toml").read_text("utf-8"))["model"]
    except (OSError, ValueError, KeyError):
        model = {}
    model = model if isinstance(model, dict) else {}
    return Deployed(
        behaviour=digest.behaviour(root),
        scorer=scorer(root),
        provider=str(model.get("provider", "offline")),
        model=str(model.get("name", "")),
    )


def scorer(root: Path) -> str:
    """SHA-256 of what turns an answer into a score."""
    found = [path for name in SCORING if (path := root / "evals" / name).is_file()]
    return digest.files(root, found)


class Court:
    """Decides for one contract which records count, and finds the measurement of a criterion."""

    def __init__(
        self,
        contract: Contract,
        ledger: Ledger,
        records: list[Record],
        what: Deployed,
        where: Situation,
    ) -> None:
        self._contract, self._ledger, self._what, self._where = contract, ledger, what, where
        self.refused: list[tuple[Record, str]] = []
        self.admitted: list[tuple[str, Predicate]] = []
        for one in records:
            reason = one.damage or self.objection(one)
            if reason:
                self.refused.append((one, reason))
            elif one.predicate is not None:
                self.admitted.append((one.path, one.predicate))

    def sights(self, one: Criterion) -> tuple[dict[str, Sight], str]:
        """The measurement of each slice, and why there is none where one is missing.

        Of several measurements of the same thing the worst counts, so that none can be chosen.
        """
        wanted = one.indicator.conditions()
        found: dict[str, list[Sight]] = {}
        why_not = ""
        for path, record in self.admitted:
            for seen in record.measurements:
                if seen.indicator.get("metric") != one.indicator.metric:
                    continue
                if seen.indicator != wanted:
                    why_not = why_not or _other(seen.indicator, wanted)
                else:
                    found.setdefault(seen.slice, []).append(Sight(seen, path))
        chosen = {name: worst(self._contract, one, every) for name, every in found.items()}
        if found and not why_not:
            why_not = f"only {', '.join(found)} of it was measured."
        return chosen, why_not or self._silence(one)

    def _silence(self, one: Criterion) -> str:
        for record, reason in self.refused:
            measured = [] if record.predicate is None else record.predicate.measurements
            if any(seen.indicator == one.indicator.conditions() for seen in measured):
                return f"{record.path} does not count: {reason}."
        if one.indicator.dataset is not None:
            return f"no run has scored the cases of {one.indicator.dataset} yet."
        return "nothing has measured it yet."

    def objection(self, record: Record) -> str:
        """Why a record does not count; empty when it does."""
        made = record.predicate
        if made is None:
            return "cannot be read"
        return (
            self._in_time(made)
            or self._of_this(made)
            or self._made_there(record.commit, made)
            or _of_other_cases(made)
            or self._of_the_set(made)
        )

    def _in_time(self, made: Predicate) -> str:
        now = self._where.now
        if made.finished_on > now + timedelta(minutes=5) or made.finished_on < made.started_on:
            return f"its clock is wrong: it says {made.finished_on:%Y-%m-%d %H:%M}"
        limit = self._contract.admissibility.max_age_days
        age = (now - made.finished_on).days
        return f"it is {age} days old, {limit} are allowed" if age > limit else ""

    def _of_this(self, made: Predicate) -> str:
        what = self._what
        if not made.complete:
            return "its run was not complete"
        if made.behaviour != what.behaviour:
            return "it measured another state of app/ than the one here"
        if made.scorer and made.scorer != what.scorer:
            return "it was scored by other scorers than the ones here"
        if made.provider and made.provider != what.provider:
            return f"it measured {made.provider}, and {what.provider} would be deployed"
        if made.provider and what.model and made.model != what.model:
            told = f"the model {made.model}" if made.model else "a model it does not name"
            return f"it measured {told}, and {what.model} would be deployed"
        return ""

    def _made_there(self, commit: str, made: Predicate) -> str:
        place = made.environment
        if place.name not in self._contract.admissibility.environments:
            return f"it was made in the environment {place.name}"
        if place.local_issuer or place.local_store:
            which = "sign-in" if place.local_issuer else "data store"
            return f"it calls itself {place.name} but used the local {which}"
        if not made.run:
            return "no CI run made it"
        if self._where.run and made.run != self._where.run:
            return f"the CI run {made.run} made it, and this is {self._where.run}"
        if made.dirty:
            return "files were changed and not committed when it was made"
        return "" if commit else "it names no commit"

    def _of_the_set(self, made: Predicate) -> str:
        cases = made.dataset
        if cases is None or cases.name != DECISION:
            return ""
        if not made.scorer or not made.provider:
            return f"it does not say which {'provider' if made.scorer else 'scorers'} it is about"
        rule = self._contract.admissibility.decision_set
        low, high = rule.edge_share
        if cases.production_share < rule.min_production_share:
            return (
                f"{cases.production_share:.0%} of its cases are from production,"
                f" {rule.min_production_share:.0%} are agreed"
            )
        natural = cases.natural_edge_share
        natural = cases.edge_share if natural is None else natural
        if not (low <= cases.edge_share and natural <= high):
            seen = cases.edge_share if cases.edge_share < low else natural
            return f"{seen:.0%} of its cases are edge cases, {low:.0%} to {high:.0%} are agreed"
        if cases.agreement is None or cases.agreement < rule.min_label_agreement:
            told = "was not measured" if cases.agreement is None else f"is {cases.agreement:.2f}"
            return (
                f"the agreement of its labellers {told}, {rule.min_label_agreement:.2f} is agreed"
            )
        return self._look(made, cases)

    def _look(self, made: Predicate, cases: Dataset) -> str:
        looks = self._ledger.of("look")
        if cases.look is None or not 1 <= cases.look <= len(looks):
            return "the ledger knows no such look at the decision set"
        if cases.look > self._contract.max_looks:
            return f"it is look {cases.look}, and {self._contract.max_looks} are agreed"
        if cases.look < len(looks):
            return f"it is look {cases.look}, and look {len(looks)} was taken since"
        look = looks[-1]
        if look.body.get("dataset") != cases.digest:
            return "it scored other cases than the look in the ledger"
        if look.body.get("behaviour") != made.behaviour:
            return f"app/ was changed after look {cases.look} was taken; that takes another look"
        if look.body.get("scorer") != made.scorer:
            return f"the scorers were changed after look {cases.look} was taken"
        if look.run and look.run != made.run:
            return f"the CI run {look.run} took look {cases.look}, and {made.run} made it"
        return ""


def _of_other_cases(made: Predicate) -> str:
    """What was measured on a set has to say what that set is, or its rules would not hold."""
    described = made.dataset.name if made.dataset else ""
    for one in made.measurements:
        name = one.indicator.get("dataset") or described
        if name != described:
            return f"it measured the cases {name} and does not describe them"
    return ""


def _other(seen: dict[str, object], wanted: dict[str, object]) -> str:
    for key in sorted(seen.keys() | wanted.keys()):
        if seen.get(key) != wanted.get(key):
            return (
                f"it was measured with {key} {seen.get(key, 'not given')}, the contract says"
                f" {wanted.get(key, 'nothing')}."
            )
    return ""
