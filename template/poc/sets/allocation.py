"""How many cases each part of the population gets, and which: by chance, the same for one seed."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def allocate(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """Shares of `wanted` in proportion to the sizes, none above its size.

    By largest remainders (Hamilton's method); equal remainders go to the larger part, then by
    name. With fewer than `wanted` in all, everything is taken.
    """
    total = sum(sizes.values())
    if wanted >= total:
        return dict(sizes)
    exact = {name: size * wanted / total for name, size in sizes.items()}
    given = {name: int(share) for name, share in exact.items()}
    rest = wanted - sum(given.values())
    order = sorted(sizes, key=lambda name: (given[name] - exact[name], -sizes[name], name))
    for name in order[:rest]:
        given[name] += 1
    return given


def shuffled(items: Sequence[T], seed: int, part: str) -> list[T]:
    """The items in a random order that depends on the seed and the part's name alone."""
    found = list(items)
    random.Random(f"{seed}/{part}").shuffle(found)  # noqa: S311 - it is no secret
    return found


def boosters(share: float, natural: float, wanted: int) -> int:
    """How many of `wanted` cases to draw for their edge category, so that `share` of all are edges.

    `natural` is the share of edge cases among those that chance draws.
    """
    if natural >= share:
        return 0
    return round(wanted * (share - natural) / (1 - natural))


def in_turn(pools: Mapping[str, Sequence[T]], have: Mapping[str, int], count: int) -> list[T]:
    """Draw from the pools, each time from the one that has the fewest so far.

    `have` says how many each has to begin with; a pool that is empty is passed over.
    """
    counts = {name: have.get(name, 0) for name in pools}
    left = {name: list(pool) for name, pool in pools.items()}
    drawn: list[T] = []
    while len(drawn) < count:
        open_ones = [name for name in sorted(left) if left[name]]
        if not open_ones:
            break
        poorest = min(open_ones, key=lambda name: counts[name])
        drawn.append(left[poorest].pop(0))
        counts[poorest] += 1
    return drawn
