"""The pages in a real browser: one sheet of A4, on a phone, in the dark, by axe's rules."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from poc.money.plan import needs
from poc.pages.contract import render_contract
from poc.pages.trend import trend_svg
from poc.pages.verdict import render_verdict
from tests.api.test_browser import chromium, fits
from tests.governance.test_pages_figures import accepted, forecast
from tests.governance.test_pages_hostile import contract_page, verdict_page
from tests.governance.test_pages_sample import (
    HOSTILE,
    day_one,
    does_not_pay,
    governance,
    longer,
    nobody,
    report,
)
from tests.governance.test_pages_trend import points

__all__ = ["chromium"]  # a fixture

pytestmark = pytest.mark.browser

Draw = Callable[[], str]
# Points; what is smaller cannot be read on paper.
SMALLEST = 6


def contract(criteria: int, first_day: bool) -> str:
    whole = governance()
    whole = whole._replace(contract=longer(whole.contract, criteria))
    whole = nobody(whole) if first_day else whole
    who = None if first_day else accepted()
    return render_contract(whole, forecast(), who, needs(whole.contract)).html


def verdict(criteria: int, kind: str) -> str:
    whole = governance()
    whole = whole._replace(contract=longer(whole.contract, criteria))
    if kind == "day one":
        return render_verdict(day_one(nobody(whole))).html
    states = {"NO-GO": {"VAL-1": "not_met"}, "INCONCLUSIVE": {"QUAL-1": "inconclusive"}}
    made = report(kind, states.get(kind), whole=whole)  # type: ignore[arg-type]
    return render_verdict(made).html


PAGES: dict[str, Draw] = {
    f"{name} with {criteria} criteria": draw
    for criteria in (8, 15)
    for name, draw in {
        "contract": lambda n=criteria: contract(n, False),
        "contract on day one": lambda n=criteria: contract(n, True),
        "verdict on day one": lambda n=criteria: verdict(n, "day one"),
        "no-go": lambda n=criteria: verdict(n, "NO-GO"),
        "go": lambda n=criteria: verdict(n, "GO"),
        "inconclusive": lambda n=criteria: verdict(n, "INCONCLUSIVE"),
    }.items()
} | {
    "research": lambda: (
        render_contract(governance(charter__intent="research"), forecast(), None, ()).html
    ),
    "moved goalposts": lambda: render_verdict(does_not_pay()).html,
    "trend": lambda: (
        "<!doctype html><html lang=en><title>Trend</title><body><main><h1>Trend</h1>"
        + trend_svg(points(60))
    ),
}
# More rows are no other markup.
SHORT = [name for name in PAGES if "15" not in name]


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:  # noqa: ANN401
    """Show a page from a file, as somebody opens it; gives the tab."""
    contexts: list[Any] = []

    def opening(html: str, width: int = 1280, **options: object) -> Any:  # noqa: ANN401
        path = tmp_path / "page.html"
        path.write_text(html, "utf-8")
        contexts.append(chromium.new_context(viewport={"width": width, "height": 800}, **options))
        tab = contexts[-1].new_page()
        tab.goto(path.as_uri())
        return tab

    yield opening
    for one in contexts:
        one.close()


@pytest.mark.parametrize("name", [name for name in PAGES if name != "trend"])
def test_it_prints_on_one_sheet_of_a4_and_can_be_read(
    opened: Callable[..., Any], name: str
) -> None:
    tab = opened(PAGES[name]())
    printed = tab.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12]", printed), "A4"
    tab.emulate_media(media="print")
    smallest = tab.evaluate(
        "Math.min(...[...document.querySelectorAll('main *')].filter(e => e.innerText?.trim())"
        ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest * 72 / 96 >= SMALLEST


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", SHORT)
def test_axe_finds_nothing_to_object_to(
    opened: Callable[..., Any], name: str, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    tab = opened(PAGES[name](), width, color_scheme=scheme)
    assert [one["id"] for one in axe.run(tab).response["violations"]] == []


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", SHORT)
def test_on_a_phone_nothing_scrolls_sideways(
    opened: Callable[..., Any], name: str, width: int
) -> None:
    assert fits(opened(PAGES[name](), width))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white_whatever_the_screen_is(opened: Callable[..., Any], scheme: str) -> None:
    tab = opened(PAGES["go with 8 criteria"](), color_scheme=scheme)
    shown = "getComputedStyle(document.body)"
    assert (tab.evaluate(f"{shown}.backgroundColor") == "rgb(255, 255, 255)") == (scheme == "light")
    tab.emulate_media(media="print", color_scheme=scheme)
    assert tab.evaluate(f"{shown}.backgroundColor") == "rgb(255, 255, 255)"
    assert tab.evaluate(f"{shown}.color") == "rgb(17, 17, 17)"


@pytest.mark.parametrize("draw", [contract_page, verdict_page])
@pytest.mark.parametrize("text", HOSTILE, ids=["script", "long", "right to left", "markup"])
def test_a_hostile_text_runs_nothing_and_stays_in_its_place(
    opened: Callable[..., Any],
    tmp_path: Path,
    text: str,
    draw: Any,  # noqa: ANN401
) -> None:
    asked: list[str] = []

    def refused(dialog: Any) -> None:  # noqa: ANN401
        asked.append(dialog.message)
        dialog.dismiss()

    tab = opened("<title>empty</title>", 390)
    tab.on("dialog", refused)
    path = tmp_path / "hostile.html"
    path.write_text(draw(text, tmp_path).html, "utf-8")
    tab.goto(path.as_uri())
    assert asked == []
    assert fits(tab)
    tab.set_viewport_size({"width": 1280, "height": 800})
    assert fits(tab)


def test_it_needs_no_other_file(opened: Callable[..., Any]) -> None:
    requests: list[str] = []
    tab = opened("<title>empty</title>")
    tab.on("request", lambda one: requests.append(one.url))
    tab.set_content(PAGES["no-go with 8 criteria"]())
    assert [one for one in requests if not one.startswith("data:")] == []
