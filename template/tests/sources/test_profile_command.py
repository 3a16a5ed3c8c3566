"""`poc profile`: the page, the text, the exit codes, and what it writes into the charter."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from poc.engine.problems import Exit
from tests.governance.console import Console
from tests.governance.sample import change, project
from tests.sources.letters import LETTERS, mail, mailbox, sentence


class Words(HTMLParser):
    """The visible text of a page, and the names of its tags."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


@pytest.fixture(autouse=True)
def usecase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("poc.sources.options.USE_CASE", LETTERS)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project(tmp_path)


@pytest.fixture
def type_(root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], Console]:
    """Type a command line and see what it printed; the exit code is asserted by `code`."""

    def typed(line: str, code: Exit = Exit.OK) -> Console:
        console = Console(root, capsys)
        assert console.type(line) == code, console.err
        return console

    return typed


def page(root: Path) -> Words:
    return Words(root / "build" / "profile" / "profile.html")


def charter(root: Path) -> list[dict[str, Any]]:
    data: dict[str, Any] = yaml.safe_load((root / "governance" / "charter.yaml").read_text("utf-8"))
    inputs: list[dict[str, Any]] = data["inputs"]
    return inputs


def test_the_page_and_the_text_say_what_is_there(
    root: Path, tmp_path: Path, type_: Callable[..., Console]
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    mailbox(folder / "in.mbox", [f"{sentence(1)} call +49 30 901820", sentence(2), sentence(2)])
    (folder / "out.eml").write_text(mail("please unsubscribe me"))
    (folder / "scan.pdf").write_bytes(b"x")
    console = type_(f"poc profile {folder}")
    text = page(root).text
    for shown in (console.out, text):
        flat = " ".join(shown.split())
        assert "4 messages in 2 files" in flat
        assert "answer 75 %, hold back 25 % and refuse none" in flat.replace("\xa0", " ")
        assert "no case of this kind" in flat
        assert "route it by hand" in flat
        assert "telephone numbers" in flat
        assert "nothing was sent anywhere" in flat
        assert "901820" not in flat
    assert "Names and postal addresses are not detected" in " ".join(text.split())
    data = json.loads((root / "build" / "profile" / "profile.json").read_text("utf-8"))
    assert (data["messages"], data["usable"], data["repeats"]) == (4, 3, 1)
    assert data["personal"] == {"text:phone": 1}
    assert data == Console.json(console, f"poc profile {folder}")


def test_names_of_files_and_columns_cannot_become_markup(
    root: Path, tmp_path: Path, type_: Callable[..., Console]
) -> None:
    path = tmp_path / "<script>alert(1)<script>.csv"
    path.write_text("body,<img src=x>\nhello,x\n")
    type_(f"poc profile '{path}'")
    found = page(root)
    assert not {"script", "img"} & found.tags
    assert "<img src=x>" in found.text


def test_ten_thousand_repeats_are_one_family(
    root: Path, tmp_path: Path, type_: Callable[..., Console]
) -> None:
    (tmp_path / "a.csv").write_text("body\n" + "".join(f"ok {n}\n" for n in range(10_000)))
    data = type_(f"poc profile {tmp_path / 'a.csv'}").json(f"poc profile {tmp_path / 'a.csv'}")
    assert (data["messages"], data["repeats"], data["families"]) == (10_000, 9_999, 1)
    assert data["largestFamily"] == 10_000


def test_a_folder_without_a_usable_message_is_refused_and_still_gets_a_page(
    root: Path, tmp_path: Path, type_: Callable[..., Console]
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    assert "no message in it" in type_(f"poc profile {folder}", Exit.REFUSED).out
    (folder / "a.pst").write_bytes(b"x")
    (folder / "b.eml").write_text(mail("unsubscribe"))
    console = type_(f"poc profile {folder} --write", Exit.REFUSED)
    assert "There is no message the service could answer" in console.out
    assert "export it as .mbox" in page(root).text
    assert not (root / "governance" / "profile.json").exists()
    assert charter(root)[0]["share"] == 1.0


def test_a_table_nobody_can_read_names_the_option(
    tmp_path: Path, type_: Callable[..., Console]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Text\nhello\n")
    assert "--column body=NAME" in type_(f"poc profile {path}", Exit.REFUSED).err
    assert "1 message in 1 file" in type_(f"poc profile {path} --column body=text").out
    assert "write FIELD=NAME" in type_(f"poc profile {path} --column body", Exit.USAGE).err
    assert "no such file" in type_(f"poc profile {path}.old", Exit.REFUSED).err


def test_write_sets_the_shares_and_keeps_the_comments(
    root: Path, tmp_path: Path, type_: Callable[..., Console]
) -> None:
    path = root / "governance" / "charter.yaml"
    text = path.read_text("utf-8").replace(
        "  - kind: letter\n    share: 1.0\n",
        "  # what arrives\n  - kind: E-mail  # of customers\n    share: 1.0\n"
        "    onFailure: refuse\n  - kind: fax\n    share: 0.4\n",
    )
    path.write_text(text, "utf-8")
    source = tmp_path / "export"
    source.mkdir()
    mailbox(source / "a.mbox", [sentence(1), sentence(2), sentence(3)])
    (source / "b.csv").write_text(f"body\n{sentence(4)}\n")
    console = type_(f"poc profile {source} --write")
    assert "governance/charter.yaml, governance/profile.json" in console.out
    shares = [(one["kind"], one["share"]) for one in charter(root)]
    assert shares == [("E-mail", 0.75), ("fax", 0.0), ("table", 0.25)]
    assert charter(root)[0]["onFailure"] == "refuse"
    assert charter(root)[2]["onFailure"] == "quarantine"
    assert "# what arrives" in path.read_text("utf-8")
    assert "# of customers" in path.read_text("utf-8")
    kept = json.loads((root / "governance" / "profile.json").read_text("utf-8"))
    assert kept["shares"] == {"mail": 0.75, "table": 0.25}
    assert len(kept["index"]) == 64
    assert sentence(1).split()[0] not in json.dumps(kept)
    before = path.read_bytes()
    type_(f"poc profile {source} --write")
    assert path.read_bytes() == before


def test_a_mistake_in_the_charter_is_named_and_nothing_written(
    root: Path, tmp_path: Path, type_: Callable[..., Console]
) -> None:
    change(root, "charter", {"intent": "perhaps"})
    mailbox(tmp_path / "a.mbox", ["hello"])
    console = type_(f"poc profile {tmp_path / 'a.mbox'} --write", Exit.INVALID)
    assert "governance/charter.yaml:" in console.err
    assert not (root / "governance" / "profile.json").exists()


def test_stopping_says_how_to_go_on(
    tmp_path: Path, type_: Callable[..., Console], monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox(tmp_path / "a.mbox", ["hello"])

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("poc.sources.index.Building.run", stop)
        console = type_(f"poc profile {tmp_path / 'a.mbox'}", Exit.REFUSED)
    assert "the same command goes on from there" in console.err
    type_(f"poc profile {tmp_path / 'a.mbox'}")
