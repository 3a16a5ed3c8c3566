"""Figures, states and names in plain words."""

import tomllib
from datetime import date
from pathlib import Path

from poc.engine.findings import Signed, State, Word
from poc.engine.owners import Owners, RoleName

MISSING = "missing"

# Sign and word, so that a state can be told without colour. The order is that of the pages.
STATES: dict[State, tuple[str, str]] = {
    "not_met": ("✗", "failed"),
    "inconclusive": ("?", "inconclusive"),
    "not_measured": ("○", "not measured"),
    "met": ("✓", "met"),
}
VERDICTS: dict[Word, str] = {
    "GO": "✓",
    "NO-GO": "✗",
    "INCONCLUSIVE": "?",
    "NOT YET MEASURED": "○",
}
SIGNED: dict[Signed, str] = {
    "verified": "signed, verified",
    "declared": "declared, not verified",
    "outdated": "outdated, another contract was signed",
    "missing": "not signed",
}
TITLES: dict[RoleName, str] = {
    "sponsor": "Sponsor",
    "production": "Production owner",
    "evaluation": "Evaluation owner",
    "risk": "Risk owner",
    "model": "Model owner",
    "data": "Data owner",
    "security": "Security owner",
    "privacy": "Privacy owner",
    "budget": "Budget owner",
    "review": "Review lead",
    "oncall": "On-call lead",
}

# What a checklist item's prefix stands for.
AREAS = {
    "AUTH": "sign-in and roles",
    "ERR": "faults and fallbacks",
    "MON": "monitoring",
    "INT": "integrations",
    "PERF": "speed under load",
    "COMP": "compliance",
    "OPS": "operations",
    "DATA": "data",
    "EVAL": "evaluation",
    "COST": "cost",
    "OWN": "ownership",
    "INFRA": "infrastructure",
    "SEC": "security",
    "CUSTOM": "the team's own items",
}


def short(role: RoleName) -> str:
    """The title for a narrow column: "Production" for the production owner."""
    return TITLES[role].removesuffix(" owner")


def project(root: Path) -> str:
    """The project's name from `project.toml`; the folder's where there is none."""
    try:
        named = tomllib.loads((root / "project.toml").read_text("utf-8"))["project"]["name"]
    except (OSError, ValueError, KeyError, TypeError):
        named = ""
    return named if isinstance(named, str) and named.strip() else root.name


def area(name: str) -> str:
    """Such as "compliance (COMP)"."""
    return f"{AREAS[name]} ({name})" if name in AREAS else name


def amount(value: float) -> str:
    """A figure with thousands separators, with cents only where they matter."""
    text = f"{value:,.2f}" if 0 < abs(value) < 10 else f"{value:,.0f}"
    return "0" if text == "-0" else text


def money(value: float, currency: str) -> str:
    """Such as "7,991 USD"."""
    return f"{amount(value)} {currency}"


def percent(value: float) -> str:
    """A figure of 0..100, such as "37.8 %"."""
    return f"{value:.1f}".removesuffix(".0") + " %"


def count(number: int, one: str, many: str = "") -> str:
    """Such as "1 case" and "3 cases"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: list[str], last: str = "and") -> str:
    """Such as "a, b and c"."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def day(value: date | None) -> str:
    """The date as YYYY-MM-DD, or "missing"."""
    return value.isoformat() if value else MISSING


def when(value: date, today: date) -> str:
    """How far a day is from today."""
    days = (value - today).days
    if days == 0:
        return "today"
    return f"in {count(days, 'day')}" if days > 0 else f"{count(-days, 'day')} ago"


def person(owners: Owners, role: RoleName) -> str:
    """The name in a role, or "missing" where nobody or a placeholder stands."""
    held = owners.role(role)
    return held.person if held.named else MISSING
