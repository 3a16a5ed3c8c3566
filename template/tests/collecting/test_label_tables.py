"""Labels that come and go as a table: the round trip, and every mistake named by its line."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import open_records
from app.records.labels.fields import fields_of
from app.records.labels.form import Form, read, text_of
from app.records.labels.models import LabelCase
from poc.labels.tables import labels, table
from tests.collecting.drawn import HELD, labelled, say
from tests.governance.console import Console
from tests.labels.desk import Letter, Letters, Tone, a_round
from tests.records.support import run

HEAD = "id,tone,formal,unsure,nothing,edge"
IMPORT = "poc label import development labels.csv --person ada"


@pytest.fixture
def started(console: Console, root: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.chdir(root)
    assert console.type("poc label start development") == 0
    return console


def fill(path: Path, with_: Callable[[dict[str, str]], dict[str, str]], **how: Any) -> None:  # noqa: ANN401
    """Open a table as a spreadsheet would, fill its cells, and save it."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), **how)
    writer.writeheader()
    writer.writerows({**row, **with_(row)} for row in rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def quiet(row: dict[str, str]) -> dict[str, str]:
    return {"nothing": "x"} if row["id"] == HELD else {"tone": "quiet", "formal": "yes"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_goes_out_and_comes_back_with_labels(
    started: Console, root: Path, delimiter: str
) -> None:
    assert started.type("poc label export development --to labels.csv") == 0
    assert "tone: loud | quiet | none" in started.out
    assert "case-0" not in started.out
    for person in ("ada", "ben"):
        (root / "labels.csv").unlink()
        started.type("poc label export development --to labels.csv")
        fill(root / "labels.csv", quiet, delimiter=delimiter)
        assert started.type(f"poc label import development labels.csv --person {person}") == 0
        assert f"8 labels by {person} were imported" in started.out
    assert started.type("poc label collect development") == 0
    assert labelled(root)["case-0"] == {"tone": "quiet", "formal": True, "edge": None}
    assert labelled(root)[HELD] == {"quarantined": "unusable", "edge": None}


@pytest.mark.parametrize("start", ["=1+1", "+49 30", "-1", "@here", "\tid", "\r=1"])
def test_no_cell_of_a_table_is_a_formula(start: str) -> None:
    content = table(a_round(), [LabelCase(start, start, (("Text", start),))]).decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(content, newline=""))
    assert row[:2] == [f"'{start}", f"'{start}\nText: {start}"]


@pytest.mark.parametrize("id", ["=1+1", "+49 30", "-1", "@here", "\tid", "'quoted", "'=1"])
def test_a_hostile_id_comes_back_as_it_was(tmp_path: Path, id: str) -> None:
    of = a_round()
    path = tmp_path / "labels.csv"
    path.write_bytes(table(of, [LabelCase(id, "=a", (("b", "c"),))]))
    fill(path, lambda _: {"tone": "none", "formal": "no"})
    (found,) = labels(path, of, [id], Letters())
    assert (found.label.case_id, found.label.value) == (id, {"tone": None, "formal": False})


def test_a_table_is_not_written_over_another(started: Console, root: Path) -> None:
    (root / "labels.csv").write_text("mine")
    assert started.type("poc label export development --to labels.csv") == 4
    assert "labels.csv exists" in started.err
    assert (root / "labels.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("case-7,quiet,yes,,,", "line 3: there is no case 'case-7' in development."),
        ("case-1,shrill,yes,,,", "line 3: Choose one for “Tone”: loud, quiet, none."),
        ("case-1,quiet,,,,", "line 3: Choose one for “Formal”: yes, no."),
        ("case-1,quiet,yes,x,,", "line 3: unsure goes with no label"),
        ("case-1,,,x,x,", "line 3: unsure goes with no label"),
        ("case-1,,,perhaps,,", "line 3: unsure has to be x or empty."),
        ("case-1,quiet,yes,,,odd", "line 3: There is no edge category with this name."),
        ("case-0,quiet,yes,,,", "line 3: the case case-0 stands on line 2 already."),
        ("case-1,quiet,yes,,,,more", "line 3: more cells than columns."),
        ('case-1,"quiet', "no CSV"),
    ],
)
def test_a_mistake_is_named_by_its_line_and_nothing_is_imported(
    started: Console, root: Path, row: str, sentence: str
) -> None:
    (root / "labels.csv").write_text(f"{HEAD}\ncase-0,quiet,yes,,,\n{row}\n")
    assert started.type(IMPORT) == 4
    assert sentence in started.err
    assert started.json("poc label status")["rounds"][0]["people"] == []


def test_all_mistakes_are_named_at_once_and_lines_count_what_wraps(
    started: Console, root: Path
) -> None:
    head = HEAD.replace("id,", "id,case,")
    rows = 'case-0,"three\nlines\nlong",quiet,yes,,,\nx,,quiet,yes,,,\ncase-1,,odd,yes,,,\n'
    (root / "labels.csv").write_text(f"{head}\n{rows}")
    started.type(IMPORT)
    assert "line 5: there is no case 'x'" in started.err
    assert "line 6: Choose one for “Tone”" in started.err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (f"{HEAD}\ncase-0,qui\xe9t,yes,,,\n".encode("latin-1"), "line 2: not UTF-8"),
        (b"\xff\xfei\x00d\x00", "line 1: not UTF-8"),
        (b"id,formal\ncase-0,yes\n", "the column tone is missing"),
        (b"", "the column id is missing"),
        (f"{HEAD},tone\n".encode(), "the column 'tone' stands there twice"),
        (f"{HEAD}\ncase-0,,,,,\n".encode(), "labels.csv holds no label"),
    ],
)
def test_a_file_that_is_no_table_of_labels_is_refused(
    started: Console, root: Path, content: bytes, sentence: str
) -> None:
    (root / "labels.csv").write_bytes(content)
    assert started.type(IMPORT) == 4
    assert sentence in started.err


def test_a_file_that_is_not_there_and_a_name_that_is_none(started: Console, root: Path) -> None:
    assert started.type(IMPORT) == 4
    assert "labels.csv is not there." in started.err
    assert started.type("poc label import development labels.csv --person ' '") == 4
    assert "--person needs a name" in started.err


def test_a_second_label_or_one_too_many_imports_nothing(
    started: Console, root: Path, url: str
) -> None:
    say(url, "ada", {"case-1": "quiet"})
    for person in ("ben", "cleo"):
        say(url, person, {"case-2": "quiet"})
    rows = "".join(f"case-{n},quiet,yes,,,\n" for n in range(3))
    (root / "labels.csv").write_text(f"{HEAD}\n{rows}")
    assert started.type(IMPORT) == 4
    assert "line 3: ada has labelled case-1 already" in started.err
    assert "line 4: case-2 has all its labels" in started.err
    people = started.json("poc label status")["rounds"][0]["people"]
    assert {one["person"]: one["labels"] for one in people} == {"ada": 1, "ben": 1, "cleo": 1}


def test_an_import_stands_in_the_audit_chain(started: Console, root: Path, url: str) -> None:
    (root / "labels.csv").write_text(f"{HEAD}\ncase-0,quiet,yes,,,two_tones\n")
    assert started.type(IMPORT) == 0
    records = open_records(url)
    found = run(records.round_labels("development"))
    records.close()
    assert found is not None
    assert [(one.source, one.edge, one.seconds) for one in found.labels] == [
        ("import", "two_tones", None)
    ]


VALUES = st.fixed_dictionaries(
    {
        "tone": st.sampled_from([None, *(str(one) for one in Tone)]),
        "formal": st.booleans(),
        "pages": st.integers(-(10**9), 10**9),
        "total": st.none() | st.floats(-1e9, 1e9),
        "sent": st.none() | st.dates().map(str),
        "names": st.lists(st.text("abc äß'=;,\"", min_size=1).map(str.strip).filter(bool)),
    }
)


@given(VALUES)
def test_every_value_has_a_text_that_gives_it_back(value: dict[str, Any]) -> None:
    form = Form(fields=fields_of(Letter))
    texts = {field.name: text_of(field, value[field.name]) for field in form.fields}
    assert read(form, Letter, "answer", texts, "") == (value, {})


@given(st.dictionaries(st.sampled_from(list(Letter.model_fields)), st.text()))
def test_whatever_is_written_is_a_value_or_a_sentence(texts: dict[str, str]) -> None:
    form = Form(fields=fields_of(Letter))
    value, wrong = read(form, Letter, "answer", texts, "")
    assert {*value, *wrong} == {field.name for field in form.fields}
    if not wrong:
        Letter.model_validate(value)
