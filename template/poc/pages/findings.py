"""The criteria as rows of a table, worst first."""

from typing import Any

from poc.engine.contract import MONEY
from poc.engine.findings import Finding, State, Verdict
from poc.pages.words import STATES, count


def counts(verdict: Verdict) -> str:
    """Such as "14 of 15 must criteria met, 1 failed"."""
    musts = [one for one in verdict.findings if one.priority == "must"]
    by_state = {state: sum(one.state == state for one in musts) for state in STATES}
    parts = [f"{by_state['met']} of {len(musts)} must criteria met"]
    parts += [
        f"{by_state[state]} {word}"
        for state, (_, word) in STATES.items()
        if state != "met" and by_state[state]
    ]
    return ", ".join(parts)


def rows(verdict: Verdict, currency: str) -> tuple[list[dict[str, Any]], list[str]]:
    """One row a criterion: failed, inconclusive, not measured, met. Then the evidence files.

    Each row's `file` is the number of its evidence among the files, from 1; 0 when it has none.
    """
    order: list[State] = list(STATES)
    ordered = sorted(
        verdict.findings, key=lambda one: (order.index(one.state), one.priority == "should")
    )
    files = list(dict.fromkeys(one.evidence for one in ordered if one.evidence))
    return [_row(one, files, currency, _said(one, verdict.reasons)) for one in ordered], files


def _said(one: Finding, reasons: list[str]) -> bool:
    """True when a reason, such as "QUAL-1, HUM-1: nothing has measured it yet.", tells this one."""
    ids = [
        text.removesuffix(one.reason).split(":")[0] for text in reasons if text.endswith(one.reason)
    ]
    return bool(one.reason) and any(one.id in names.split(", ") for names in ids)


def _row(one: Finding, files: list[str], currency: str, said: bool) -> dict[str, Any]:
    """`said` is true when the page gives the reason already, above the table."""
    sign, word = STATES[one.state]
    unit = f" {currency}" if one.type in MONEY else ""
    cases = "" if one.n is None else f" of {one.n:,}"
    more = count(one.cases_missing, "more case") if one.cases_missing else ""
    return {
        "sign": sign,
        "word": word,
        "state": one.state,
        "id": one.id,
        "statement": one.statement,
        "should": one.priority == "should",
        "slice": "" if one.slice == "all" else one.slice,
        "agreed": one.agreed + unit,
        "measured": _measured(one, f"{unit}{cases}", said),
        "bound": one.bound + unit if one.bound else "",
        "weekly": _weekly(one.per_week),
        "reason": "" if one.state == "met" or said else one.reason,
        "more": more,
        "file": files.index(one.evidence) + 1 if one.evidence else 0,
    }


def _measured(one: Finding, after: str, said: bool) -> str:
    """The figure; empty where the table has to give the reason in its place."""
    if one.measured:
        return one.measured + after
    return "nothing yet" if said else ""


def _weekly(failures: float | None) -> str:
    if failures is None:
        return ""
    return f"about {failures:,.0f}" if failures >= 1 else "less than 1"
