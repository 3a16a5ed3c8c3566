"""Cases that cannot measure anything are refused with the place and what to do."""

import base64
import json
from pathlib import Path

import pytest

from evals.dataset import DatasetError, EvalCase, check, digest, load, load_register
from evals.duplicates import near_duplicates, shingles
from tests.evals.eval_fakes import REGISTER, case

PARCEL = "Where is my parcel with the lamp? It should have come {} days ago and nobody answers."
TEXTS = (
    "My invoice shows the amount twice and I want one of both back on my card",
    "The robot hums loudly and stops in the kitchen although the wheels are clean",
    "Please change the mail address of my profile before the next newsletter goes out",
    "Do you sell spare filters for the older coffee machine, and how much are they",
)


def _write(folder: Path, *lines: str) -> Path:
    (folder / "training.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def _line(number: int, **changes: object) -> str:
    return json.dumps(
        {**json.loads(case(number).model_dump_json(exclude_none=True)), "edge": None, **changes}
    )


def test_cases_come_sorted_by_id_and_empty_lines_do_not_matter(tmp_path: Path) -> None:
    folder = _write(tmp_path, _line(2), "", _line(1))
    assert [one.id for one in load("training", folder)] == ["case-001", "case-002"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "Invalid JSON"),
        (_line(2, surprise="secret"), "surprise"),
        (_line(2, expected="secret"), "expected"),
        (_line(2, body_base64="c2VjcmV0"), "exactly one of body and body_base64"),
        (_line(2, body=None), "exactly one of body and body_base64"),
        (_line(2, body=None, body_base64="secret!"), "not base64"),
        (_line(1), "case-001 stands here twice"),
    ],
)
def test_a_bad_line_is_named_and_never_quoted(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(DatasetError, match=reason) as caught:
        load("training", _write(tmp_path, _line(1), line))
    assert "training.jsonl:2" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("lines", [None, ("", "")])
def test_no_cases_says_what_to_write(tmp_path: Path, lines: tuple[str, ...] | None) -> None:
    folder = tmp_path if lines is None else _write(tmp_path, *lines)
    with pytest.raises(DatasetError, match="one JSON object a line"):
        load("training", folder)


def test_the_raw_body_is_what_would_arrive() -> None:
    body = "Zürich".encode("latin-1")
    encoded = EvalCase.model_validate(
        {
            **case(1).model_dump(),
            "body": None,
            "body_base64": base64.b64encode(body).decode(),
        }
    )
    assert encoded.raw == body
    assert case(1, body="Zürich").raw == "Zürich".encode()


def test_the_digest_is_of_the_cases_and_not_of_their_order() -> None:
    one, two = case(1), case(2)
    assert digest([one, two]) == digest([two, one])
    assert digest([one, two]) != digest([one])
    assert digest([one, two]) != digest([one, case(2, body="other")])
    assert digest([one, two]) != digest([one, case(2, expected={"colour": "blue"})])


def test_a_quarantined_case_names_its_reason() -> None:
    assert case(1, expected={"quarantined": "empty"}).quarantine == "empty"
    assert case(1).quarantine is None


def test_the_same_words_with_other_numbers_and_case_are_one_text() -> None:
    assert shingles(PARCEL.format(3)) == shingles(PARCEL.format(14).upper())


def test_near_duplicates_are_found_and_different_texts_are_not() -> None:
    training = {f"t{i}": text for i, text in enumerate(TEXTS)} | {"p": PARCEL.format(3)}
    changed = PARCEL.format(5).replace("nobody answers", "nobody writes back to me")
    evaluation = {"q": changed, "r": "Is the blue kettle back in stock before the holidays start"}
    assert near_duplicates(training, evaluation) == [("p", "q")]


def test_likeness_is_intersection_over_union() -> None:
    # " abcdef " and " abcdxy " share one of the four shingles of each: 1 of 7.
    assert near_duplicates({"a": "abcdef"}, {"b": "abcdxy"}, 1 / 7) == [("a", "b")]
    assert near_duplicates({"a": "abcdef"}, {"b": "abcdxy"}, 0.15) == []


def test_texts_without_letters_are_alike_to_nothing() -> None:
    assert near_duplicates({"a": "", "b": "?!"}, {"c": "", "d": "..."}) == []


def _evaluation(edges: int, of: int = 20) -> list[EvalCase]:
    return [case(100 + i, edge="messy" if i < edges else None) for i in range(of)]


BLANK = case(1, edge="blank", expected={"quarantined": "empty"})


def _check(training: list[EvalCase], evaluation: list[EvalCase]) -> str:
    return "\n".join(check(training, evaluation, REGISTER, lambda one: str(one.body)[:0]))


def test_fit_cases_have_no_fault() -> None:
    assert _check([BLANK], _evaluation(4)) == ""


def test_a_family_in_both_splits_is_a_fault() -> None:
    both = [*_evaluation(4)[1:], case(3, family=BLANK.family, edge="messy")]
    assert "1 families stand in both splits; move each to one: family-001" in _check([BLANK], both)


def test_a_text_in_both_splits_is_a_fault() -> None:
    training = [BLANK, case(2, body=PARCEL.format(3))]
    evaluation = [*_evaluation(4), case(3, body=PARCEL.format(9))]
    faults = check(training, evaluation, REGISTER, lambda one: str(one.body).removeprefix("text"))
    assert len(faults) == 1
    assert "case-002 ~ case-003" in faults[0]


@pytest.mark.parametrize(("edges", "fit"), [(2, False), (3, True), (6, True), (7, False)])
def test_the_share_of_edge_cases_is_held_between_15_and_30_percent(edges: int, fit: bool) -> None:
    assert ("edge cases, not 15%-30%" not in _check([BLANK], _evaluation(edges))) is fit


def test_every_category_is_registered_and_every_registered_one_has_a_case() -> None:
    stray = [*_evaluation(4), case(3, edge="unheard")]
    assert "edge categories are not in evals/edges.toml: unheard" in _check([BLANK], stray)
    assert "registered edge categories have no case: blank" in _check([case(2)], _evaluation(4))


def test_a_case_that_expects_something_else_than_its_category_is_a_fault() -> None:
    wrong = case(3, edge="blank", expected={"colour": "red"})
    assert "case-003 expects something else than its category blank" in _check(
        [BLANK, wrong], _evaluation(4)
    )


def test_the_register_is_read_and_a_damaged_one_named(tmp_path: Path) -> None:
    path = tmp_path / "edges.toml"
    path.write_text('[blank]\ntitle = "B"\nexpected = "quarantined"\nhandled_by = "intake"\n')
    assert load_register(path)["blank"].quarantined
    for text in ("[blank]\ntitle = 'only'\n", "[blank", ""):
        path.write_text(text)
        if text:
            with pytest.raises(DatasetError, match=r"edges\.toml"):
                load_register(path)
    with pytest.raises(DatasetError, match="No such file"):
        load_register(tmp_path / "none.toml")
