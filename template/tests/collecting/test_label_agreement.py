"""Kappa and its bound: published figures, figures by hand, and what must always hold."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poc.labels.agreement import Pair, agreement, variance


def pairs(table: Sequence[Sequence[int]], families: int = 0) -> list[Pair]:
    """One pair for each count of a table; each its own family unless told how many there are."""
    found = [
        (str(i), str(j))
        for i, row in enumerate(table)
        for j, count in enumerate(row)
        for _ in range(count)
    ]
    return [
        Pair(str(n % families if families else n), one, other)
        for n, (one, other) in enumerate(found)
    ]


# Fleiss, Cohen and Everitt (1969): 200 cases by two raters in three classes.
PUBLISHED = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]


def test_the_published_example_comes_out() -> None:
    found = agreement(pairs(PUBLISHED))
    assert found.observed == pytest.approx(0.70)
    assert found.kappa == pytest.approx(0.429, abs=5e-4)
    assert variance(pairs(PUBLISHED)) == pytest.approx(0.002885, abs=5e-7)


def fleiss(table: Sequence[Sequence[int]]) -> float:
    """Their formula as printed, over the cells of the table."""
    size, n = range(len(table)), sum(map(sum, table))
    p = [[count / n for count in row] for row in table]
    row, column = [sum(one) for one in p], [sum(one[j] for one in p) for j in size]
    po, pe = sum(p[i][i] for i in size), sum(row[i] * column[i] for i in size)
    same = sum(p[i][i] * ((1 - pe) - (column[i] + row[i]) * (1 - po)) ** 2 for i in size)
    others = sum(p[i][j] * (column[i] + row[j]) ** 2 for i in size for j in size if i != j)
    last = (po * pe - 2 * pe + po) ** 2
    return (same + (1 - po) ** 2 * others - last) / (n * (1 - pe) ** 4)


TABLES = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=3, max_size=3)


@given(TABLES)
def test_the_variance_is_that_of_the_formula_when_every_case_stands_alone(
    table: list[list[int]],
) -> None:
    if len({one.first for one in pairs(table)} | {one.second for one in pairs(table)}) > 1:
        assert variance(pairs(table)) == pytest.approx(fleiss(table), abs=1e-12)


@given(TABLES, st.integers(1, 20))
def test_the_bound_is_below_kappa_and_swapping_people_changes_nothing(
    table: list[list[int]], families: int
) -> None:
    one = pairs(table, families)
    if not one:
        return
    found = agreement(one)
    swapped = agreement([Pair(p.family, p.second, p.first) for p in one])
    assert found.observed == pytest.approx(sum(p.equal for p in one) / len(one))
    if found.kappa is None or found.lower is None:
        assert found.observed == 1
        return
    assert -1 <= found.lower <= found.kappa <= 1
    assert swapped.kappa == pytest.approx(found.kappa)
    assert swapped.lower == pytest.approx(found.lower)


def test_by_hand() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: (0.7 - 0.5) / (1 - 0.5)
    found = agreement(pairs([[20, 5], [10, 15]]))
    assert (found.n, found.observed) == (50, 0.7)
    assert found.kappa == pytest.approx(0.4)


def test_chance_alone_is_zero_and_always_differing_is_below() -> None:
    assert agreement(pairs([[25, 25], [25, 25]])).kappa == pytest.approx(0)
    assert agreement(pairs([[0, 5], [5, 0]])).kappa == pytest.approx(-1)


def test_one_class_only_says_nothing() -> None:
    found = agreement(pairs([[30, 0], [0, 0]]))
    assert (found.observed, found.kappa, found.lower) == (1, None, None)


def test_even_a_perfect_result_is_no_certainty() -> None:
    few, many = agreement(pairs([[5, 0], [0, 5]])), agreement(pairs([[500, 0], [0, 500]]))
    assert few.kappa == many.kappa == 1
    assert few.lower is not None
    assert many.lower is not None
    assert few.lower < 0.7 < 0.98 < many.lower < 1


def test_cases_of_one_family_count_as_less() -> None:
    alike = [Pair(str(n // 10), *p) for n, p in enumerate([("a", "a")] * 50 + [("b", "a")] * 50)]
    alike += [Pair(f"b{n // 10}", "b", "b") for n in range(50)]
    alone = [Pair(str(n), one.first, one.second) for n, one in enumerate(alike)]
    assert agreement(alike).kappa == agreement(alone).kappa
    assert math.isclose(variance(alike), 10 * variance(alone))
