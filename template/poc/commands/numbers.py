"""Numbers on the command line, refused with what is wanted instead."""

import argparse
from collections.abc import Callable


def share(text: str) -> float:
    """A share."""
    return _number(text, lambda one: 0 <= one <= 1, "a share from 0 to 1, such as 0.9 for 90 %")


def confidence(text: str) -> float:
    """A one-sided confidence."""
    return _number(text, lambda one: 0.5 < one < 1, "above 0.5 and below 1, such as 0.95")


def positive(text: str) -> float:
    """A number above nothing."""
    return _number(text, lambda one: 0 < one < 10_000, "a number above 0")


def _number(text: str, holds: Callable[[float], bool], wanted: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not holds(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}")
    return number


def count(text: str) -> int:
    """A whole number above nothing."""

    def whole(one: float) -> bool:
        return 0 < one < 1e9 and one == int(one)

    return int(_number(text, whole, "a whole number above 0"))
