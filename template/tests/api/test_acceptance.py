"""Whether an answer leaves without a person, and what happens when the model does not answer."""

from typing import Any

import pytest

from app.gateway import (
    BadCredentials,
    ConnectionFault,
    FailureCode,
    GatewayError,
    RateLimited,
    SpendCapReached,
    Timeout,
)
from tests.api.conftest import Build
from tests.api.usecase import (
    EXACT,
    OBJECTIONABLE,
    SURE,
    UNSURE,
    Labelling,
    calibration,
    model_of,
    text,
)
from tests.api.world import FakeModel

pytestmark = pytest.mark.anyio

URGENT = '{"label": "urgent"}'
OF_MODEL = calibration("openai", "fake-1")
OF_BASELINE = calibration("offline", model_of(Labelling()))


async def decision(build: Build, words: str, **options: object) -> dict[str, Any]:
    """The decision on a case with these words."""
    world = build(**options)
    case = await world.send(text(words))
    assert case["status"] == case["decision"]["status"]
    found: dict[str, Any] = case["decision"]
    return found


@pytest.mark.parametrize("words", [SURE, EXACT])
async def test_from_the_threshold_on_a_model_answers_alone(build: Build, words: str) -> None:
    found = await decision(build, words, model=FakeModel(URGENT), calibrations=[OF_MODEL])
    assert (found["status"], found["review_reason"]) == ("answered", None)
    assert found["answer"]["label"] == "urgent"
    assert (found["decided_by"], found["provider"], found["model"]) == ("model", "openai", "fake-1")
    assert found["acceptance"] >= found["threshold"] == OF_MODEL.threshold
    assert (found["tokens_in"], found["tokens_out"]) == (11, 7)
    assert "reaches the threshold" in found["reasons"][-1]


async def test_below_the_threshold_a_person_decides(build: Build) -> None:
    found = await decision(build, UNSURE, model=FakeModel(URGENT), calibrations=[OF_MODEL])
    assert (found["status"], found["review_reason"]) == ("in_review", "below_threshold")
    assert found["answer"]["label"] == "urgent"
    assert found["acceptance"] == pytest.approx(0.5)
    assert "0.50 is below the threshold" in found["reasons"][-1]


@pytest.mark.parametrize(
    "calibrations",
    [
        [],
        [calibration("openai", "fake-1", prompt_version="2")],
        [calibration("openai", "fake-2")],
        [calibration("anthropic", "fake-1")],
        [OF_BASELINE],
    ],
    ids=["none", "other-prompt", "other-model", "other-provider", "baseline"],
)
async def test_without_a_calibration_of_its_own_no_model_answers_alone(
    build: Build, calibrations: list[object]
) -> None:
    found = await decision(build, SURE, model=FakeModel(URGENT), calibrations=calibrations)
    assert (found["status"], found["review_reason"]) == ("in_review", "uncalibrated")
    assert found["acceptance"] is found["threshold"] is None


async def test_a_calibration_ends_with_the_prompt(build: Build) -> None:
    old = await decision(build, SURE, usecase=Labelling(prompt_version="1"))
    new = await decision(
        build, SURE, usecase=Labelling(prompt_version="2"), calibrations=[OF_BASELINE]
    )
    assert (old["status"], new["review_reason"]) == ("answered", "uncalibrated")


async def test_a_calibration_ends_with_the_weights(build: Build) -> None:
    found = await decision(build, SURE, usecase=Labelling(weights="2"), calibrations=[OF_BASELINE])
    assert (found["decided_by"], found["review_reason"]) == ("baseline", "uncalibrated")


async def test_without_a_threshold_nothing_is_answered_alone(build: Build) -> None:
    promised = OF_MODEL.model_copy(update={"threshold": None})
    found = await decision(build, SURE, model=FakeModel(URGENT), calibrations=[promised])
    assert (found["status"], found["review_reason"]) == ("in_review", "uncalibrated")
    assert "No threshold" in found["reasons"][-1]


async def test_a_refusal_goes_to_a_person_without_an_answer(build: Build) -> None:
    model = FakeModel(None, refused=True)
    found = await decision(build, SURE, model=model, calibrations=[OF_MODEL])
    assert (found["status"], found["review_reason"]) == ("in_review", "refused")
    assert found["answer"] is found["acceptance"] is None
    assert found["decided_by"] == "model"


@pytest.mark.parametrize("says", [None, "", "I would say urgent.", '{"label": "soon"}', "[]"])
async def test_an_answer_of_another_shape_goes_to_a_person(build: Build, says: str | None) -> None:
    found = await decision(build, SURE, model=FakeModel(says), calibrations=[OF_MODEL])
    assert (found["status"], found["review_reason"]) == ("in_review", "unparseable")
    assert found["answer"] is found["acceptance"] is None


async def test_an_objection_goes_before_any_probability(build: Build) -> None:
    words = f"{SURE}, {OBJECTIONABLE}"
    found = await decision(build, words, model=FakeModel(URGENT), calibrations=[OF_MODEL])
    assert (found["status"], found["review_reason"]) == ("in_review", "objection")
    assert found["acceptance"] > found["threshold"]
    assert found["reasons"] == ["A rule objects."]


@pytest.mark.parametrize(
    ("fault", "degraded"),
    [
        (Timeout(), FailureCode.TIMEOUT),
        (RateLimited(retry_after=7), FailureCode.RATE_LIMITED),
        (ConnectionFault(), FailureCode.CONNECTION_FAULT),
        (BadCredentials(), FailureCode.MISCONFIGURED),
        (SpendCapReached(), FailureCode.SPEND_CAP),
    ],
)
@pytest.mark.parametrize(("words", "status"), [(SURE, "answered"), (UNSURE, "in_review")])
async def test_while_the_model_is_down_the_baseline_answers_by_its_own_calibration(
    build: Build, fault: GatewayError, degraded: str, words: str, status: str
) -> None:
    # The model's calibration would take everything, which shows whose is used.
    generous = OF_MODEL.model_copy(update={"threshold": 0.0})
    found = await decision(
        build, words, model=FakeModel(fault), calibrations=[generous, OF_BASELINE]
    )
    assert (found["status"], found["degraded"]) == (status, degraded)
    assert found["answer"]["label"] == "plain"
    assert (found["decided_by"], found["provider"]) == ("baseline", "offline")
    assert found["threshold"] == OF_BASELINE.threshold
    assert "The baseline answered instead." in found["reasons"][0]


async def test_a_degraded_answer_without_a_calibration_goes_to_a_person(build: Build) -> None:
    found = await decision(build, SURE, model=FakeModel(Timeout()), calibrations=[OF_MODEL])
    assert (found["review_reason"], found["degraded"]) == ("uncalibrated", "timeout")
