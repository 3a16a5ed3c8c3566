"""Mailboxes and mails as programs write them, whole and broken."""

import gzip
import os
from pathlib import Path

import pytest

from poc.engine.problems import Refused
from poc.sources.found import Found, Unread
from poc.sources.reading import fetch, read
from tests.sources.letters import letters, mail, mailbox, sentence


def found(path: Path, most: int = 1 << 20) -> list[Found]:
    return [one for one in read(path, letters(most=most)) if isinstance(one, Found)]


def unread(path: Path) -> dict[str, str]:
    return {one.place: one.why for one in read(path, letters()) if isinstance(one, Unread)}


def test_a_mailbox_gives_every_mail_with_its_number(tmp_path: Path) -> None:
    mailbox(tmp_path / "in.mbox", ["one", "two", "three"])
    mails = found(tmp_path)
    assert [one.place for one in mails] == ["in.mbox#1", "in.mbox#2", "in.mbox#3"]
    assert [one.raw.body.split()[-1] for one in mails] == [b"one", b"two", b"three"]
    assert {one.raw.content_type for one in mails} == {"message/rfc822"}


def test_a_from_line_within_a_mail_does_not_split_it(tmp_path: Path) -> None:
    text = "See below.\n\nFrom Berlin it takes two days.\nBye.\n\n>From Rome it takes three."
    mailbox(tmp_path / "in.mbox", [text, "next"])
    first, second = found(tmp_path)
    assert b"From Berlin it takes two days." in first.raw.body
    assert b"\nFrom Rome" in first.raw.body
    assert b"next" in second.raw.body


def test_a_from_line_that_a_header_would_follow_needs_an_empty_line_before_it(
    tmp_path: Path,
) -> None:
    mailbox(tmp_path / "in.mbox", ["He wrote\nFrom here on\nNote: all is well", "next"])
    assert len(found(tmp_path)) == 2


def test_a_mailbox_cut_in_the_middle_still_gives_its_last_piece(tmp_path: Path) -> None:
    path = mailbox(tmp_path / "in.mbox", ["one", "the last one is long"])
    path.write_bytes(path.read_bytes()[:-10])
    mails = found(path)
    assert len(mails) == 2
    assert mails[1].raw.body.endswith(b"the last one")


def test_a_huge_mail_is_kept_in_part_and_its_size_is_told(tmp_path: Path) -> None:
    mailbox(tmp_path / "in.mbox", ["x" * 5000, "small"])
    (tmp_path / "one.eml").write_text(mail("y" * 5000))
    big, small, alone = found(tmp_path, most=1000)
    assert len(big.raw.body) == len(alone.raw.body) == 1000
    assert big.bytes > 5000
    assert alone.bytes == (tmp_path / "one.eml").stat().st_size
    assert small.size is None


def test_mails_are_known_by_their_look_where_the_name_says_nothing(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox" / "cur"
    inbox.mkdir(parents=True)
    (inbox / "1736157600.M1P2.host:2,S").write_text("Return-Path: <a@example.test>\n" + mail("hi"))
    mailbox(tmp_path / "archive", ["one", "two"])
    (tmp_path / "dovecot.index").write_bytes(b"\x00\x01\x02")
    assert [one.place for one in found(tmp_path)] == [
        "archive#1",
        "archive#2",
        "inbox/cur/1736157600.M1P2.host:2,S",
    ]
    assert "nothing that looks like a message" in unread(tmp_path)["dovecot.index"]


def test_what_is_not_handled_is_named_with_what_to_do(tmp_path: Path) -> None:
    for name in ("a.pst", "b.docx", "c.zip", "d.png", "e.xlsx"):
        (tmp_path / name).write_bytes(b"PK")
    (tmp_path / "f.eml").touch()
    why = unread(tmp_path)
    assert sorted(why) == ["a.pst", "b.docx", "c.zip", "d.png", "e.xlsx", "f.eml"]
    assert ".mbox" in why["a.pst"]
    assert "unpack" in why["c.zip"]
    assert ".csv" in why["e.xlsx"]
    assert found(tmp_path) == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    (outside / "secret.eml").write_text(mail("secret"))
    os.symlink(outside, folder / "there")
    os.symlink(outside / "secret.eml", folder / "mail.eml")
    os.symlink(folder, folder / "loop")
    os.mkfifo(folder / "pipe.eml")
    assert found(folder) == []
    assert sorted(unread(folder)) == ["loop", "mail.eml", "pipe.eml", "there"]


def test_packed_files_are_read_and_damaged_ones_named(tmp_path: Path) -> None:
    box = mailbox(tmp_path / "x", [sentence(number) * 20 for number in range(500)])
    packed = gzip.compress(box.read_bytes())
    box.unlink()
    (tmp_path / "a.mbox.gz").write_bytes(packed)
    (tmp_path / "b.mbox.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "c.eml.gz").write_bytes(b"no gzip at all")
    places = [one.place for one in found(tmp_path)]
    assert places[:500] == [f"a.mbox.gz#{number}" for number in range(1, 501)]
    assert "b.mbox.gz#20" in places
    why = unread(tmp_path)
    assert "damaged or cut" in why["b.mbox.gz"]
    assert "c.eml.gz" in why


def test_chosen_messages_come_again_by_place(tmp_path: Path) -> None:
    mailbox(tmp_path / "in.mbox", ["one", "two", "three"])
    (tmp_path / "z.eml").write_text(mail("four"))
    (tmp_path / "y.eml").write_text(mail("five"))
    again = list(fetch(tmp_path, letters(), {"z.eml", "in.mbox#2", "in.mbox#9"}))
    assert [one.place for one in again] == ["in.mbox#2", "z.eml"]
    assert b"two" in again[0].raw.body


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no such file or folder"):
        found(tmp_path / "nothing")


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.eml", "a/z.eml", "a.eml", "c/a.eml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(mail(name))
    assert [one.place for one in found(tmp_path)] == ["a/z.eml", "a.eml", "b.eml", "c/a.eml"]
