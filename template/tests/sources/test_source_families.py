"""Messages that go back to one text are one family, whatever the order and the numbers in it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.duplicates import shingles
from poc.sources.index import build
from poc.sources.likeness import bands, digest, normalised, signature, similarity
from tests.sources.letters import letters, mailbox, sentence

LONG = (
    "The parcel with the two lamps has not arrived, although the page says that it was handed over"
    " on Monday. Please look where it is and tell me when I can expect it at my door."
)


def families(root: Path, path: Path) -> list[str]:
    index = build(root, path, letters())
    found = [row.family for row in index.rows()]
    index.close()
    return found


def test_case_accents_numbers_and_punctuation_do_not_count(tmp_path: Path) -> None:
    texts = ["Order 17: the café, please!", "order 9981 THE CAFE please", "order the tea please"]
    one, same, other = families(tmp_path, mailbox(tmp_path / "a.mbox", texts))
    assert one == same != other
    assert one == digest(normalised(texts[0])).hex()[:12]


def test_near_duplicates_are_a_family_and_other_texts_are_not(tmp_path: Path) -> None:
    near = LONG.replace("Monday", "Friday").replace("two lamps", "lamps")
    far = "I would like to return the chair because one of its legs is shorter than the others are."
    one, other, alike = families(tmp_path, mailbox(tmp_path / "a.mbox", [LONG, far, near]))
    assert one == alike != other


def test_texts_that_share_less_are_not_a_family(tmp_path: Path) -> None:
    words = LONG.split()
    texts = [LONG]
    texts += [
        " ".join([*words[:16], *sentence(i).split(), *sentence(i + 50).split()]) for i in range(8)
    ]
    found = families(tmp_path, mailbox(tmp_path / "a.mbox", texts))
    assert found.count(found[0]) == 1


def test_a_family_holds_over_several_steps(tmp_path: Path) -> None:
    words = LONG.split()
    more = [*sentence(1).split(), *sentence(2).split()]
    steps = [" ".join([*words[i * 3 :], *more[: i * 2]]) for i in range(5)]
    found = families(tmp_path, mailbox(tmp_path / "a.mbox", steps))
    assert len(set(found)) == 1
    last = similarity(*(signature(normalised(one)) for one in (steps[0], steps[-1])))
    assert last < 0.6


def test_a_family_does_not_depend_on_where_its_messages_lie(tmp_path: Path) -> None:
    texts = [LONG, sentence(1), LONG + " Thank you.", sentence(2)]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    mailbox(tmp_path / "one" / "a.mbox", texts)
    mailbox(tmp_path / "two" / "a.mbox", texts[:1])
    mailbox(tmp_path / "two" / "b.mbox", texts[1:])
    assert families(tmp_path, tmp_path / "one") == families(tmp_path, tmp_path / "two")


def test_what_an_earlier_run_knew_does_not_show(tmp_path: Path) -> None:
    folder = tmp_path / "source"
    folder.mkdir()
    mailbox(folder / "a.mbox", [LONG])
    mailbox(folder / "b.mbox", [LONG + " Thank you.", sentence(3)])
    families(tmp_path, folder)
    (folder / "a.mbox").unlink()
    found = families(tmp_path, folder)
    assert found[0] == digest(normalised(LONG + " Thank you.")).hex()[:12]
    assert found == families(tmp_path / "fresh", folder)


def test_messages_without_text_are_each_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("body,pages\n,x\n,y\n,x\n")
    one, other, again = families(tmp_path, tmp_path / "a.csv")
    assert one == again != other


@given(st.sampled_from([0.3, 0.6, 0.9]), st.integers(0, 50))
def test_the_estimate_is_near_the_true_similarity(kept: float, seed: int) -> None:
    words = [word for i in range(30) for word in sentence(seed * 100 + i).split()[:2]]
    cut = int(len(words) * kept)
    changed = words[:cut] + [word[::-1] for word in words[cut:]]
    one, other = (normalised(" ".join(text)) for text in (words, changed))
    first, second = shingles(one), shingles(other)
    true = len(first & second) / len(first | second)
    assert similarity(signature(one), signature(other)) == pytest.approx(true, abs=0.2)
    if true > 0.7:
        assert set(bands(signature(one))) & set(bands(signature(other)))
