"""More signals, and more asks, are kept only where they are worth having."""

from evals.hosted.signal_sets import Fitted, SignalSet, candidates, keep
from evals.training.calibrate import Judged, Logistic


def fitted(name: str, wrong: set[int], low: set[int], n: int = 400) -> Fitted:
    """`n` answers, those of `wrong` not right and those of `low` less sure than the others."""
    answers = [Judged(f"f{k}", 0.5 if k in low else 0.9, k not in wrong, True) for k in range(n)]
    return Fitted(SignalSet(name, 1, False), [], Logistic([], [], [], 0.0), 0.5, answers)


WRONG = set(range(40))


def test_the_first_is_kept_while_no_other_tells_more() -> None:
    first, second = fitted("less", WRONG, WRONG), fitted("more", WRONG, WRONG)
    assert keep([first, second]) is first


def test_a_set_that_tells_right_from_wrong_beats_one_that_does_not() -> None:
    blind, seeing = fitted("less", WRONG, set()), fitted("more", WRONG, WRONG)
    assert keep([blind, seeing]) is seeing
    assert keep([seeing, blind]) is seeing


def test_a_difference_that_chance_makes_is_none() -> None:
    few = {0, 1}
    assert keep([fitted("less", few, set()), fitted("more", few, few)]).of.name == "less"


def test_a_difference_too_small_to_matter_is_not_paid_for() -> None:
    # Beyond chance: the second is better in nearly every draw. Yet it saves next to nothing.
    nearly = WRONG - {0, 1, 2, 3, 4}
    less, more = fitted("less", WRONG, nearly, 1500), fitted("more", WRONG, WRONG, 1500)
    assert keep([less, more]) is less


def test_cheaper_settings_stand_before_dearer_ones() -> None:
    assert [(one.repeats, one.log_probabilities) for one in candidates(3, True)] == [
        (1, False),
        (1, False),
        (1, True),
        (3, False),
        (3, True),
    ]
    assert len(candidates(1, False)) == 2
