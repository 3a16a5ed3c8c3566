"""Whether the newest messages differ from the oldest by more than chance."""

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from poc.profile.drift import chi_square, grouped, ks, psi
from poc.profile.figures import Profile, figures
from poc.profile.periods import periods
from poc.sources.index import build
from tests.sources.letters import letters, mail, sentence

TODAY = date(2026, 1, 1)
GERMAN = (
    "bitte sagen mir wo mein Paket geblieben ist denn ich warte schon lange darauf und niemand hat"
    " sich gemeldet obwohl die Rechnung bezahlt wurde nun möchte wissen wann endlich kommt oder ob"
    " das Geld zurück geht weil der Händler nicht antwortet"
)
ENGLISH = (
    "please tell me where my parcel is because I have been waiting for a long time and nobody has"
    " answered although the invoice was paid now would like to know when it finally comes or if the"
    " money goes back since your shop does not reply"
)


def profile(folder: Path, mails: list[tuple[str, str]]) -> Profile:
    """The figures of mails of (text, date)."""
    text = "".join(f"From a\n{mail(text, day=day)}\n" for text, day in mails)
    (folder / "a.mbox").write_text(text)
    index = build(folder, folder / "a.mbox", letters())
    found = figures(index, TODAY)
    index.close()
    return found


def day(number: int) -> str:
    when = date(2024, 1, 1) + timedelta(days=number)
    return when.strftime("%d %b %Y 10:00:00 +0000")


def test_the_quantile_is_that_of_the_tables() -> None:
    for freedom, true in ((1, 3.841), (2, 5.991), (3, 7.815), (5, 11.070), (10, 18.307)):
        assert chi_square(freedom) == pytest.approx(true, rel=0.01)
    assert chi_square(0) == 0


def test_psi_of_hand_computed_counts() -> None:
    # 60:40 against 40:60 of 100 each: 2 * (60.5 - 40.5) / 101 * ln(60.5 / 40.5)
    shift = psi("x", ["a"] * 60 + ["b"] * 40, ["a"] * 40 + ["b"] * 60)
    assert shift.value == pytest.approx(0.15896, abs=1e-4)
    assert shift.bound == pytest.approx(0.1)
    assert shift.moved


def test_small_samples_need_a_larger_difference() -> None:
    small = psi("x", ["a"] * 12 + ["b"] * 8, ["a"] * 8 + ["b"] * 12)
    assert small.bound == pytest.approx(3.841 * 0.1, rel=0.01)
    assert not small.moved


def test_chance_alone_is_seldom_a_shift() -> None:
    chance = random.Random(5)  # noqa: S311 - a sample, no secret
    wrong = [0, 0, 0]
    for _ in range(200):
        old, new = ([int(chance.gammavariate(2, 40)) for _ in range(100)] for _ in range(2))
        wrong[0] += psi("x", *grouped(old, new)).moved
        wrong[1] += ks("x", old, new).moved
        wrong[2] += psi("x", *([str(one % 3) for one in part] for part in (old, new))).moved
    assert max(wrong) <= 20


def test_ks_sees_longer_texts() -> None:
    shift = ks("length", list(range(100)), list(range(30, 130)))
    assert shift.value == pytest.approx(0.3)
    assert shift.moved


def test_a_change_of_language_shows(tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311 - a sample, no secret
    mails = [
        (" ".join(chance.sample((GERMAN if i > 210 else ENGLISH).split(), 20)), day(i))
        for i in range(280)
    ]
    found = profile(tmp_path, mails)
    assert found.families > 200
    language = found.drift[0]
    assert (language.what, language.moved) == ("language", True)


def test_repeats_are_no_shift(tmp_path: Path) -> None:
    texts = [f"{sentence(i)} {sentence(i + 700)}" for i in range(260)]
    mails = [(one, day(i)) for i, one in enumerate(texts)]
    mails += [(GERMAN, day(300 + i)) for i in range(200)]
    assert not any(one.moved for one in profile(tmp_path, mails).drift)


def test_too_few_messages_tell_nothing(tmp_path: Path) -> None:
    mails = [(sentence(i), day(i)) for i in range(50)]
    assert list(profile(tmp_path, mails).drift) == []


def test_dates_to_come_and_missing_ones_are_counted_and_left_out(tmp_path: Path) -> None:
    mails = [("one", day(0)), ("two", day(40)), ("three", "no day"), ("four", day(9000))]
    when = profile(tmp_path, mails).time
    assert (when.first, when.last) == (date(2024, 1, 1), date(2024, 2, 10))
    assert (when.undated, when.later) == (1, 1)
    assert when.months == {"2024-01": 1, "2024-02": 1}


def test_months_become_quarters_and_years_to_fit_a_page() -> None:
    assert periods({"2025-01": 2, "2025-03": 1}) == {"2025-01": 2, "2025-02": 0, "2025-03": 1}
    quarters = periods({"2023-12": 1, "2024-02": 2, "2025-06": 3})
    assert list(quarters)[:2] == ["2023 Q4", "2024 Q1"]
    assert sum(quarters.values()) == 6
    assert periods({"1999-01": 1, "2025-01": 1})["2025"] == 1
