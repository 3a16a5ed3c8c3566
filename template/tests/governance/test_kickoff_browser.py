"""The kickoff page in a real browser: a whole meeting by keyboard, on a phone, by axe's rules."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from poc.engine.governance import load
from poc.engine.readiness import before_lock
from poc.kickoff.questions import steps
from tests.api.test_browser import chromium, fits
from tests.governance.sample import SAMPLE, change, project, today

__all__ = ["chromium"]  # a fixture

pytestmark = pytest.mark.browser

PATIENCE = 30
Open = Callable[..., AbstractContextManager[Any]]


@contextmanager
def served(root: Path) -> Iterator[str]:
    """The page of a project on a free port; gives its address."""
    from poc.kickoff.app import build
    from poc.kickoff.serve import _Server, listen

    ready = threading.Event()
    with listen(0) as listening:
        guard, _ = build(root, listening.getsockname()[1])
        server = _Server(guard, ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert ready.wait(PATIENCE)
            yield guard.address
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


@pytest.fixture
def opened(chromium: Any) -> Open:  # noqa: ANN401
    """A tab in front of a project's page; what the browser complains about fails the test."""

    @contextmanager
    def opening(root: Path, width: int = 1280, **options: object) -> Iterator[Any]:
        with served(root) as address:
            context = chromium.new_context(
                viewport={"width": width, "height": 800}, locale="en-US", **options
            )
            tab = context.new_page()
            complaints: list[str] = []

            def note(said: Any) -> None:  # noqa: ANN401
                if said.type == "error":
                    complaints.append(said.text)

            tab.on("console", note)
            tab.on("pageerror", lambda error: complaints.append(str(error)))
            tab.goto(address)
            yield tab
            context.close()
            # The browser notes a refused form, which is an answer of 4xx, and a lost server too.
            known = ("status of 4", "net::ERR_FAILED")
            assert [one for one in complaints if not any(k in one for k in known)] == []

    return opening


class Keyboard:
    """A person without a mouse."""

    def __init__(self, tab: Any) -> None:  # noqa: ANN401
        self.tab = tab

    def to(self, selector: str) -> None:
        """Press Tab until this element has the focus, which must show."""
        for _ in range(300):
            self.tab.keyboard.press("Tab")
            if self.tab.evaluate("(s) => document.activeElement.matches(s)", selector):
                style = "getComputedStyle(document.activeElement)"
                shadow, outline = self.tab.evaluate(f"[{style}.boxShadow, {style}.outlineStyle]")
                assert (shadow, outline) != ("none", "none"), selector
                return
        raise AssertionError(f"{selector} cannot be reached with the Tab key")

    def type(self, name: str, text: str) -> None:
        """Write over the field of this name."""
        self.to(f'[name="{name}"]')
        self.tab.keyboard.press("ControlOrMeta+A")
        self.tab.keyboard.press("Delete")
        self.tab.keyboard.type(text)

    def date(self, name: str, day: str) -> None:
        """Write a day (YYYY-MM-DD) into a field with a calendar."""
        self.to(f'[name="{name}"]')
        year, month, number = day.split("-")
        self.tab.keyboard.type(f"{month}{number}{year}")

    def choose(self, name: str, words: str) -> None:
        """Choose from a list by its first letters."""
        self.to(f'select[name="{name}"]')
        self.tab.keyboard.type(words)

    def press(self, go: str, lands_on: str) -> None:
        """Press a button at the end of the page."""
        self.to(f'.buttons button[value="{go}"], section button[value="{go}"]')
        with self.tab.expect_navigation():
            self.tab.keyboard.press("Enter")
        assert self.tab.url.split("?")[0].endswith(f"/step/{lands_on}"), self.tab.inner_text("main")


def empty(root: Path) -> None:
    """Take out of the sample what a meeting has to answer."""
    nobody = {f"roles.{role}": {"person": ""} for role in ("sponsor", "production")}
    nobody |= {f"roles.{role}": {"person": ""} for role in ("evaluation", "risk")}
    change(root, "owners", nobody)
    change(
        root,
        "charter",
        {"riskClass": "", "notice": "", "blockers": [], "integrations": [], "production": {}},
    )
    change(root, "criteria", {"decisionDate": None})


PEOPLE = {
    "sponsor": "Ada Quist",
    "production": "Ben Osei",
    "evaluation": "Cleo Marsh",
    "risk": "Dov Rahm",
}


def test_a_whole_meeting_by_keyboard(opened: Open, tmp_path: Path) -> None:
    root = project(tmp_path)
    empty(root)
    assert before_lock(load(root), today())
    day = today().isoformat()
    with opened(root) as tab:
        keys = Keyboard(tab)
        keys.to('[name="charter:intent"]')
        keys.type("charter:component", "Sort every letter by department")
        keys.press("next", "scope")
        keys.type("charter:outOfScope", "Answering letters\nParcels")
        keys.type("charter:integrations.new0.system", "archive")
        keys.choose("charter:integrations.new0.direction", "write")
        keys.type("charter:integrations.new0.owner", "Mara Lind")
        keys.date("charter:integrations.new0.agreed", day)
        keys.press("next", "criteria")
        keys.type("criteria:criteria.0.objective.expected", "98")
        keys.press("next", "people")
        for role, person in PEOPLE.items():
            keys.type(f"owners:roles.{role}.person", person)
            keys.date(f"owners:roles.{role}.accepted", day)
        keys.press("next", "data")
        keys.to('[name="charter:riskClass"]')
        for _ in range(2):
            tab.keyboard.press("ArrowDown")
        keys.type("charter:notice", "A machine sorts your letter first.")
        keys.press("next", "money")
        keys.type("budget:poc.cost", "82000")
        keys.press("stay", "money")
        keys.type("accept.person", "Bea Katz")
        keys.press("accept", "money")
        assert "Accepted by Bea Katz" in tab.inner_text("main")
        keys.press("next", "blockers")
        for number in range(5):
            name = f"charter:blockers.new{number % 2}"
            keys.type(f"{name}.what", f"What could stop it, {number + 1}")
            keys.choose(f"{name}.owner", "Risk")
            keys.date(f"{name}.due", day)
            if number % 2:
                keys.press("stay", "blockers")
        keys.press("next", "review")
        keys.date("criteria:decisionDate", "2098-11-30")
        keys.date("charter:production.target", "2099-01-15")
        keys.press("stay", "review")
        assert "Every precondition of poc lock holds" in tab.inner_text("main")
    whole = load(root)
    assert before_lock(whole, today()) == []
    assert whole.charter.component == "Sort every letter by department"
    assert whole.charter.out_of_scope == ["Answering letters", "Parcels"]
    assert whole.charter.risk_class == "limited"
    assert [one.owner for one in whole.charter.blockers] == ["risk"] * 5
    assert whole.owners.role("risk").person == "Dov Rahm"
    assert whole.attestations.attestations[0].person == "Bea Katz"


def test_the_meaning_of_an_answer_appears_while_it_is_typed(opened: Open, tmp_path: Path) -> None:
    root = project(tmp_path)
    before = (root / "governance" / "criteria.yaml").read_bytes()
    with opened(root) as tab:
        tab.get_by_role("button", name="3 Good enough").click()
        place = tab.locator('[data-figures="row-criteria-criteria-0"]')
        first = place.inner_text()
        keys = Keyboard(tab)
        keys.type("criteria:criteria.0.objective.value", "96")
        place.get_by_text("With 600 cases the chance to show at least 96 %").wait_for()
        assert place.inner_text() != first
        tab.keyboard.type("x")
        tab.get_by_text("The figures follow once this is mended").wait_for()
        assert (root / "governance" / "criteria.yaml").read_bytes() == before
        tab.keyboard.press("Backspace")
        place.get_by_text("at least 96 %").first.wait_for()
        tab.get_by_role("button", name="6 Money").click()
        total = tab.locator("aside tr", has_text="Total").locator("td").first
        before_typing = int(total.inner_text().replace(",", ""))
        keys.type("budget:run.onCall", "9500")
        tab.locator("aside").get_by_text(f"{before_typing + 9000:,}").first.wait_for()
    assert yaml.safe_load((root / "governance" / "criteria.yaml").read_text())["criteria"][0][
        "objective"
    ]["value"] == pytest.approx(0.96)


def test_without_javascript_the_same_appears_after_saving(opened: Open, tmp_path: Path) -> None:
    with opened(project(tmp_path), java_script_enabled=False) as tab:
        tab.get_by_role("button", name="3 Good enough").click()
        field = tab.locator('[name="criteria:criteria.0.objective.value"]')
        field.fill("96")
        tab.get_by_role("button", name="Save and show").click()
        figures = tab.locator('[data-figures="row-criteria-criteria-0"]').inner_text()
        assert "at least 96 %" in figures


def test_a_mistake_takes_the_focus_and_leads_to_its_field(opened: Open, tmp_path: Path) -> None:
    with opened(project(tmp_path)) as tab:
        tab.get_by_role("button", name="3 Good enough").click()
        tab.locator('[name="criteria:volume.requestsPerMonth"]').fill("many")
        tab.get_by_role("button", name="Save and go on").click()
        tab.locator(".summary:focus").wait_for()
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        focused = tab.evaluate("document.activeElement.name")
        assert focused == "criteria:volume.requestsPerMonth"
        assert tab.input_value(f'[name="{focused}"]') == "many"
        tab.keyboard.press("ControlOrMeta+A")
        tab.keyboard.type("12000")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/step/criteria?saved=criteria")


def test_two_people_see_both_values(opened: Open, tmp_path: Path) -> None:
    root = project(tmp_path)
    with opened(root) as tab:
        tab.locator('[name="charter:component"]').fill("Sort mail")
        change(root, "charter", {"component": "Sort parcels"})
        tab.get_by_role("button", name="Save and go on").click()
        assert tab.locator(".summary tbody td").all_inner_texts() == ["Sort parcels", "Sort mail"]
        tab.get_by_role("button", name="Save and go on").click()
        tab.wait_for_url("**/step/scope?*")
    assert load(root).charter.component == "Sort mail"


def test_a_server_that_has_ended_is_said_and_nothing_typed_is_lost(
    opened: Open, tmp_path: Path
) -> None:
    with opened(project(tmp_path)) as tab:
        tab.get_by_role("button", name="3 Good enough").click()
        tab.route("**/figures", lambda route: route.abort())
        field = tab.locator('[name="criteria:volume.requestsPerMonth"]')
        field.fill("777")
        tab.locator("#lost").wait_for(state="visible")
        assert field.input_value() == "777"


def test_leaving_without_saving_is_asked_about(opened: Open, tmp_path: Path) -> None:
    with opened(project(tmp_path)) as tab:
        asked: list[str] = []

        def answer(dialog: Any) -> None:  # noqa: ANN401
            asked.append(dialog.type)
            dialog.accept()

        tab.on("dialog", answer)
        tab.locator('[name="charter:component"]').press_sequentially("x")
        tab.evaluate("location.href = '/step/scope'")
        tab.wait_for_url("**/step/scope")
        assert asked == ["beforeunload"]


def states(root: Path) -> None:
    """Words too long for a line, and every field in use."""
    long = "A-very-long-word-without-a-space" * 5
    change(root, "charter", {"component": long, "blockers.0.what": long, "users": [long]})
    change(root, "owners", {"roles.sponsor.person": long[:90]})


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_nothing_scrolls_sideways(opened: Open, tmp_path: Path, width: int) -> None:
    root = project(tmp_path)
    states(root)
    with opened(root, width) as tab:
        for one in steps():
            tab.goto(tab.url.partition("/step")[0] + f"/step/{one.id}")
            assert fits(tab), one.id
        tab.goto(tab.url.partition("/step")[0] + "/step/purpose")
        tab.locator('[name="charter:component"]').fill("")
        tab.get_by_role("button", name="Save and go on").click()
        assert fits(tab), "with a mistake"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_object_to(
    opened: Open, tmp_path: Path, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    root = project(tmp_path)
    states(root)
    found: dict[str, list[str]] = {}

    def look(tab: Any, name: str) -> None:  # noqa: ANN401
        tab.wait_for_load_state()
        violations = axe.run(tab).response["violations"]
        found[name] = [
            f"{one['id']}: {one['nodes'][0]['html']} {one['nodes'][0].get('any')}"
            for one in violations
        ]

    with opened(root, width, color_scheme=scheme) as tab:
        origin = tab.url.partition("/step")[0]
        for one in steps():
            tab.goto(f"{origin}/step/{one.id}")
            look(tab, one.id)
        tab.goto(f"{origin}/step/purpose")
        tab.locator('[name="charter:component"]').fill("")
        tab.get_by_role("button", name="Save and go on").click()
        look(tab, "a mistake")
        tab.locator('[name="charter:component"]').fill("Mine")
        change(root, "charter", {"component": "Theirs"})
        tab.get_by_role("button", name="Save and go on").click()
        look(tab, "a conflict")
        tab.goto(f"{origin}/step/data")
        tab.locator('[name="charter:dataPolicy.destinations.logs.special"]').select_option("allow")
        tab.get_by_role("button", name="Save and go on").click()
        look(tab, "a mistake in a list")
        change(root, "charter", {"dataPolicy.classes": {"public": {}, "customer_pii": {}}})
        change(root, "charter", {"dataPolicy.destinations": {}})
        tab.goto(f"{origin}/step/purpose")
        tab.get_by_label("Research. It is meant").check()
        tab.get_by_role("button", name="Save and go on").click()
        look(tab, "a mistake in a choice")
        shutil.copy(SAMPLE / "charter.yaml", root / "governance")
        (root / "governance" / "owners.yaml").write_text("version: 1\n")
        tab.goto(f"{origin}/step/people")
        look(tab, "a broken file")
        change(root, "charter", {"intent": "research"})
        tab.goto(f"{origin}/step/purpose")
        look(tab, "research")
        tab.goto(f"{origin}/step/review")
        look(tab, "the end of research")
        tab.goto(f"{origin}/nothing")
        look(tab, "an unknown page")
    assert found == {name: [] for name in found}
