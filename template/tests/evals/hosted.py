"""Local model servers that are right at known rates, and a project to calibrate them in."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.acceptance import Acceptance, Calibration, CalibrationFile
from app.gateway import RunBudget, build
from app.settings import Settings
from evals import calibrate_model
from evals.dataset import EvalCase
from tests.evals.colours import COLOURS, Colours, Trainer, cases, write
from tests.gateway import wire
from tests.gateway.pricing import entry, price_file
from tests.gateway.servers import KEY, ModelServer

SURE = "I am certain, confidence 1.0"


def chance(*parts: object) -> float:
    """A number from 0 to 1 that depends on nothing but these."""
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


class Hosted:
    """Answers by the truth at the rate its name says; the rest is another colour.

    `right-90` and `right-30` are as right as that whatever the case; `sure-60` besides says that
    it is certain and gives every token a probability of nearly one; `torn-90` wavers between asks
    where it does not know.
    """

    def __init__(self, truth: dict[str, str]) -> None:
        self.truth, self.asked = truth, dict[tuple[str, str], int]()

    def __call__(self, request: wire.Request) -> wire.Wire:
        text = str(request["messages"][-1]["content"])
        kind, _, rate = request["model"].partition("-")
        asker = (request["model"], text)
        self.asked[asker] = self.asked.get(asker, 0) + 1
        knows = chance(*asker) < int(rate) / 100
        others = [one for one in COLOURS if one != self.truth[text]]
        # By turns, so that three asks at once never agree, in whatever order they arrive.
        turn = self.asked[asker] if kind == "torn" else int(2 * chance("other", text))
        wrong = others[turn % 2]
        answer = {"colour": self.truth[text] if knows else wrong, "sure": True, "remark": SURE}
        reply = wire.openai_answer(request, answer)
        asked = request.get("logprobs") and not request.get("tools")
        return wire.with_log_probabilities(reply, -0.0001) if asked else reply


OWN, FRESH = cases(21, 180), cases(22, 120, "fresh")
MODELS = ("right-97", "right-90", "right-30", "sure-60", "torn-75")


@dataclass
class Project:
    """A folder with a baseline, 240 labelled notes of its own, and 300 fresh ones."""

    root: Path
    server: ModelServer
    own: Sequence[EvalCase]
    fresh: Sequence[EvalCase]
    per_day: float = 100
    per_request: float = 1

    @property
    def usecase(self) -> Any:  # noqa: ANN401 - generic in both types
        return Colours(self.root / "weights.json")

    @property
    def path(self) -> Path:
        return self.root / "calibration.json"

    def settings(self, model: str, **more: object) -> Settings:
        prices = price_file(
            self.root / "prices.yaml",
            [entry("openai", one) for one in (*MODELS, "absent")],
            per_day=self.per_day,
            per_request=min(self.per_request, self.per_day),
        )
        values: dict[str, Any] = {
            "model_provider": "openai",
            "model_name": model,
            "model_base_url": self.server.address("openai"),
            "model_api_key": KEY,
            "prices_file": prices,
        }
        return Settings(**(values | more))

    def calibrate(self, model: str, name: str = "development", **more: object) -> str:
        settings = self.settings(model, **more)
        by = Trainer(self.root / "weights.json")
        return calibrate_model.run(self.usecase, by, settings, name, self.path, self.root / "sets")

    def fitted(self) -> Calibration:
        found = CalibrationFile.model_validate_json(self.path.read_bytes()).calibrations
        return next(one for one in found if one.provider == "openai")

    def judge(self, model: str, **more: object) -> list[tuple[bool, bool]]:
        """Of each fresh case: whether its answer may leave alone, and whether it is right."""
        return asyncio.run(self._judge(self.settings(model, **more)))

    async def _judge(self, settings: Settings) -> list[tuple[bool, bool]]:
        acceptance, usecase = Acceptance.load(self.path), self.usecase
        gateway = build(settings, usecase, RunBudget())

        async def one(case: EvalCase) -> tuple[bool, bool]:
            note = usecase.input_type(text=case.body)
            reply = await gateway.answer(note)
            judged = acceptance.judge(reply.provider, reply.model, "p1", reply.signals)
            assert reply.answer is not None
            return judged.accepted, reply.answer.colour == case.expected["colour"]

        try:
            return list(await asyncio.gather(*map(one, self.fresh)))
        finally:
            await gateway.aclose()


def hosted(truth: Sequence[EvalCase]) -> ModelServer:
    """A server that knows the truth about these cases and answers as well as it is named."""
    behaviour = Hosted({str(one.body): str(one.expected["colour"]) for one in truth})
    return ModelServer(dict.fromkeys(MODELS, behaviour))


def labelled(root: Path, found: Sequence[EvalCase], name: str = "development") -> None:
    write(root / "sets" / name / "labelled.jsonl", found)
