"""The index: what the service makes of each message, kept between runs."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.intake import NoteCode
from poc.engine.problems import Refused
from poc.sources import building
from poc.sources.found import Found
from poc.sources.index import Index, Row, build
from poc.sources.options import Options
from poc.sources.taking import Taken, Taker
from tests.sources.letters import letters, mail, mailbox, sentence

TEMPLATE = Path(__file__).parents[2]


def rows(root: Path, path: Path, how: Options | None = None) -> list[Row]:
    index = build(root, path, how or letters())
    try:
        return list(index.rows())
    finally:
        index.close()


def files(index: Index) -> list[tuple[str, int, bool]]:
    try:
        return [(one.name, one.messages, one.finished) for one in index.files()]
    finally:
        index.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


def test_a_row_says_what_the_service_makes_of_a_message(tmp_path: Path, source: Path) -> None:
    text = "Please tell me where my parcel is. I am waiting for it, thank you very much."
    (source / "a.eml").write_text(mail(text))
    (source / "b.eml").write_text(mail("please unsubscribe me from all of these letters"))
    (source / "c.csv").write_text(
        f'body,pages,sent,due\n"{text}",many,2025-01-02,\n"{text} Now.",1,,03.04.2025\n'
    )
    first, second, third, fourth = rows(tmp_path, source)
    assert (first.outcome, first.language, first.channel) == ("clean", "en", "mail")
    assert (first.characters, first.sent_at) == (len(text), "2025-01-06T10:00:00+00:00")
    assert first.empty == ("pages", "due")
    assert (second.outcome, second.reason) == ("quarantined", "unusable")
    assert second.sent_at == "2025-01-06T10:00:00+00:00"
    assert (third.outcome, third.reason) == ("refused", "fields: pages")
    assert third.sent_at == "2025-01-02T00:00:00+00:00"
    assert (fourth.outcome, fourth.channel, fourth.kind) == ("clean", "table", "table")


def test_notes_and_attachments_are_kept_by_kind(tmp_path: Path, source: Path) -> None:
    (source / "a.eml").write_text(
        "From: a@example.test\nSubject: Invoice\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/html\n\n<p>Here is the invoice you asked for.</p>\n"
        "--b\nContent-Type: application/pdf\n\nx\n--b--\n"
    )
    (row,) = rows(tmp_path, source)
    assert row.attachments == ("application/pdf",)
    assert {NoteCode.HTML_STRIPPED, NoteCode.ATTACHMENT_KEPT} <= set(row.notes)


def test_a_message_above_the_limit_of_the_door_is_refused(tmp_path: Path, source: Path) -> None:
    (source / "a.eml").write_text(mail("x" * 5000))
    (row,) = rows(tmp_path, source, letters(most=2000))
    assert (row.outcome, row.reason) == ("refused", "too large")
    assert row.bytes == (source / "a.eml").stat().st_size


def test_no_word_of_a_message_is_in_the_file(tmp_path: Path, source: Path) -> None:
    (source / "a.eml").write_text(mail("My xylophone is broken", "The zeppelin"))
    index = build(tmp_path, source, letters())
    index.close()
    raw = index.path.read_bytes()
    assert b"xylophone" not in raw
    assert b"zeppelin" not in raw
    assert b"ann@example" not in raw
    assert index.path.stat().st_mode & 0o077 == 0


def test_only_what_is_new_or_changed_is_read_again(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        mailbox(source / f"{name}.mbox", [sentence(ord(name)), sentence(ord(name) + 100)])
    before = rows(tmp_path, source)
    taken: list[str] = []
    take = Taker.take

    def heard(self: Taker, one: Found) -> Taken:
        taken.append(one.place)
        return take(self, one)

    monkeypatch.setattr(Taker, "take", heard)
    assert rows(tmp_path, source) == before
    assert taken == []
    mailbox(source / "b.mbox", [sentence(7)])
    (source / "c.mbox").unlink()
    os.utime(source / "a.mbox")
    after = rows(tmp_path, source)
    assert taken == ["b.mbox#1"]
    assert [one.place for one in after] == ["a.mbox#1", "a.mbox#2", "b.mbox#1"]


def test_a_file_changed_in_place_is_read_again(tmp_path: Path, source: Path) -> None:
    path = source / "a.eml"
    path.write_text(mail("the first text"))
    about = path.stat()
    (before,) = rows(tmp_path, source)
    path.write_text(mail("the other text"))
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    (after,) = rows(tmp_path, source)
    assert before.sha256 != after.sha256


def test_other_options_read_everything_again(tmp_path: Path, source: Path) -> None:
    (source / "a.csv").write_text("body,note\none,two\n")
    (before,) = rows(tmp_path, source)
    (after,) = rows(tmp_path, source, letters({"body": "note"}))
    assert before.sha256 != after.sha256


def test_killed_and_called_again_gives_the_same(tmp_path: Path, source: Path) -> None:
    texts = [sentence(number % 40) for number in range(60)]
    mailbox(source / "a.mbox", texts[:45])
    (source / "b.csv").write_text("body,pages\n" + "".join(f"{one},1\n" for one in texts[45:]))
    command = [sys.executable, "-m", "tests.sources.killed", str(tmp_path), str(source)]
    for after in (10, 30, 50):
        killed = subprocess.run([*command, str(after)], cwd=TEMPLATE, check=False)
        assert killed.returncode == -signal.SIGKILL
    heard: list[int] = []
    index = build(tmp_path, source, letters(), heard.append)
    assert heard[0] > 50
    found = list(index.rows())
    assert files(index) == [("a.mbox", 45, True), ("b.csv", 15, True)]
    assert found == rows(tmp_path / "elsewhere", source)


def test_stopped_by_hand_keeps_what_was_read(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "BATCH", 5)
    mailbox(source / "a.mbox", [sentence(number) for number in range(20)])

    def stop(messages: int) -> None:
        if messages >= 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, source, letters(), stop)
    heard: list[int] = []
    build(tmp_path, source, letters(), heard.append).close()
    assert heard == [15, 20]


def test_two_runs_at_once_and_a_damaged_index_end_with_a_sentence(
    tmp_path: Path, source: Path
) -> None:
    (source / "a.eml").write_text(mail("hello"))
    index = build(tmp_path, source, letters())
    index.close()
    other = sqlite3.connect(index.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Refused, match="Another run"):
        build(tmp_path, source, letters())
    other.close()
    index.path.write_bytes(b"no database" * 100)
    with pytest.raises(Refused, match=r"build/profile/index-\w+.sqlite is damaged; remove it"):
        build(tmp_path, source, letters())
