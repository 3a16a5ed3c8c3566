"""Exports as tables: odd encodings, broken quotes, columns under any name."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from poc.engine.problems import Refused
from poc.sources.found import Found, Unread
from poc.sources.options import Options, options
from poc.sources.reading import read
from tests.sources.letters import LETTERS, letters


def table(path: Path, content: bytes, how: Options | None = None) -> list[dict[str, Any] | str]:
    """Each row as JSON, or the sentence about it."""
    path.write_bytes(content)
    return [
        json.loads(one.raw.body) if isinstance(one, Found) else one.why
        for one in read(path, how or letters())
    ]


def test_columns_are_found_by_name_whatever_case_blanks_and_dashes(tmp_path: Path) -> None:
    content = b"No;BODY;Received-At;Pages;Due\n7;Hello;03.04.2025 10:00;2;4.4.2025\n8;Bye;;;\n"
    assert table(tmp_path / "a.csv", content) == [
        {
            "body": "Hello",
            "received_at": "2025-04-03T10:00:00+00:00",
            "pages": 2,
            "due": "2025-04-04",
        },
        {"body": "Bye"},
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(("subject", "body")) + "\n" + delimiter.join(("A", '"one, two; |\tx"'))
    assert table(tmp_path / "a.csv", text.encode()) == [{"subject": "A", "body": "one, two; |\tx"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_are_found(tmp_path: Path, encoding: str) -> None:
    content = "subject,body\nGrüße,Straße – 5 €\n".encode(encoding)
    assert table(tmp_path / "a.csv", content) == [{"subject": "Grüße", "body": "Straße – 5 €"}]


def test_three_encodings_in_one_file_and_a_quoted_newline(tmp_path: Path) -> None:
    content = (
        b"subject;body\n"
        + 'Größe;"erste Zeile\nzweite; Zeile"\n5 €;\u2013\n'.encode("cp1252")
        + "Grüße;schön\n".encode()
        + b"raw;\x81\x8d latin\n"
    )
    rows = table(tmp_path / "a.csv", content)
    assert rows[:3] == [
        {"subject": "Größe", "body": "erste Zeile\nzweite; Zeile"},
        {"subject": "5 €", "body": "\u2013"},
        {"subject": "Grüße", "body": "schön"},
    ]
    assert rows[3] == {"subject": "raw", "body": "\x81\x8d latin"}


def test_a_quote_nobody_closes_costs_no_other_row(tmp_path: Path) -> None:
    content = b'subject,body\na,"open\nb,"fine ""quoted"" text"\nc,last\n'
    assert table(tmp_path / "a.csv", content) == [
        {"subject": "a", "body": "open"},
        {"subject": "b", "body": 'fine "quoted" text'},
        {"subject": "c", "body": "last"},
    ]


def test_a_row_of_several_lines_has_as_many_cells_as_the_header(tmp_path: Path) -> None:
    content = b'subject,body\na,"open\nb",next\nc,"two\nlines"\n'
    assert table(tmp_path / "a.csv", content) == [
        {"subject": "a", "body": "open"},
        {"subject": 'b"', "body": "next"},
        {"subject": "c", "body": "two\nlines"},
    ]


def test_short_rows_go_on_and_long_ones_are_named(tmp_path: Path) -> None:
    content = b"subject,body,pages\nonly\na,b,1,more\na,b,1,,\n\nx,y\n"
    rows = table(tmp_path / "a.csv", content)
    assert rows[0] == {"subject": "only"}
    assert "more cells than the header" in str(rows[1])
    assert rows[2:] == [{"subject": "a", "body": "b", "pages": 1}, {"subject": "x", "body": "y"}]


def test_a_long_cell_is_read_whole(tmp_path: Path) -> None:
    long = "word " * 60_000
    assert table(tmp_path / "a.csv", f'subject,body\nx,"{long}"\n'.encode()) == [
        {"subject": "x", "body": long}
    ]


def test_a_table_without_a_required_column_says_which_option_to_add(tmp_path: Path) -> None:
    content = b"Betreff,Beschreibung\nA,B\n"
    with pytest.raises(Refused) as refused:
        table(tmp_path / "a.csv", content)
    told = str(refused.value)
    assert "'Betreff', 'Beschreibung'" in told
    assert "--column body=NAME" in told
    mapped = letters({"body": "beschreibung"})
    assert table(tmp_path / "a.csv", content, mapped) == [{"body": "B"}]


def test_in_a_folder_such_a_table_is_named_and_the_others_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,town\nx,y\n")
    (tmp_path / "b.csv").write_text("body\nhello\n")
    first, second = read(tmp_path, letters())
    assert isinstance(first, Unread)
    assert "'name', 'town'" in first.why
    assert isinstance(second, Found)


def test_a_date_the_input_does_not_have_is_kept_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("body,Datum\nx,2025-04-03T10:00:00+02:00\ny,no day\nz,1/2/2025\n")
    sent = [one.sent for one in read(path, letters()) if isinstance(one, Found)]
    assert sent == [datetime(2025, 4, 3, 8, tzinfo=UTC), None, None]
    ways = letters(dates="%m/%d/%Y")
    assert list(read(path, ways))[2].sent == datetime(2025, 1, 2, tzinfo=UTC)  # type: ignore[union-attr]


def test_a_value_that_does_not_fit_is_left_for_the_service_to_judge(tmp_path: Path) -> None:
    content = b"body,pages,channel\nx,two,Mail\ny,3,pigeon\n"
    assert table(tmp_path / "a.csv", content) == [
        {"body": "x", "pages": "two", "channel": "mail"},
        {"body": "y", "pages": 3, "channel": "pigeon"},
    ]


def test_a_text_file_is_a_table_only_if_it_names_the_columns(tmp_path: Path) -> None:
    assert table(tmp_path / "a.txt", b"subject|body\nq|w\n") == [{"subject": "q", "body": "w"}]
    (tmp_path / "b.txt").write_text("Subject: a note, not a mail\n\nMy parcel, it is late")
    (one,) = read(tmp_path / "b.txt", letters())
    assert isinstance(one, Found)
    assert (one.kind, one.raw.content_type) == ("text", "text/plain")


def test_json_lines_and_lists_are_read_object_by_object(tmp_path: Path) -> None:
    lines = b'{"body": "one", "n": 1}\n{"body\n\n{"BODY": "two"}\n'
    rows = table(tmp_path / "a.jsonl", lines)
    assert [rows[0], rows[2]] == [{"body": "one"}, {"body": "two"}]
    assert "no JSON object" in str(rows[1])
    rows = table(tmp_path / "c.jsonl", b'{"Body": "x", "due": "4.4.2025"}\n')
    assert rows == [{"body": "x", "due": "2025-04-04"}]
    rows = table(tmp_path / "b.json", b'[{"body": "one"},\n 4, {"body": "two"}, {"body": "cu')
    assert [rows[0], rows[2]] == [{"body": "one"}, {"body": "two"}]
    assert "no JSON object" in str(rows[1])
    assert "cut" in str(rows[3])


def test_a_json_list_larger_than_what_is_read_at_once(tmp_path: Path) -> None:
    every = [{"body": "ü€" * (number + 50)} for number in range(900)]
    content = json.dumps(every, ensure_ascii=False)
    assert table(tmp_path / "a.json", content.encode()) == every
    assert table(tmp_path / "a.json", content.encode("utf-16")) == every


def test_an_option_that_cannot_be_right_is_refused() -> None:
    with pytest.raises(
        Refused, match="write body, subject, pages, channel, received_at, due, sent"
    ):
        options({"text": "x"}, usecase=LETTERS)
    with pytest.raises(Refused, match="no encoding has this name"):
        options({}, encoding="klingon", usecase=LETTERS)
