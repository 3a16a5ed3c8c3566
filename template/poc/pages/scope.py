"""The charter as the pages show it: scope, data and what could stop it."""

from collections.abc import Sequence
from typing import Any

from poc.engine.charter import Charter, DataClass, Destination
from poc.pages.words import count, day, short


def scope(charter: Charter) -> dict[str, Any]:
    """What it is, for whom, what it will not do, and when it should be live."""
    return {
        "component": charter.component,
        "users": charter.users,
        "excluded": charter.out_of_scope,
        "target": day(charter.production.target),
    }


def data(charter: Charter) -> dict[str, Any]:
    """Destinations by class of data: allowed, redacted or never."""
    policy = charter.data_policy
    classes: Sequence[DataClass] = list(policy.classes)
    heads = []
    for name in classes:
        kept = policy.classes[name].retention_days
        days = "" if kept is None else f", kept {count(kept, 'day')}"
        heads.append(f"{name}{days}")
    rows = [
        (f"{name}{_conditions(place)}", [_handling(place, one) for one in classes])
        for name, place in policy.destinations.items()
    ]
    return {"heads": heads, "rows": rows}


def _handling(place: Destination, name: DataClass) -> str:
    if name in place.allow:
        return "allowed"
    return "redacted" if name in place.redact else "never"


def _conditions(place: Destination) -> str:
    kept = place.retention_days
    said = [
        f"in {place.region}" if place.region else "",
        "may be used for training" if place.training else "",
        "" if kept is None else f"kept {count(kept, 'day')}",
        place.agreement,
    ]
    return "".join(f", {one}" for one in said if one)


def blockers(charter: Charter) -> list[dict[str, str]]:
    """What could keep it from going live: the open ones first, by day."""
    return [
        {"what": one.what, "owner": short(one.owner), "due": day(one.due), "status": one.status}
        for one in sorted(charter.blockers, key=lambda one: (one.status == "closed", str(one.due)))
    ]
