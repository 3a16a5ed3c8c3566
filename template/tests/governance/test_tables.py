"""Tables and paragraphs fit the terminal, and nothing in a file moves its cursor."""

import pytest

from poc.commands.tables import bullets, paragraph, table, width


@pytest.mark.parametrize(
    ("columns", "used"), [("30", 60), ("60", 60), ("90", 90), ("120", 120), ("400", 120)]
)
def test_it_writes_as_wide_as_the_terminal_within_reason(
    monkeypatch: pytest.MonkeyPatch, columns: str, used: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert width() == used
    text = "word " * 100
    assert max(map(len, paragraph(text).splitlines())) in range(used - 5, used + 1)
    rows = table(("a", "b"), [("short", text)]).splitlines()
    assert max(map(len, rows)) in range(used - 5, used + 1)


def test_columns_are_as_wide_as_their_widest_cell_and_the_last_wraps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    rows = [("one", "1", "x" * 30 + " " + "y" * 30), ("three", "22", "")]
    assert table(("name", "n", "text"), rows, right=(1,)).splitlines() == [
        "name    n  text",
        "-----  --  " + "-" * 49,
        "one     1  " + "x" * 30,
        "           " + "y" * 30,
        "three  22",
    ]
    assert table(("a", "b"), [("x", "1")], right=(1,)).splitlines()[2] == "x" + " " * 21 + "1"


def test_a_narrow_terminal_leaves_room_for_the_last_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = table(("a", "b"), [("x" * 70, "y" * 10 + " " + "z" * 15)]).splitlines()
    assert lines[2:] == ["x" * 70 + "  " + "y" * 10, " " * 72 + "z" * 15]


def test_a_command_can_be_copied_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    command = "poc-amend-" + "x" * 80
    assert command in paragraph(f"Once they agree, say: {command} now.")
    text = "Say the following as it stands here: poc amend --approved-by sponsor"
    assert "--approved-by" in paragraph(text) and "\n" in paragraph(text)


def test_nothing_in_a_file_moves_the_cursor() -> None:
    evil = "a\x1b[2Jb\rc\nd\te\u202ef"
    for shown in (paragraph(evil), bullets([evil]), table(("x",), [(evil,)])):
        assert not set(shown) & set("\x1b\r\t\u202e")
        assert "b c d e f" in shown


def test_bullets_are_indented_below_their_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert bullets(["x" * 40 + " " + "y" * 40, "z"], "!").splitlines() == [
        "  ! " + "x" * 40,
        "    " + "y" * 40,
        "  ! z",
    ]
    assert paragraph("a b", indent="   ") == "   a b"
