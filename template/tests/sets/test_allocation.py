"""Who gets how many cases."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from poc.sets.allocation import allocate, boosters, in_turn, shuffled

SIZES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 500), max_size=9)


@given(SIZES, st.integers(0, 2000))
def test_shares_add_up_and_follow_the_sizes(sizes: dict[str, int], wanted: int) -> None:
    given = allocate(sizes, wanted)
    total = sum(sizes.values())
    assert sum(given.values()) == min(wanted, total)
    for name, size in sizes.items():
        assert 0 <= given[name] <= size
        if wanted < total:
            assert abs(given[name] - size * wanted / total) < 1


def test_a_published_example_of_largest_remainders() -> None:
    """Hamilton's method: 100 seats over 47, 16, 15.8, 12, 6.1 and 3.1 thousand votes."""
    votes = {"a": 47000, "b": 16000, "c": 15800, "d": 12000, "e": 6100, "f": 3100}
    assert allocate(votes, 10) == {"a": 5, "b": 2, "c": 1, "d": 1, "e": 1, "f": 0}


def test_the_order_depends_on_the_seed_and_the_part_only() -> None:
    items = list(range(50))
    assert shuffled(items, 1, "de") == shuffled(items, 1, "de")
    assert shuffled(items, 1, "de") != shuffled(items, 2, "de")
    assert shuffled(items, 1, "de") != shuffled(items, 1, "en")
    assert sorted(shuffled(items, 1, "de")) == items


def test_boosters_bring_the_share_of_edge_cases_up_to_what_is_asked() -> None:
    added = boosters(0.2, 0.05, 400)
    assert abs((added + 0.05 * (400 - added)) / 400 - 0.2) < 0.005
    assert boosters(0.2, 0.2, 400) == 0
    assert boosters(0.2, 0.5, 400) == 0


def test_the_rarest_category_is_drawn_from_first() -> None:
    pools = {"common": [f"c{i}" for i in range(20)], "rare": [f"r{i}" for i in range(3)]}
    drawn = in_turn(pools, {"common": 4}, 9)
    assert Counter(one[0] for one in drawn) == {"r": 3, "c": 6}
    assert drawn[:3] == ["r0", "r1", "r2"]
    assert in_turn({"one": ["x"]}, {}, 5) == ["x"]
