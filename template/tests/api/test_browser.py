"""The pages in a real browser: without JavaScript, by keyboard, on a phone, by axe's rules."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.api.process import LAPTOP, Running
from tests.api.usecase import SURE, UNSURE, UNUSABLE, text
from tests.api.world import person

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PROJECT = """\
[project]
name = "Letters to the municipal administration"
problem = "Letters wait for days until somebody has sorted them."
"""
OWNERS = "roles: {sponsor: {person: Wilhelmina van der Hoogenband-Featherstonehaugh}}"
LONG = "https://mail.example/" + "a-very-long-path/" * 12
Open = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Running]:
    """The service and its identity provider as `make run` starts them."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "data").mkdir()
    shutil.copy(migrated, folder / "data/app.db")
    (folder / "project.toml").write_text(PROJECT)
    (folder / "governance").mkdir()
    (folder / "governance" / "owners.yaml").write_text(OWNERS)
    made = Running(folder)
    made.ready(made.start(*LAPTOP), f"{made.url}/health/ready")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="run `make test-browser`")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"needs Chromium: none of {', '.join(NAMES)} is installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, site: Running) -> Open:  # noqa: ANN401 - playwright may be absent
    """Open a page of a context of its own; without JavaScript unless told."""

    @contextmanager
    def opened(width: int = 1280, **options: object) -> Iterator[Any]:
        context = chromium.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 800},
            **{"java_script_enabled": False, **options},
        )
        yield context.new_page()
        context.close()

    return opened


@pytest.fixture(scope="module")
def paths(site: Running) -> list[str]:
    """Every kind of page, with words too long for a line in it."""
    with site.client("admin") as client:
        notes = [
            {
                "subject": "W" * 120,
                "body": f"{text(words).decode()} {LONG}",
                "reference": LONG[:200],
            }
            for words in (SURE, UNSURE)
        ]
        sent = [client.post("/v1/cases", json=note).json()["id"] for note in notes]
        headers = {"content-type": "text/plain"}
        sent.append(client.post("/v1/cases", content=text(UNUSABLE), headers=headers).json()["id"])
    return ["/", "/try", "/docs", "/nothing", "/signed-out", *(f"/cases/{one}" for one in sent)]


def sign_in(page: Any, role: str = "admin") -> None:  # noqa: ANN401
    page.goto("/")
    page.locator(f'button[value="{person(role)}"]').click()
    assert page.inner_text("h1") == "Letters to the municipal administration"


def fits(page: Any) -> bool:  # noqa: ANN401
    """Nothing sticks out of the window sideways."""
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"))


def tab_to(page: Any, selector: str) -> None:  # noqa: ANN401
    """Press Tab until this element has the focus, which must show."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches(%r)" % selector):  # noqa: UP031
            style = "getComputedStyle(document.activeElement)"
            shadow, outline = page.evaluate(f"[{style}.boxShadow, {style}.outlineStyle]")
            assert (shadow, outline) != ("none", "none")
            return
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


def test_a_sample_is_sent_and_its_result_seen(page: Open) -> None:
    with page() as tab:
        sign_in(tab, "submitter")
        tab.get_by_role("link", name="Try it", exact=True).click()
        tab.get_by_label("Sample, all synthetic").select_option("A note that waits")
        tab.get_by_role("button", name="Send this sample").click()
        assert tab.inner_text("h1") == "Waits for a person"
        assert tab.locator("ol.route > li").last.inner_text() == "review: below threshold"
        tab.get_by_role("link", name="Try another").click()
        tab.get_by_label("Text", exact=True).fill(text(SURE).decode())
        tab.get_by_role("button", name="Send", exact=True).click()
        assert tab.inner_text("h1") == "Answered without a person"
        tab.get_by_role("button", name="Sign out").click()
        assert tab.inner_text("h1") == "You are signed out"


def test_a_file_is_sent(page: Open) -> None:
    with page() as tab:
        sign_in(tab, "submitter")
        tab.goto("/try")
        file = {"name": "note.txt", "mimeType": "text/plain", "buffer": text(SURE)}
        tab.get_by_label("A saved mail").set_input_files(file)
        tab.get_by_role("button", name="Send the file").click()
        assert tab.inner_text("h1") == "Answered without a person"


def test_the_keyboard_is_enough(page: Open) -> None:
    with page() as tab:
        tab.goto("/")
        tab_to(tab, f'button[value="{person("submitter")}"]')
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.textContent") == "Skip to the content"
        tab.keyboard.press("Enter")
        tab_to(tab, 'main a[href="/try"]')
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/try")
        tab_to(tab, "#sample")
        tab.keyboard.press("ArrowDown")
        tab_to(tab, "button")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/cases/*")
        assert tab.inner_text("h1") == "Waits for a person"


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_nothing_scrolls_sideways(page: Open, paths: list[str], width: int) -> None:
    with page(width) as tab:
        tab.goto("/")
        assert fits(tab), "sign-in"
        sign_in(tab)
        for path in paths:
            tab.goto(path)
            assert fits(tab), path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_object_to(page: Open, paths: list[str], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with page(java_script_enabled=True, color_scheme=scheme) as tab:
        refused: list[str] = []
        tab.on("console", lambda line: refused.append(line.text) if "Policy" in line.text else None)
        tab.goto("/")
        found = {"sign-in": axe.run(tab).response["violations"]}
        sign_in(tab)
        for path in paths:
            tab.goto(path)
            found[path] = axe.run(tab).response["violations"]
    told = {path: [one["id"] for one in violations] for path, violations in found.items()}
    assert told == {path: [] for path in found}
    assert refused == []
