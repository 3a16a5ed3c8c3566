"""A result counts every case, and says what was measured and what was not."""

from pathlib import Path

import pytest

from evals.dataset import EvalCase
from evals.evidence import _measurements
from evals.report import write
from evals.summary import summarise
from tests.evals.eval_fakes import REGISTER, Slices, case, result, row, subject

CASES = [case(number) for number in range(40)]


def test_a_missing_row_is_wrong_and_makes_the_run_incomplete() -> None:
    found = result(CASES, [row(number) for number in range(30)])
    assert (found.whole.accuracy.hits, found.whole.accuracy.n) == (30, 40)
    assert (found.whole.coverage.hits, found.whole.coverage.n) == (30, 40)
    assert not found.complete
    assert result(CASES, [row(number) for number in range(40)]).complete


def test_rows_of_other_cases_and_repeats_do_not_count() -> None:
    rows = [row(number) for number in range(60)] + [row(1, right=False, repeat=2)]
    found = result(CASES, rows)
    assert (found.whole.accuracy.hits, found.whole.accuracy.n) == (40, 40)
    assert found.tokens_in == 400


def test_precision_is_about_accepted_answers_only() -> None:
    # Case n and n + 20 are one family: one of it accepted, the other not.
    cases = [case(number, family=f"f-{number % 20}") for number in range(40)]
    rows = [row(n, right=n % 2 == 0, accepted=n < 10) for n in range(40)]
    whole = result(cases, rows).whole
    assert (whole.precision.hits, whole.precision.n) == (5, 10)
    assert (whole.coverage.hits, whole.coverage.n) == (10, 40)
    assert (whole.accuracy.hits, whole.accuracy.n) == (20, 40)


def test_repeats_weigh_all_cases_alike_and_agreement_is_by_label() -> None:
    rows = [row(n, right=not (n == 3 and k == 2), repeat=k) for n in range(40) for k in (1, 2)]
    found = result(CASES, rows, repeats=2)
    assert (found.whole.accuracy.hits, found.whole.accuracy.n) == (79, 80)
    assert found.whole.accuracy.families == 40
    assert found.agreement == pytest.approx(39 / 40)
    assert found.complete
    assert result(CASES, rows).agreement is None


def test_families_and_not_cases_make_the_interval() -> None:
    grouped = [case(number, family=f"f-{number // 4}") for number in range(160)]
    alone = [case(number) for number in range(160)]
    rows = [row(number, right=number < 80) for number in range(160)]
    wide, narrow = result(grouped, rows).whole.accuracy, result(alone, rows).whole.accuracy
    assert wide.point == narrow.point
    assert wide.upper - wide.lower > 1.5 * (narrow.upper - narrow.lower)


def test_slices_are_named_and_gated_ones_are_there_even_without_cases() -> None:
    even = [one for one in CASES if one.tags["language"] == "en"]
    rows = [row(int(one.id[-3:]), right=False) for one in even]
    slices = {one.name: one for one in result(even, rows).slices}
    assert (slices["language=en"].cases, slices["language=en"].gated) == (20, False)
    assert (slices["language=de"].cases, slices["language=de"].gated) == (0, True)
    assert slices["language=en"].measures.accuracy.point == 0.0
    assert Slices.GATED == ("language=de",)


def _edges() -> list[EvalCase]:
    messy = [case(number, edge="messy") for number in range(4)]
    return [*messy, case(4, edge="blank", expected={"quarantined": "empty"})]


def test_an_edge_case_is_handled_when_it_is_right_or_with_a_person() -> None:
    rows = [
        row(0, right=True, accepted=True),
        row(1, right=False, accepted=True),
        row(2, right=False, accepted=False),
        row(4, right=False, accepted=False),
    ]
    edges = {one.id: one for one in result(_edges(), rows).edges}
    assert (edges["messy"].handled.hits, edges["messy"].handled.n) == (2, 4)
    assert (edges["blank"].handled.hits, edges["blank"].handled.n) == (0, 1)
    assert edges["blank"].expected == "quarantined as empty"


def test_other_scores_leave_out_what_has_to_be_quarantined() -> None:
    rows = [row(number) for number in range(3)]
    score = result(_edges(), rows).scores["colour"]
    assert (score.hits, score.n) == (3, 4)


def test_reliability_compares_promise_and_truth_bin_by_bin() -> None:
    rows = [row(n, right=n < 30, accepted=n < 20) for n in range(40)]
    found = result(CASES, rows).reliability
    assert found is not None
    low, high = found.bins
    assert (low.n, low.right, low.mean_acceptance) == (20, 10, 0.25)
    assert (high.n, high.right, high.lower) == (20, 20, 0.9)
    assert found.error == pytest.approx((0.25 * 20 + 0.05 * 20) / 40)
    assert found.brier == pytest.approx((20 * 0.05**2 + 10 * 0.75**2 + 10 * 0.25**2) / 40)
    assert low.interval[0] < 0.5 < low.interval[1]


def test_without_acceptance_there_is_no_reliability() -> None:
    uncalibrated = [
        row(n, accepted=False).model_copy(update={"acceptance": None}) for n in range(9)
    ]
    assert result(CASES[:9], uncalibrated).reliability is None


def test_certain_answers_fall_into_the_last_bin() -> None:
    rows = [row(0).model_copy(update={"acceptance": 1.0})]
    found = result(CASES[:1], rows).reliability
    assert found is not None
    assert [one.upper for one in found.bins] == [1.0]


def test_reasons_are_counted_by_what_became_of_the_case() -> None:
    rows = [
        row(0, accepted=False),
        row(1).model_copy(update={"status": "quarantined", "reason": "empty"}),
        row(2).model_copy(update={"status": "rejected", "reason": "invalid-input"}),
        row(3).model_copy(update={"degraded": "timeout"}),
        row(4).model_copy(update={"status": "failed", "error": "service: KeyError"}),
    ]
    found = result(CASES[:5], rows)
    assert found.review == {"below_threshold": 1}
    assert found.quarantine == {"empty": 1}
    assert found.rejected == {"invalid-input": 1}
    assert found.degraded == {"timeout": 1}
    assert found.errors == {"service: KeyError": 1}


def test_the_confusion_has_every_expected_label_as_a_column_too() -> None:
    rows = [row(0), row(1, right=False), row(2)]
    found = result(CASES[:3], rows).confusion
    assert found.expected == ["red"]
    assert found.given == ["red", "blue"]
    assert found.counts == [[2, 1]]


def test_a_run_says_when_any_case_is_synthetic() -> None:
    real = [case(number, origin="production") for number in range(3)]
    rows = [row(number) for number in range(4)]
    assert not result(real, rows).synthetic
    assert result([*real, case(3)], rows).synthetic
    assert result([*real, case(3)], rows).origins == {"production": 3, "synthetic": 1}


def test_the_95th_percentile_of_few_cases_has_no_upper_bound() -> None:
    spread = result(CASES, [row(number) for number in range(40)]).seconds
    assert (spread.p50, spread.p95) == (0.5, 0.5)
    assert spread.p95_interval[1] is None
    assert spread.p50_interval == (0.5, 0.5)


class WithEdges(Slices):
    def slices(self, case: EvalCase) -> dict[str, str]:
        return {"language": case.tags["language"], "edge": case.edge or "none"}


def test_cases_added_for_their_edge_category_count_in_it_only(tmp_path: Path) -> None:
    """All that chance drew are right; the added ones, all wrong, would halve the whole."""
    added = [case(n, edge="messy").model_copy(update={"drawn": "edge"}) for n in range(10, 20)]
    cases = [*(case(n) for n in range(10)), *added]
    rows = [row(n, right=n < 10) for n in range(20)]
    found = summarise(subject(), cases, rows, 1, WithEdges(), REGISTER, True)
    assert (found.whole.accuracy.hits, found.whole.accuracy.n) == (10, 10)
    slices = {one.name: one for one in found.slices}
    assert slices["edge=messy"].measures.accuracy.hits == 0
    assert slices["edge=messy"].cases == 10
    assert slices["language=de"].measures.accuracy.point == 1.0
    assert sum(one.cases for name, one in slices.items() if name.startswith("language=")) == 10
    shares = list(_measurements(found, cases))
    counted = {(one.indicator["metric"], one.slice): (one.hits, one.n) for one in shares}
    assert counted["accuracy", "all"] == (10, 10)
    assert counted["accuracy", "edge=messy"] == (0, 10)
    write(found, tmp_path)
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "10 were added for their edge category and count in it only." in text


def test_where_nothing_left_without_a_person_precision_is_measured_on_no_case() -> None:
    found = result(CASES, [row(number, accepted=False) for number in range(40)])
    shares = {
        (one.indicator["metric"], one.slice): (one.hits, one.n, one.effective)
        for one in _measurements(found, CASES)
    }
    assert shares["auto_precision", "all"] == (0, 0, None)
    assert shares["review_rate", "all"][:2] == (40, 40)
    assert ("auto_precision", "language=de") not in shares
