"""What would change the answer: one input at a time, the least change that reaches a goal.

Every figure of the forecast is linear in each input below, so two evaluations give the point; it
is rounded towards the better side and tried, and what does not reach the goal is not offered.
"""

import math
from collections.abc import Iterator, Sequence

from poc.engine.contract import Volume
from poc.engine.yamlfile import Strict
from poc.money.budget import Budget
from poc.money.costs import break_even, rates
from poc.money.goals import IN_A_YEAR, TIMES, Goal, volume_at
from poc.money.levers import LEVERS, WORKING_DAY, Lever, shown, value, with_value


class Change(Strict):
    """`needed` instead of `now` in this input reaches the goal `goal`, everything else as it is."""

    input: str
    now: float
    needed: float
    sentence: str
    goal: str = ""


def changes(volume: Volume, budget: Budget, goals: Sequence[Goal]) -> list[Change]:
    """For each goal that is missed, every single change that reaches it, the smallest first."""
    found: list[Change] = []
    for goal in goals:
        if not goal.reached(goal.figure(volume, budget)):
            offered = [*_of_levers(volume, budget, goal), *_of_volume(volume, budget, goal)]
            found += sorted(offered, key=_effort)
    return found


def out_of_reach(volume: Volume, budget: Budget, goals: Sequence[Goal]) -> list[str]:
    """Names of inputs that by themselves, even at their best, would not reach one of the goals."""
    found = [
        lever.name
        for lever in LEVERS
        if lever.best != WORKING_DAY
        and value(budget, lever.key) != lever.best
        and any(
            not goal.reached(goal.figure(volume, with_value(budget, lever.key, lever.best)))
            for goal in goals
            if _matters(goal, lever)
        )
    ]
    return list(dict.fromkeys(found))


def _of_levers(volume: Volume, budget: Budget, goal: Goal) -> Iterator[Change]:
    start = goal.figure(volume, budget)
    for lever in LEVERS:
        now = value(budget, lever.key)
        if (lever.best - now) * (1 if lever.best else -1) <= 0:
            continue
        end = goal.figure(volume, with_value(budget, lever.key, lever.best))
        if end == start or not goal.reached(end):
            continue
        exact = now + (goal.value - start) / (end - start) * (lever.best - now)
        needed = _least(volume, budget, goal, lever, exact)
        yield _told(lever, now, needed, goal)


def _least(volume: Volume, budget: Budget, goal: Goal, lever: Lever, exact: float) -> float:
    """The value nearest to `exact`, in steps people can read, that does reach the goal."""
    up, steps = lever.best > 0, exact / lever.step
    count = math.ceil(steps - 1e-9) if up else math.floor(steps + 1e-9)
    for _ in range(3):
        tried = round(count * lever.step, 6)
        if tried > lever.best if up else tried < lever.best:
            break
        if goal.reached(goal.figure(volume, with_value(budget, lever.key, tried))):
            return tried
        count += 1 if up else -1
    return lever.best


def _of_volume(volume: Volume, budget: Budget, goal: Goal) -> Iterator[Change]:
    """More requests, or faster growth, where that makes it pay."""
    of = rates(budget)
    least = break_even(of._replace(fixed_upkeep=of.fixed_upkeep + goal.value))
    if goal.metric != "net_value_month" or least is None:
        return
    now, growth = volume.requests_per_month, volume.growth_per_month
    times = TIMES.get(goal.at) or (1 + growth) ** 12
    for more in (math.ceil(least / times), math.ceil(least / times) + 1):
        bigger = volume.model_copy(update={"requests_per_month": more})
        if now < more <= 10**9 and goal.reached(goal.figure(bigger, budget)):
            yield Change(
                input="volume.requestsPerMonth",
                now=now,
                needed=more,
                sentence=f"{more:,} instead of {now:,} requests a month.",
                goal=goal.id,
            )
            break
    if goal.at == IN_A_YEAR and least > volume_at(volume, IN_A_YEAR):
        exact = (least / now) ** (1 / 12) - 1
        faster = math.ceil(exact * 1000 - 1e-9) / 1000
        grown = volume.model_copy(update={"growth_per_month": faster})
        if growth < faster <= 2 and goal.reached(goal.figure(grown, budget)):
            yield Change(
                input="volume.growthPerMonth",
                now=growth,
                needed=faster,
                sentence=f"{faster:.1%} instead of {growth:.1%} more requests each month.".replace(
                    "%", " %"
                ),
                goal=goal.id,
            )


def _matters(goal: Goal, lever: Lever) -> bool:
    """What is saved is no part of what it costs."""
    return goal.metric == "net_value_month" or not lever.key.startswith("benefit.")


def _told(lever: Lever, now: float, needed: float, goal: Goal) -> Change:
    new, old = shown(lever, needed), shown(lever, now)
    sentence = lever.phrase.format(f"{new} instead of {old}")
    if lever.key == "run.callsPerRequest":
        sentence += f", or tokens at {math.floor(100 * needed / now)} % of their price"
    return Change(input=lever.key, now=now, needed=needed, sentence=f"{sentence}.", goal=goal.id)


def _effort(one: Change) -> float:
    """How far it is from what is now; from nothing, further than anything."""
    return abs((one.needed - one.now) / one.now) if one.now else math.inf
