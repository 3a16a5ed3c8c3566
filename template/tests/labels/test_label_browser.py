"""Labelling in a real browser: with the keys, without JavaScript, on a phone, by axe's rules."""

import asyncio
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.records import open_records
from app.records.labels.models import LabelCase
from tests.api.process import Running
from tests.api.test_browser import Open, chromium, fits, page
from tests.labels.desk import REVIEWER, SECOND, Letter, a_round

__all__ = ["chromium", "page"]
pytestmark = pytest.mark.browser

LONG = "https://mail.example/" + "a-very-long-path/" * 12
ROUNDS = ("by-key", "by-hand", "to-look-at", "once")
AXE = "axe_playwright_python.sync_playwright"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Running]:
    """The service with letters to label, as `make run` starts it."""
    folder = tmp_path_factory.mktemp("labels")
    (folder / "data").mkdir()
    shutil.copy(migrated, folder / "data/app.db")
    cases = [LabelCase(f"case-{n}", "W" * 80, (("Text", f"Letter {n}. {LONG}"),)) for n in "0123"]
    cases[3] = LabelCase("case-3", "Held back", (("As it came", LONG),), "corrupt")
    # Not in this thread, whose event loop is the browser's.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(start, f"sqlite:///{folder}/data/app.db", cases).result()
    made = Running(folder)
    made.ready(made.start("-m", "tests.labels.serve", "--laptop"), f"{made.url}/health/ready")
    yield made
    made.stop()


def start(url: str, cases: list[LabelCase]) -> None:
    records = open_records(url)
    for name in ROUNDS:
        asyncio.run(records.start_labels(a_round(name, answer_type=Letter), cases, "test"))
    records.close()


def sign_in(tab: Any, person: str = REVIEWER) -> None:  # noqa: ANN401 - playwright may be absent
    tab.goto("/label")
    tab.locator(f'button[value="{person}"]').click()
    assert tab.inner_text("h1") == "Label"


def pace(tab: Any) -> str:  # noqa: ANN401
    return str(tab.inner_text(".pace"))


def arrived(tab: Any, text: str) -> None:  # noqa: ANN401
    """Wait for the page with this text on it, and for its keys, which come a moment later."""
    tab.wait_for_function("text => document.body.innerText.includes(text)", arg=text)
    tab.locator("#keys").wait_for()


def write(tab: Any) -> None:  # noqa: ANN401
    tab.get_by_label("Pages").fill("2")
    tab.get_by_label("Total: there is none").check()
    tab.get_by_label("Sent", exact=True).fill("2026-03-31")
    tab.get_by_label("Names", exact=True).fill("Ada")


def test_the_keys_choose_and_save(page: Open) -> None:
    with page(java_script_enabled=True) as tab:
        sign_in(tab)
        tab.goto("/label/by-key")
        arrived(tab, "0 labelled by you")
        tab.keyboard.press("2")
        assert tab.locator('input[value="quiet"]').is_checked()
        tab.keyboard.press("1")
        assert tab.locator('input[value="loud"]').is_checked()
        tab.keyboard.press("s")
        assert tab.locator('input[name="field.formal"][value="no"]').is_checked()
        write(tab)
        tab.get_by_label("Names", exact=True).press("q")
        assert tab.get_by_label("Names", exact=True).input_value().endswith("q")
        tab.locator('input[value="quiet"]').focus()
        tab.keyboard.press("Enter")
        arrived(tab, "1 labelled by you")
        tab.keyboard.press("u")
        arrived(tab, "2 labelled by you")
        tab.keyboard.press("q")
        arrived(tab, "3 labelled by you")
        tab.keyboard.press("b")
        arrived(tab, "was taken back")
        assert "2 labelled by you, 2 left for you" in pace(tab)


def test_the_keys_can_be_switched_off_and_stay_off(page: Open) -> None:
    with page(java_script_enabled=True) as tab:
        sign_in(tab, SECOND)
        tab.goto("/label/once")
        tab.get_by_role("switch").uncheck()
        tab.locator("h1").click()
        tab.keyboard.press("2")
        tab.reload()
        arrived(tab, "0 labelled by you")
        assert not tab.get_by_role("switch").is_checked()
        tab.keyboard.press("u")
        tab.keyboard.press("2")
        assert not tab.locator('input[value="quiet"]').is_checked()
        assert "0 labelled by you" in pace(tab)


def test_without_javascript_everything_works(page: Open) -> None:
    with page() as tab:
        sign_in(tab)
        tab.get_by_role("button", name="Label by-hand").click()
        tab.get_by_label("quiet").check()
        tab.get_by_label("yes").first.check()
        write(tab)
        tab.get_by_role("button", name="Save").click()
        assert "1 labelled by you, 3 left for you" in pace(tab)
        tab.get_by_role("button", name="Unsure").click()
        tab.get_by_role("button", name="Nothing to answer").click()
        assert "3 labelled by you, 1 left for you" in pace(tab)
        tab.get_by_role("button", name="Back to the one before").click()
        assert "Your label was taken back" in tab.inner_text('[role="status"]')
        for _ in range(2):
            tab.get_by_role("button", name="Unsure").click()
        assert tab.inner_text("h1") == "Nothing is left for you"


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_no_label_page_scrolls_sideways(page: Open, width: int) -> None:
    with page(width) as tab:
        sign_in(tab, SECOND)
        assert fits(tab)
        tab.goto("/label/to-look-at")
        assert fits(tab)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_objects_to_no_label_page(page: Open, scheme: str, width: int) -> None:
    axe = pytest.importorskip(AXE).Axe()
    with page(width, java_script_enabled=True, color_scheme=scheme) as tab:
        refused: list[str] = []
        tab.on("console", lambda line: refused.append(line.text) if "Policy" in line.text else None)
        sign_in(tab, SECOND)
        found = axe.run(tab).response["violations"]
        tab.goto("/label/to-look-at")
        found += axe.run(tab).response["violations"]
        tab.locator("form#label").evaluate("form => { form.noValidate = true }")
        tab.get_by_role("button", name="Save").click()
        assert tab.locator(".wrong").count() > 3
        found += axe.run(tab).response["violations"]
    assert [one["id"] for one in found] == []
    assert refused == []
