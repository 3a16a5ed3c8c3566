"""Counts over time in as few rows as a page has room for."""

from collections import Counter
from collections.abc import Mapping

PERIODS = 14


def periods(months: Mapping[str, int]) -> dict[str, int]:
    """Counts by month (2025-03), or by quarter or year, with those in between that have none."""
    first, last = (_number(one) for one in (min(months), max(months)))
    for size, name in ((1, _month), (3, _quarter), (12, _year)):
        if (last // size) - (first // size) < PERIODS or size == 12:
            counts: Counter[str] = Counter()
            for month, n in months.items():
                counts[name(_number(month))] += n
            every = dict.fromkeys(name(one) for one in range(first, last + 1))
            kept = {one: counts[one] for one in every}
            return dict(list(kept.items())[-PERIODS:])
    return {}


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"


def _quarter(number: int) -> str:
    return f"{number // 12} Q{number % 12 // 3 + 1}"


def _year(number: int) -> str:
    return str(number // 12)
