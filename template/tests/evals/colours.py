"""A small world to train and measure in: notes about a colour, in words that hint at it.

Each family is one note; its words come from the colour's vocabulary or from everybody's.
"""

import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from app.case import Ask, Guess, Message, ReviewSheet, Sample
from evals.dataset import EvalCase

COLOURS = ("blue", "green", "red")
VOCABULARY = {
    colour: [f"{colour[0]}{syllable}{end}" for syllable in syllables for end in "aeiou"]
    for syllables in (("lam", "nor", "tav", "rik", "sed", "mol", "pir", "gun"),)
    for colour in COLOURS
}
EVERYBODY = ["please", "look", "today", "again", "thing", "house", "about", "maybe"]


class Note(BaseModel):
    text: str


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid")

    colour: Literal["blue", "green", "red"]
    sure: bool
    remark: str = ""


class Scorers:
    DECISIVE = "colour"

    @staticmethod
    def score(
        expected: Mapping[str, JsonValue], answer: Mapping[str, JsonValue] | None
    ) -> dict[str, bool]:
        return {"colour": answer is not None and answer["colour"] == expected["colour"]}

    @staticmethod
    def label(mapping: Mapping[str, JsonValue]) -> str:
        return str(mapping["colour"])


class Slices:
    GATED: tuple[str, ...] = ()

    @staticmethod
    def slices(case: EvalCase) -> dict[str, str]:
        return {"edge": case.edge or "none"}


class Learned:
    """Counts words by colour: naive Bayes with one added to each count."""

    def __init__(self, counts: Mapping[str, Mapping[str, int]], path: Path) -> None:
        self.counts, self.path = counts, path

    def guess(self, case: Any) -> Guess[Colour]:  # noqa: ANN401 - as the protocol wants it
        logits = {
            colour: sum(math.log1p(known.get(word, 0)) for word in case.text.split())
            for colour, known in sorted(self.counts.items())
        }
        top = max(logits, key=lambda one: logits[one])
        total = sum(math.exp(one - logits[top]) for one in logits.values())
        colour: Any = top
        return Guess(Colour(colour=colour, sure=True), {"probability": 1 / total})

    def save(self) -> None:
        self.path.write_text(json.dumps(self.counts, sort_keys=True))


class Trainer:
    def __init__(self, path: Path) -> None:
        self.path = path

    def fit(self, cases: Sequence[Any], expected: Sequence[Mapping[str, JsonValue]]) -> Learned:
        counts: dict[str, Counter[str]] = {}
        for case, answer in zip(cases, expected, strict=True):
            counts.setdefault(str(answer["colour"]), Counter()).update(case.text.split())
        if len(counts) < 2:
            raise ValueError("one class only")
        return Learned(counts, self.path)


class Colours:
    name = "colours"
    input_type = Note
    answer_type: type[BaseModel] = Colour
    prompt_version = "p1"
    long_text = frozenset({"text"})
    language_field: str | None = None

    def __init__(self, weights: Path) -> None:
        self.weights = weights

    def from_message(self, message: Message) -> Note:
        return Note(text=message.text)

    def ask(self, case: Note) -> Ask:
        return Ask("Say the colour.", case.text)

    def baseline(self, case: Note) -> Guess[Colour]:
        return Learned(json.loads(self.weights.read_text()), self.weights).guess(case)

    def baseline_digest(self) -> str:
        return hashlib.sha256(self.weights.read_bytes()).hexdigest()

    def objections(self, case: Note, answer: Colour) -> Sequence[str]:
        return ["Nobody may say so."] if "object" in case.text else []

    def review_sheet(self, case: Note, answer: Colour | None) -> ReviewSheet:
        return ReviewSheet(case.text, ())

    def samples(self) -> Sequence[Sample]:
        return ()


def note(rng: random.Random, colour: str, clear: float) -> str:
    """Eight words, each of the colour's own with this chance."""
    return " ".join(
        rng.choice(VOCABULARY[colour] if rng.random() < clear else EVERYBODY) for _ in range(8)
    )


def cases(
    seed: int, families: int, prefix: str = "own", colours: Sequence[str] = COLOURS
) -> list[EvalCase]:
    """One case a family; how clear a note is differs from note to note."""
    rng = random.Random(seed)  # noqa: S311
    found = []
    for number in range(families):
        colour = colours[number % len(colours)]
        found.append(
            EvalCase(
                id=f"{prefix}-{number:04}",
                family=f"{prefix}-{number:04}",
                origin="production",
                tags={},
                edge="messy" if number % 10 == 0 else None,
                content_type="text/plain",
                body=note(rng, colour, rng.choice((0.1, 0.4, 0.8))),
                expected={"colour": colour, "sure": True},
            )
        )
    return found


def write(path: Path, found: Sequence[EvalCase]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(one.model_dump_json() + "\n" for one in found))
