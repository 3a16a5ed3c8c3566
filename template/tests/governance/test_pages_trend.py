"""The picture of the score: an SVG that says in words what it shows."""

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from poc.pages.trend import trend_svg

SVG = "{http://www.w3.org/2000/svg}"
START = date(2026, 1, 5)


def points(number: int) -> list[tuple[date, float]]:
    return [(START + timedelta(weeks=n), (n * 37) % 100 + 0.4) for n in range(number)]


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own picture


def texts(svg: str) -> list[str]:
    return [(one.text or "").replace("\xa0", " ") for one in parsed(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("number", [0, 1, 2, 8, 13, 60])
def test_the_picture_says_in_words_what_it_shows(number: int) -> None:
    svg = trend_svg(points(number))
    root = parsed(svg)
    assert root.attrib["role"] == "img"
    named = {one.attrib.get("id", ""): one.text or "" for one in root}
    title, description = (named[key] for key in root.attrib["aria-labelledby"].split())
    assert title == "Score of the production checklist over time"
    for day, score in points(number):
        assert f"{day} {score:.1f} %" in description.replace("\xa0", " ")
    lines = [one.attrib["points"].split() for one in root.findall(f"{SVG}polyline")]
    assert [len(one) for one in lines] == ([number] if number else [])
    assert {"0 %", "50 %", "100 %"} <= set(texts(svg))
    if number:
        assert points(number)[-1][0].isoformat() in texts(svg)
        assert f"{points(number)[-1][1]:.1f} %" in texts(svg)
    else:
        assert "No score is recorded yet." in texts(svg)


@pytest.mark.parametrize("number", [1, 8, 12])
def test_up_to_twelve_weeks_each_point_has_its_figure(number: int) -> None:
    assert len([one for one in texts(trend_svg(points(number))) if "%" in one]) == number + 3


@pytest.mark.parametrize("number", [2, 8, 12, 60])
def test_figures_do_not_lie_on_each_other(number: int) -> None:
    crowded = [*points(number), (START + timedelta(1), 50.0), (START + timedelta(2), 51.0)]
    labels = [
        float(one.attrib["x"])
        for one in parsed(trend_svg(crowded)).iter(f"{SVG}text")
        if "middle" in one.attrib.get("class", "")
    ]
    assert len(labels) >= 2
    assert all(right - left >= 46 for left, right in pairwise(sorted(labels)))


def test_of_several_scores_on_a_day_the_last_counts_and_none_leaves_the_frame() -> None:
    line = parsed(trend_svg([(START, 10.0), (START, 140.0), (START + timedelta(7), -5.0)])).find(
        f"{SVG}polyline"
    )
    assert line is not None
    heights = [float(one.split(",")[1]) for one in line.attrib["points"].split()]
    assert heights == [34.0, 206.0]


def test_time_goes_from_left_to_right_in_whatever_order_the_scores_come() -> None:
    assert trend_svg(reversed(points(9))) == trend_svg(points(9))
