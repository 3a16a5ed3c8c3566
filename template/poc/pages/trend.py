"""The score over time as a picture: an SVG that stands alone, with its figures as text."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from poc.pages import rendering
from poc.pages.words import percent

WIDTH, HEIGHT = 720, 250
LEFT, RIGHT, TOP, BOTTOM = 56, 692, 34, 206
# So many points are all labelled, and so many are all drawn; further ones would lie on each other.
LABELLED, DRAWN = 12, 30
# Pixels between two labels, and between the frame and the outermost points.
APART, INSET = 48, 28


class Mark(NamedTuple):
    """A point of the picture. `label` is empty where there is no room for one."""

    x: float
    y: float
    label: str
    label_y: float
    drawn: bool


def trend_svg(points: Iterable[tuple[date, float]]) -> str:
    """Draw scores of 0 to 100 by day. Of several on one day the last counts."""
    scores = sorted({day: min(max(score, 0.0), 100.0) for day, score in points}.items())
    marks = _marks(scores)
    return rendering.html(
        "trend.svg",
        title="Score of the production checklist over time",
        described=described(scores),
        marks=marks,
        line=" ".join(f"{one.x},{one.y}" for one in marks),
        first=scores[0][0].isoformat() if len(scores) > 1 else "",
        last=scores[-1][0].isoformat() if scores else "",
        grid=[(_y(value), percent(value)) for value in (0.0, 50.0, 100.0)],
        size={
            "width": WIDTH,
            "height": HEIGHT,
            "left": LEFT,
            "right": RIGHT,
            "bottom": BOTTOM,
            "inset": INSET,
        },
    )


def described(scores: list[tuple[date, float]]) -> str:
    """The picture in words, for those who do not see it."""
    if not scores:
        return "No score is recorded yet."
    told = ", ".join(f"{day} {percent(score)}" for day, score in scores)
    lowest, highest = (percent(pick(score for _, score in scores)) for pick in (min, max))
    return f"Scores from 0 to 100 %: {told}. Lowest {lowest}, highest {highest}."


def _marks(scores: list[tuple[date, float]]) -> list[Mark]:
    if not scores:
        return []
    start, days = scores[0][0], max((scores[-1][0] - scores[0][0]).days, 1)
    middle = (LEFT + RIGHT) / 2
    low, high = (LEFT + INSET, RIGHT - INSET) if len(scores) > 1 else (middle, middle)
    places = [round(low + (high - low) * (day - start).days / days, 1) for day, _ in scores]
    labelled = _labelled([score for _, score in scores], places)
    return [
        Mark(
            x=x,
            y=_y(score),
            label=percent(score) if index in labelled else "",
            label_y=_y(score) + (20 if score > 90 else -9),
            drawn=index in labelled or len(scores) <= DRAWN,
        )
        for index, ((_, score), x) in enumerate(zip(scores, places, strict=True))
    ]


def _labelled(values: list[float], places: list[float]) -> set[int]:
    """Which points get a label: the last, the first, the extremes, then others where room is."""
    every = range(len(values))
    wanted = [len(values) - 1, 0, max(every, key=values.__getitem__)]
    wanted += [min(every, key=values.__getitem__)]
    wanted += every if len(values) <= LABELLED else ()
    chosen: list[int] = []
    for index in wanted:
        if all(abs(places[index] - places[other]) >= APART for other in chosen):
            chosen.append(index)
    return set(chosen)


def _y(score: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * score / 100, 1)
