"""Whether users may use it, which the word alone does not allow; who signed; what is in the way."""

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from poc.checklist.scorecard import cleared
from poc.engine.findings import Verdict
from poc.pages.report import Report
from poc.pages.words import SIGNED, TITLES, area, count, listed, percent

if TYPE_CHECKING:
    from poc.checklist.proof import Outcome
    from poc.checklist.scorecard import Scorecard
    from poc.engine.charter import Charter

_OUTCOMES: dict["Outcome", str] = {
    "fail": "failed",
    "stale": "stale",
    "waived": "waived",
    "unknown": "unknown",
    "not_applicable": "not applicable",
}
_NEXT = {"none": "poc", "poc": "pilot", "pilot": "production", "production": ""}


def view(report: Report) -> dict[str, Any]:
    """Everything about readiness, apart from the word."""
    card = report.scorecard
    ok, reason = _users(report.verdict, card)
    return {
        "cleared": ok,
        "reason": reason,
        "level": level(card),
        "weakest": f"{area(card.weakest_area)} {percent(card.weakest_score)}",
        "score": percent(card.score),
        "outcomes": outcomes(card),
        "missing": missing(card),
    }


def level(card: "Scorecard") -> str:
    """The level, with a star and the word for it where a waiver carries it."""
    return f"{card.level}* (carried by a waiver)" if card.starred else card.level


def outcomes(card: "Scorecard") -> str:
    """Such as "11 of 30 items passed, 2 waived, 9 not in this release"."""
    here = Counter(one.outcome for one in card.items if one.in_release)
    later = sum(not one.in_release for one in card.items)
    parts = [f"{here['pass']} of {len(card.items)} items passed"]
    parts += [f"{here[key]} {word}" for key, word in _OUTCOMES.items() if here[key]]
    return ", ".join([*parts, f"{later} not in this release"] if later else parts)


def missing(card: "Scorecard") -> str:
    """What keeps it from the next level; an item this release cannot prove is named as such."""
    target = _NEXT[card.level]
    if not target or not card.next_level_missing:
        return ""
    named = {one.id for one in card.items if not one.in_release}
    here = [name for name in dict.fromkeys(card.next_level_missing) if name not in named]
    later = [name for name in dict.fromkeys(card.next_level_missing) if name in named]
    parts = [listed(here)] if here else []
    if later:
        parts.append(f"{listed(later)}, which this release cannot prove yet")
    return f"Level {target} misses {'; and '.join(parts)}."


def signatures(verdict: Verdict) -> list[dict[str, str]]:
    """Who signed, by what the signature is worth; empty before there is something to sign."""
    by_state: dict[str, list[str]] = {}
    for one in verdict.signatures if verdict.locked_on else []:
        on = f", {one.on}" if one.on else ""
        by_state.setdefault(SIGNED[one.state], []).append(
            f"{TITLES[one.role]} {one.person or 'not named'}{on}"
        )
    return [{"state": state, "people": "; ".join(people)} for state, people in by_state.items()]


def blockers(charter: "Charter", today: date) -> str:
    """How many blockers are open, and how many of them overdue."""
    still = [one for one in charter.blockers if one.status == "open"]
    late = sum(one.due is not None and one.due < today for one in still)
    return (
        f"{count(len(still), 'open blocker')}, {late or 'none'} overdue."
        if still
        else "No open blockers."
    )


def _users(verdict: Verdict, card: "Scorecard") -> tuple[bool, str]:
    if cleared(verdict.word, card.level):
        return True, f"level {level(card)}" + (", people review" if card.level == "pilot" else "")
    if card.level in ("pilot", "production"):
        return False, f"level {card.level}, but the verdict is {verdict.word}"
    return False, f"level {card.level}; needs pilot"
