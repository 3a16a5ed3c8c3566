"""Draws a set: at random by language and month, then some for their edge category."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from poc.sets.allocation import allocate, boosters, in_turn, shuffled
from poc.sets.candidates import Candidate


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for: `cases` in all, an `edge_share` of them edge cases, by this seed."""

    cases: int
    edge_share: float
    seed: int


@dataclass(frozen=True, slots=True)
class Draw:
    """What chance chose, and what was added for its edge category."""

    random: Sequence[Candidate]
    boosted: Sequence[Candidate]


def draw(found: Sequence[Candidate], order: Order, barred: AbstractSet[str]) -> Draw:
    """Draw by the order; candidates whose sha256 is barred are passed over.

    The random part is drawn in proportion to the population's parts, so that it stands for it as
    it is. What is passed over is replaced by the next of the same part where there is one.
    """
    parts: dict[str, list[Candidate]] = defaultdict(list)
    for one in found:
        parts[one.part].append(one)
    usable = {
        name: [one for one in shuffled(members, order.seed, name) if one.sha256 not in barred]
        for name, members in parts.items()
    }
    sizes = {name: len(members) for name, members in usable.items()}
    natural = _edge_share([one for members in usable.values() for one in members])
    added = boosters(order.edge_share, natural, order.cases)
    while True:
        given = allocate(sizes, order.cases - added)
        chosen = [one for name in sorted(given) for one in usable[name][: given[name]]]
        rest = [one for name in sorted(given) for one in usable[name][given[name] :] if one.edge]
        have = Counter(one.edge or "" for one in chosen)
        boosted = _boost(rest, have, added, order.seed)
        if len(boosted) == added:
            return Draw(chosen, boosted)
        added = len(boosted)  # there are no more of them: chance fills their places


def _boost(
    rest: Sequence[Candidate], have: Mapping[str, int], count: int, seed: int
) -> list[Candidate]:
    pools: dict[str, list[Candidate]] = defaultdict(list)
    for one in rest:
        pools[one.edge or ""].append(one)
    mixed = {name: shuffled(pool, seed, f"edge/{name}") for name, pool in pools.items()}
    return in_turn(mixed, have, count)


def _edge_share(found: Sequence[Candidate]) -> float:
    return sum(one.edge is not None for one in found) / len(found) if found else 0.0
