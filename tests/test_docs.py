"""The docs say what is true now: figures, commands, settings and files."""

import json
import re
from pathlib import Path

import pytest
from builds import YARDSTICK
from conftest import ROOT, TEMPLATE

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "AGENTS.md",
    TEMPLATE / "README.md.jinja",
    TEMPLATE / "AGENTS.md",
    TEMPLATE / "app" / "usecase" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]


def targets(folder: Path) -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (folder / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_command_exists(page: Path) -> None:
    for words in re.findall(r"(?:`|    |\()make ((?:-s )?[a-z][a-z -]*)", page.read_text()):
        for target in words.removeprefix("-s ").split("  ")[0].split():
            assert target in targets(ROOT) | targets(TEMPLATE), f"{page}: make {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_path_exists(page: Path) -> None:
    text = page.read_text()
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (page.parent / target).exists(), target
    for path in re.findall(r"`((?:app|evals|local|docs|tools|tests|template)/[\w./-]+)`", text):
        if path in ("app/integrations/crm.py",):
            continue
        assert (ROOT / path).exists() or (TEMPLATE / path).exists(), f"{page}: {path}"


def test_every_setting_in_the_docs_exists() -> None:
    settings = (TEMPLATE / "app" / "settings.py").read_text()
    for page in [*PAGES, TEMPLATE / ".env.example"]:
        for name in re.findall(r"\bAPP_([A-Z_]+)\b", page.read_text()):
            assert re.search(rf"^    {name.lower()}:", settings, re.MULTILINE), (
                f"{page}: APP_{name}"
            )


def test_the_published_figures_are_those_of_the_stored_result() -> None:
    whole = json.loads((TEMPLATE / "evals" / "baseline.json").read_text())["whole"]
    for page in (ROOT / "README.md", ROOT / "docs" / "evals.md"):
        for measure in ("accuracy", "precision", "coverage"):
            assert f"{whole[measure]['point'] * 100:.1f} %" in page.read_text(), (page, measure)


def test_the_stored_result_keeps_its_promises() -> None:
    whole = json.loads((TEMPLATE / "evals" / "baseline.json").read_text())["whole"]
    assert whole["precision"]["point"] >= 0.90
    assert whole["coverage"]["point"] > 1 / 3


def test_the_published_curve_is_the_stored_one() -> None:
    points = json.loads((TEMPLATE / "evals" / "learning_curve.json").read_text())["points"]
    [row] = re.findall(
        r"^\| evaluation families \| (.*) \|$",
        (ROOT / "docs" / "evals.md").read_text(),
        re.MULTILINE,
    )
    sizes = sorted({point["families"] for point in points})
    means = [
        sum(p["evaluation"] for p in points if p["families"] == size)
        / sum(p["families"] == size for p in points)
        for size in sizes
    ]
    assert row.split(" | ") == [f"{mean * 100:.0f} %" for mean in means]


def test_the_lines_to_review_are_told_rightly() -> None:
    rows = re.findall(
        r"^\| `([\w/.]+)` \|.*\| (\d+) \|$",
        (TEMPLATE / "README.md.jinja").read_text(),
        re.MULTILINE,
    )
    assert len(rows) > 8
    for room, told in rows:
        path = TEMPLATE / room
        files = [path] if path.is_file() else list(path.rglob("*.py"))
        files = [one for one in files if not set(one.parents) & {TEMPLATE / r for r in YARDSTICK}]
        lines = sum(len(file.read_text().splitlines()) for file in files)
        assert abs(lines - int(told)) <= max(25, lines * 0.1), f"{room}: {lines}"
