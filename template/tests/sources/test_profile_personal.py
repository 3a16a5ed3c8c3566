"""Structured personal data is seen by kind; what only looks like it is not."""

import pytest

from poc.profile.personal import MOST, kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to ann.lee+post@mail.example.test please", "email"),
        ("call +49 30 901820", "phone"),
        ("call 0049 30 901820 today", "phone"),
        ("pay to DE89 3704 0044 0532 0130 00 now", "iban"),
        ("GB29NWBK60161331926819", "iban"),
        ("NO9386011117947", "iban"),
        ("my card 4111 1111 1111 1111 was charged", "card"),
        ("378282246310005", "card"),
        ("our VAT id is ATU12345678.", "tax_id"),
        ("Steuernummer: 21/815/08150", "tax_id"),
        ("logged in from 192.0.2.17 today", "ip"),
        ("from 2001:db8::17 today", "ip"),
    ],
)
def test_each_kind_is_seen(text: str, kind: str) -> None:
    assert kinds(text) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "meet me @ the station, at 10:30:15",
        "order 4111 1111 1111 1112 is late",
        "DE89 3704 0044 0532 0130 01",
        "version 1.2.3.4 of 300.1.2.3",
        "on 2025-01-06 I paid 1,234,567.89 for 12 of 24",
        "call 030 901820",
        "tracking 0012 3456",
        "a@b",
        "std::vector and a::b",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert kinds(text) == set()


def test_national_numbers_are_known_with_their_country() -> None:
    assert kinds("call 030 901820", "DE") == {"phone"}


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "a.",
        "a@",
        "a@a.",
        "DE89 ",
        "1.",
        "1.1",
        ":",
        "ab:",
        "+49 (",
        "00",
        "tax id ",
        "4-",
    ],
)
def test_hostile_text_is_read_to_a_limit(piece: str) -> None:
    tail = " ann@example.test"
    within = (piece * MOST)[: MOST - len(tail)] + tail
    assert "email" in kinds(within)
    assert "email" not in kinds(" " * MOST + tail)
