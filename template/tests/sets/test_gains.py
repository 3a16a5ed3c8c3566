"""Better than today: only what can be compared is, and its bounds hold."""

import random

from evals.gains import over_people, over_report, over_trained
from evals.measures import Counts
from evals.result import CaseOutcome

CONFIDENCE = 0.983


def outcomes(rights: list[bool], accepted: list[bool] | None = None) -> list[CaseOutcome]:
    accepted = accepted or [True] * len(rights)
    return [
        CaseOutcome(
            id=f"c{i}",
            digest="d",
            family=f"f{i}",
            slices=[],
            counts=Counts(1, right, out, right and out),
        )
        for i, (right, out) in enumerate(zip(rights, accepted, strict=True))
    ]


def test_a_gain_over_the_baseline_counts_every_case() -> None:
    mine = outcomes([True] * 90 + [False] * 10)
    theirs = outcomes([True] * 60 + [False] * 40)
    gain = over_trained(mine, theirs, CONFIDENCE)
    assert gain is not None
    point, lower, upper, n = gain
    assert (round(point, 6), n) == (0.3, 100)
    assert lower is not None and upper is not None
    assert 0.15 < lower < 0.3 < upper < 0.45
    same = over_trained(mine, mine, CONFIDENCE)
    assert same is not None and same[:3] == (0, None, None)


def test_people_are_compared_on_what_leaves_without_a_person_only() -> None:
    """Of 100 cases 60 leave alone, all right; people were right in half of those."""
    accepted = [i < 60 for i in range(100)]
    mine = outcomes([i < 60 for i in range(100)], accepted)
    gain = over_people(mine, {f"c{i}": i % 2 == 0 for i in range(100)}, CONFIDENCE)
    assert gain is not None
    assert (gain[0], gain[3]) == (0.5, 60)
    assert over_people(mine, {"c99": True}, CONFIDENCE) is None
    assert over_people(mine, {"other": True}, CONFIDENCE) is None


def test_few_families_have_no_bounds() -> None:
    mine, theirs = outcomes([True] * 19), outcomes([False, *[True] * 18])
    gain = over_trained(mine, theirs, CONFIDENCE)
    assert gain is not None and gain[1:3] == (None, None)
    # A hundred cases of which nineteen left without a person are nineteen.
    mine = outcomes([True] * 100, [i < 19 for i in range(100)])
    gain = over_people(mine, {f"c{i}": i % 2 == 0 for i in range(100)}, CONFIDENCE)
    assert gain is not None and gain[1:] == (None, None, 19)


def test_a_published_difference_of_shares() -> None:
    """Newcombe 1998, method 10: 56/70 - 48/80 = 0.2, 95 % interval 0.0524 to 0.3339."""
    gain = over_report(outcomes([True] * 56 + [False] * 14), 48, 80, 0.975)
    assert gain is not None
    assert [round(one, 4) for one in gain[:3] if one is not None] == [0.2, 0.0524, 0.3339]


def test_the_lower_bound_holds_as_often_as_it_says() -> None:
    """Two services that are equally good: the bound lies above zero in few of the draws."""
    rng = random.Random(3)  # noqa: S311
    wrong = 0
    for _ in range(200):
        mine = outcomes([rng.random() < 0.8 for _ in range(120)])
        theirs = outcomes([rng.random() < 0.8 for _ in range(120)])
        gain = over_trained(mine, theirs, 0.95)
        assert gain is not None and gain[1] is not None
        wrong += gain[1] > 0
    assert wrong <= 20  # 10 expected; 21 or more has a chance below 0.2 %
