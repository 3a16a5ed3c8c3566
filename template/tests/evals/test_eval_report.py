"""The report is one accessible file, hides nothing, and takes every text literally."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from evals.blocks import Block, Matrix, Table, markdown
from evals.dataset import DatasetError
from evals.html import html
from evals.report import TITLE, compose, describe, write
from evals.result import Result, newest
from evals.training.curve import OUT_OF_FOLD, UNSEEN, Curve, CurvePoint, load_curve
from tests.evals.eval_fakes import case, result, row

CASES = [case(number, edge="messy" if number < 8 else None) for number in range(40)]
ROWS = [row(number, right=number % 5 > 0, accepted=number < 25) for number in range(40)]
NOTICE = "Synthetic cases: these figures do not describe your mail."
POINTS = [
    CurvePoint(families=n, seed=s, cases=n, evaluation=n / 20 + s / 8, out_of_fold=n / 20)
    for n in (2, 8)
    for s in (1, 2)
]
CURVE = Curve(dataset_digest="d", points=POINTS)


class Page(HTMLParser):
    """Collects the tags of a page with their attributes, and checks that they are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def _found(origin: str = "synthetic") -> Result:
    return result([one.model_copy(update={"origin": origin}) for one in CASES], ROWS)


def test_the_page_needs_nothing_but_itself() -> None:
    text = html(TITLE, compose(_found(), CURVE))
    page = Page(text)
    assert page.open == []
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert not [a for _, a in page.tags if {"src", "href", "style", "onclick"} & set(a)]
    assert "http" not in text
    assert "@import" not in text
    assert "url(" not in text


def test_tables_and_pictures_speak_to_a_screen_reader() -> None:
    page = Page(html(TITLE, compose(_found(), CURVE)))
    assert page.named("html") == [{"lang": "en"}]
    assert len(page.named("table")) == len(page.named("caption")) >= 9
    assert {head.get("scope") for head in page.named("th")} == {"col", "row"}
    assert len(page.named("svg")) == 2
    assert all(picture["role"] == "img" for picture in page.named("svg"))
    assert len(page.named("title")) == 3


def test_synthetic_cases_are_the_first_thing_said() -> None:
    blocks = compose(_found(), None)
    assert markdown(TITLE, blocks).splitlines()[2] == f"> **{NOTICE}**"
    assert html(TITLE, blocks).index(NOTICE) < html(TITLE, blocks).index("<table")
    assert describe(_found()).splitlines()[0] == NOTICE
    real = compose(_found("production"), None)
    assert NOTICE not in html(TITLE, real)


def test_a_part_of_the_cases_decides_nothing_and_says_so() -> None:
    part = result(CASES, ROWS[:20])
    assert "figures decide nothing" in html(TITLE, compose(part, None))
    assert "figures decide nothing" in describe(part)
    assert "figures decide nothing" not in describe(_found())


def test_the_confusion_is_readable_without_colour() -> None:
    matrix = Matrix("What was what", ["a", "b"], ["a", "b", "none"], [[9, 1, 0], [0, 0, 3]])
    text = html("t", [matrix])
    assert '<td class="figure s5 right">9</td><td class="figure s0">1</td>' in text
    assert '<td class="figure s0 right">0</td><td class="figure s5">3</td>' in text
    assert "| a | 9 | 1 | 0 |" in markdown("t", [matrix])


def test_texts_are_escaped_everywhere() -> None:
    evil = "<script>alert('x')</script> | `a` \n b"
    blocks: list[Block] = [
        Table(evil, [evil, evil], [[evil, evil]]),
        Matrix(evil, [evil], [evil], [[1]]),
    ]
    page, text = Page(html(evil, blocks)), markdown(evil, blocks)
    assert not page.named("script")
    assert "<script>" not in text
    assert all(line.count("|") - line.count("\\|") in (0, 3) for line in text.splitlines())


def test_the_markdown_holds_the_figures() -> None:
    text = markdown(TITLE, compose(_found(), CURVE))
    assert "| accuracy | 80.0% (" in text
    assert "| precision | 80.0% (" in text
    assert "| coverage | 62.5% (" in text
    assert "| to a person | below\\_threshold | 15 |" in text
    assert "| messy | Messy | answered or reviewed | intake |" in text
    assert "| 8 | 58.8% | 40.0% |" in text
    assert "| origin of the cases | synthetic 40 |" in text


def test_a_95th_percentile_without_a_bound_says_so() -> None:
    assert "to no bound |" in markdown(TITLE, compose(_found(), None))


def test_nothing_accepted_and_nothing_calibrated_is_said_in_words() -> None:
    update = {"acceptance": None, "threshold": None}
    rows = [row(n, accepted=False).model_copy(update=update) for n in range(40)]
    text = markdown(TITLE, compose(result(CASES, rows), None))
    assert "| precision | no cases | 0 | 0 |" in text
    assert "no threshold" in text
    assert "There is no calibration for this model" in text


def test_all_three_files_are_written_and_the_newest_result_is_found(tmp_path: Path) -> None:
    first, second = _found(), _found()
    write(second.model_copy(update={"key": "!"}), tmp_path / "b")
    write(first, tmp_path / "a")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["report.html", "report.md", "result.json"]
    found = newest(tmp_path, "evaluation")
    assert found is not None
    assert found.key == "!"
    assert found.whole == second.whole
    assert newest(tmp_path, "training") is None
    (tmp_path / "a" / "result.json").write_text("{}")
    with pytest.raises(ValueError, match=r"a/result\.json is damaged"):
        newest(tmp_path, "evaluation")


def test_the_curve_groups_seeds_and_a_damaged_file_is_named(tmp_path: Path) -> None:
    groups = CURVE.by_families()
    assert list(groups) == [2, 8]
    assert groups[2] == {UNSEEN: [0.225, 0.35], OUT_OF_FOLD: [0.1, 0.1]}
    path = tmp_path / "curve.json"
    assert load_curve(path) is None
    path.write_text(CURVE.model_dump_json())
    assert load_curve(path) == CURVE
    path.write_text("[")
    with pytest.raises(DatasetError, match=r"curve\.json is damaged"):
        load_curve(path)
