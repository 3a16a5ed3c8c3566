"""What a model answered about the cases of a set: asked once, kept, and never paid for twice.

The answers go to `data/answers/`, which git ignores like the cases themselves.
"""

import asyncio
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from app.case import AnyUseCase, Ask
from app.gateway import (
    Completion,
    GatewayError,
    Misconfigured,
    Provider,
    QuotaExceeded,
    RunBudget,
)
from app.gateway.asking import ask_all
from app.gateway.metering import most_tokens_in
from app.prices import ModelPrice
from app.settings import Settings
from evals.training.folds import Example

CONCURRENCY = 10


class Said(BaseModel):
    """One completion; `tokens` are (length in bytes, log-probability) of the text's tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str | None
    refused: bool
    cut: bool
    tokens: list[tuple[int, float]] = []

    @classmethod
    def of(cls, one: Completion) -> "Said":
        """What is worth keeping of a completion."""
        tokens = [(len(token), log_probability) for token, log_probability in one.tokens]
        whole = b"".join(token for token, _ in one.tokens) == (one.text or "").encode()
        return cls(text=one.text, refused=one.refused, cut=one.cut, tokens=tokens if whole else [])

    def completion(self, log_probabilities: bool) -> Completion:
        """The completion as it came; without log-probabilities unless they are wanted."""
        text, tokens, start = (self.text or "").encode(), [], 0
        for length, log_probability in self.tokens if log_probabilities else ():
            tokens.append((text[start : start + length], log_probability))
            start += length
        return Completion(self.text, self.refused, self.cut, 0, 0, tokens=tuple(tokens))


class Line(BaseModel):
    """All that was said about a case so far; `ask` is the SHA-256 of the question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    ask: str
    said: list[Said]


@dataclass(frozen=True, slots=True)
class Questions:
    """What to ask a model about: the question of each case by id."""

    asks: Mapping[str, Ask]
    repeats: int

    @classmethod
    def of(cls, usecase: AnyUseCase, found: Sequence[Example], repeats: int) -> "Questions":
        """The use case's own questions. Raises what the use case raises."""
        return cls({one.id: usecase.ask(one.input) for one in found}, repeats)

    def open(self, lines: Mapping[str, Line]) -> dict[str, int]:
        """How often each case is still to be asked about."""
        kept = {name: len(said(lines.get(name), ask)) for name, ask in self.asks.items()}
        return {name: self.repeats - n for name, n in kept.items() if n < self.repeats}

    def most(
        self, usecase: AnyUseCase, price: ModelPrice, max_tokens: int, left: Mapping[str, int]
    ) -> Decimal:
        """The most that asking what is left can cost."""
        answer_type = usecase.answer_type
        amounts = (
            times * price.most(most_tokens_in(self.asks[name], answer_type), max_tokens)
            for name, times in left.items()
        )
        return sum(amounts, Decimal(0))


def place(settings: Settings, usecase: AnyUseCase, folder: Path) -> Path:
    """The file for this model under these settings; what changes its answers changes the name."""
    names = ("provider", "name", "base_url", "max_tokens", "output", "logprobs")
    of = {name: getattr(settings, f"model_{name}") for name in names}
    of |= {"schema": usecase.answer_type.model_json_schema()}
    digest = hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()
    return folder / f"{digest[:16]}.jsonl"


def said(line: Line | None, ask: Ask) -> list[Said]:
    """What was said to this very question."""
    return line.said if line is not None and line.ask == _digest(ask) else []


def read(path: Path) -> dict[str, Line]:
    """The newest line of each case; lines that a killed run left torn are skipped."""
    lines: dict[str, Line] = {}
    for text in path.read_bytes().splitlines() if path.exists() else ():
        try:
            line = Line.model_validate_json(text)
        except ValidationError:
            continue
        lines[line.id] = line
    return lines


async def collect(
    usecase: AnyUseCase,
    provider: Provider,
    budget: RunBudget,
    questions: Questions,
    seconds: float,
    path: Path,
) -> GatewayError | None:
    """Ask what is open and keep each answer at once; return the first fault there was.

    The cap of the day ends it, and what no second attempt can mend. Other faults leave their case
    to the next run.
    """
    lines, faults, ended = read(path), list[GatewayError](), asyncio.Event()
    left, gate = questions.open(lines), asyncio.Semaphore(CONCURRENCY)
    with _opened(path) as file:

        async def one(name: str, times: int) -> None:
            async with gate:
                if ended.is_set():
                    return
                ask = questions.asks[name]
                asked = await ask_all(provider, ask, usecase.answer_type, seconds, times)
                kept = [*said(lines.get(name), ask), *map(Said.of, asked.completions)]
                line = Line(id=name, ask=_digest(ask), said=kept)
                file.write(line.model_dump_json().encode() + b"\n")
                file.flush()
                faults.extend(asked.failures)
                final = (isinstance(one, Misconfigured | QuotaExceeded) for one in asked.failures)
                if (asked.failures and budget.refused) or any(final):
                    ended.set()

        await asyncio.gather(*(one(name, times) for name, times in left.items()))
        os.fsync(file.fileno())
    return faults[0] if faults else None


def _opened(path: Path) -> BinaryIO:
    """The log to append to, readable by its owner only; a torn last line is ended first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torn = path.exists() and path.read_bytes()[-1:] not in (b"", b"\n")
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
    file.write(b"\n" if torn else b"")
    return file


def _digest(ask: Ask) -> str:
    return hashlib.sha256(json.dumps([ask.instructions, ask.content]).encode()).hexdigest()
