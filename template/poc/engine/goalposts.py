"""What an amendment moves: tightened, loosened, changed, removed or added, key by key."""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from poc.engine.contract import SHARES, Contract, Criterion
from poc.engine.digest import plain

Kind = Literal["tightened", "loosened", "changed", "removed", "added"]

# Rules of the whole contract whose direction is known: True when more is stricter.
_RULES: dict[str, bool] = {
    "confidence": True,
    "admissibility.maxAgeDays": False,
    "admissibility.decisionSet.minProductionShare": True,
    "admissibility.decisionSet.minLabelAgreement": True,
}


class Change(NamedTuple):
    """One move. `criterion` is None for a rule of the whole contract."""

    criterion: str | None
    what: str
    kind: Kind
    before: str
    after: str


def changes(old: Contract, new: Contract) -> list[Change]:
    """Every difference between two contracts, criteria first. Nothing is too small to show."""
    found: list[Change] = []
    before = {one.id: one for one in old.criteria}
    after = {one.id: one for one in new.criteria}
    for name in [*before, *(one for one in after if one not in before)]:
        if name not in after:
            kind: Kind = "loosened" if before[name].priority == "must" else "removed"
            found.append(Change(name, f"{name} removed", kind, agreed(before[name]), ""))
        elif name not in before:
            found.append(Change(name, f"{name} added", "added", "", agreed(after[name])))
        else:
            found += _of_criterion(before[name], after[name])
    return found + list(_of_rules(old, new))


def _of_criterion(old: Criterion, new: Criterion) -> Iterator[Change]:
    name = old.id
    if old.type != new.type:
        yield Change(name, f"{name} type", "changed", old.type, new.type)
    if old.indicator.conditions() != new.indicator.conditions():
        yield Change(name, f"{name} indicator", "changed", _said(old), _said(new))
    if old.priority != new.priority:
        kind: Kind = "loosened" if new.priority == "should" else "tightened"
        yield Change(name, f"{name} priority", kind, old.priority, new.priority)
    gone = set(old.indicator.slices) - set(new.indicator.slices)
    more = set(new.indicator.slices) - set(old.indicator.slices)
    if gone or more:
        was, now = (", ".join(one.indicator.slices) for one in (old, new))
        yield Change(name, f"{name} slices", "loosened" if gone else "tightened", was, now)
    yield from _of_objective(old, new)
    for key in ("statement", "owner", "rationale"):
        if getattr(old, key) != getattr(new, key):
            yield Change(name, f"{name} {key}", "changed", getattr(old, key), getattr(new, key))


def _of_objective(old: Criterion, new: Criterion) -> Iterator[Change]:
    was, now, name = old.objective, new.objective, old.id
    if (was.op, was.value) != (now.op, now.value):
        if was.op[0] != now.op[0]:
            kind: Kind = "changed"
        elif was.value != now.value:
            kind = "tightened" if (now.value > was.value) == was.op.startswith("g") else "loosened"
        else:
            kind = "tightened" if len(now.op) < len(was.op) else "loosened"
        yield Change(name, f"{name} threshold", kind, agreed(old), agreed(new))
    if was.min_samples != now.min_samples:
        fewer = (now.min_samples or 0) < (was.min_samples or 0)
        yield Change(
            name,
            f"{name} minSamples",
            "loosened" if fewer else "tightened",
            str(was.min_samples),
            str(now.min_samples),
        )
    if was.expected != now.expected:
        yield Change(name, f"{name} expected", "changed", str(was.expected), str(now.expected))


def _of_rules(old: Contract, new: Contract) -> Iterator[Change]:
    before, after = _flat(plain(old)), _flat(plain(new))
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        kind: Kind = "changed"
        if key in _RULES and isinstance(was, int | float) and isinstance(now, int | float):
            kind = "tightened" if (now > was) == _RULES[key] else "loosened"
        elif key == "maxLooks":  # fewer looks ask for less confidence in each, so not stricter
            kind = "loosened" if new.max_looks > old.max_looks else "changed"
        elif key == "admissibility.environments":
            kind = "loosened" if set(now or ()) - set(was or ()) else "tightened"
        elif key == "decisionDate" and was and now:
            kind = "loosened" if str(now) > str(was) else "tightened"
        elif key == "interval":
            kind = "tightened" if now == "exact" else "loosened"
        elif key == "admissibility.decisionSet.edgeShare" and was and now:
            kind = _of_band(was, now)
        yield Change(None, key, kind, _text(was), _text(now))


def _of_band(was: list[float], now: list[float]) -> Kind:
    return "tightened" if now[0] >= was[0] and now[1] <= was[1] else "loosened"


def _flat(data: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in data.items():
        if not above and key in ("criteria", "version"):
            continue
        if isinstance(value, dict):
            flat |= _flat(value, f"{above}{key}.")
        else:
            flat[above + key] = sorted(value) if key == "environments" else value
    return flat


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _said(one: Criterion) -> str:
    conditions = one.indicator.conditions()
    return ", ".join(f"{key} {_text(value)}" for key, value in conditions.items())


_SIGNS = {"gte": "at least", "gt": "more than", "lte": "at most", "lt": "less than"}


def agreed(one: Criterion) -> str:
    """The threshold in words, such as "at least 97 %"."""
    return f"{_SIGNS[one.objective.op]} {figure(one, one.objective.value)}"


def figure(one: Criterion, value: float) -> str:
    """A value of this criterion as people write it: a percentage, or a number with its unit.

    A value beside the threshold never reads as the threshold itself.
    """
    goal = one.objective.value
    digits = next((n for n in (2, 4, 6) if _figure(one, value, n) != _figure(one, goal, n)), 2)
    return _figure(one, value, digits)


def _figure(one: Criterion, value: float, digits: int) -> str:
    if one.type in SHARES:
        return f"{value * 100:.{digits}f}".rstrip("0").rstrip(".") + " %"
    unit = ""
    for ending, text in (("_ms", " ms"), ("_min", " min")):
        unit = text if one.indicator.metric.endswith(ending) else unit
    whole = abs(value) >= 100 and digits == 2
    text = f"{value:,.0f}" if whole else f"{value:,.{digits}f}".rstrip("0").rstrip(".")
    return (text if text != "-0" else "0") + unit
