"""The page in a real browser: one sheet of A4, on a phone, in the dark, by axe's rules."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from poc.profile import page
from poc.profile.figures import figures
from poc.sources.index import build
from tests.api.test_browser import chromium, fits
from tests.sources.letters import letters, mail, sentence

__all__ = ["chromium"]  # a fixture

pytestmark = pytest.mark.browser

GERMAN = "Bitte sagen Sie mir, wo mein Paket geblieben ist, ich warte schon lange darauf."
HTML = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>{}</p>\n--b"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of an ordinary mailbox beside an export: a year of mail of every kind."""
    folder = tmp_path_factory.mktemp("source")
    mails = []
    for i in range(400):
        day = f"{1 + i % 28} {date(2025, 1 + i * 12 // 400, 1):%b} 2025 10:00:00 +0000"
        text = sentence(i) if i % 3 else f"{GERMAN} {sentence(i)}\n-- \nAnn\n+49 30 901820"
        mails.append(f"From a\n{mail('' if i % 40 == 1 else text, '' if i % 9 else 'Hi', day)}\n")
    for i in range(40):
        kind = ("application/pdf", "image/png", "image/jpeg", "application/zip")[i % 4]
        parts = HTML.format(sentence(900 + i)) + f"\nContent-Type: {kind}\n\nx\n--b--\n"
        mails.append(f"From a\nFrom: Ann <ann@example.test>\nSubject: Order\n{parts}\n")
    (folder / "support.mbox").write_text("".join(mails))
    rows = "".join(f"{sentence(i)};{i % 7 or 'many'};x\n" for i in range(1000, 1080))
    (folder / "form.csv").write_text(f"body;pages;a column with a very long name\n{rows}")
    for name in ("old.pst", "scan.pdf", "list.xlsx", "all.zip"):
        (folder / name).write_bytes(b"x")
    index = build(folder.parent, folder, letters())
    today = date(2026, 1, 1)
    path = folder.parent / "profile.html"
    path.write_text(page.page(figures(index, today), folder, folder.name, today), "utf-8")
    index.close()
    return path


def test_an_ordinary_mailbox_prints_on_one_sheet(chromium: Any, shown: Path) -> None:  # noqa: ANN401
    tab = chromium.new_page()
    tab.goto(shown.as_uri())
    printed = tab.pdf(prefer_css_page_size=True)
    tab.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_read_by_everybody(
    chromium: Any,  # noqa: ANN401
    shown: Path,
    width: int,
    scheme: str,
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    tab = context.new_page()
    tab.goto(shown.as_uri())
    assert fits(tab)
    assert [one["id"] for one in axe.run(tab).response["violations"]] == []
    context.close()
