"""A linear text classifier in plain Python: reads weights that `training.py` wrote.

Features are TF-IDF over concepts (`concepts.toml`), words and runs of characters; the class
probabilities are the softmax of their weighted sum. It gives the same labels as the scikit-learn
model it was exported from (held by a test), and needs none of its packages.
"""

import json
import math
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d+")
BLANK = re.compile(" ")
KEY = 3  # letters by which the entries of concepts.toml are found
RUN = 5  # characters; enough to see through endings and typing mistakes

Entry = tuple[str, str]


def normalise(text: str) -> str:
    """Lower case, no accents, every number as one 0, words apart by single blanks."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(WORD.findall(NUMBER.sub("0", plain)))


def word_terms(text: str) -> list[str]:
    """Words of two letters or more."""
    return [word for word in text.split() if len(word) > 1]


def character_terms(text: str) -> list[str]:
    """Runs of characters inside each blank-padded word, marked with #."""
    terms = []
    for word in text.split():
        padded = f" {word} "
        last = len(padded) - RUN
        terms += ["#" + padded[i : i + RUN] for i in range(last + 1)]
    return terms


def concept_terms(text: str) -> list[str]:
    """Concepts whose words stand in the text, marked with @, once for each occurrence."""
    padded = f" {text} "
    starts = {padded[m.end() : m.end() + KEY] for m in BLANK.finditer(padded)}
    terms: list[str] = []
    for start in sorted(starts):
        for entry, concept in concepts().get(start, ()):
            terms += ["@" + concept] * padded.count(entry)
    return terms


@cache
def concepts(path: Path = Path(__file__).parent / "concepts.toml") -> dict[str, list[Entry]]:
    """The concept file by the first letters of its entries, so that few have to be searched.

    Raises `ValueError` for an entry that is too short to mean anything.
    """
    ready: dict[str, list[Entry]] = {}
    for concept, entries in tomllib.loads(path.read_text("utf-8")).items():
        for entry in entries:
            padded = f" {normalise(entry)}" + (" " if entry.endswith("$") else "")
            if len(padded) <= KEY:
                raise ValueError(f"concepts.toml, {concept}: {entry!r} is too short")
            ready.setdefault(padded[1 : 1 + KEY], []).append((padded, concept))
    return ready


BLOCKS = (concept_terms, word_terms, character_terms)


@dataclass(frozen=True, slots=True)
class Counted:
    """A text as models read it: its words, and the counts of each block of terms."""

    words: list[str]
    blocks: tuple[Counter[str], ...]


def count(text: str) -> Counted:
    """Prepare a text once for any number of models."""
    plain = normalise(text)
    return Counted(plain.split(), tuple(Counter(block(plain)) for block in BLOCKS))


@dataclass(frozen=True, slots=True)
class Prediction:
    """Class probabilities and the share of the text's words the model has ever seen."""

    probabilities: Mapping[str, float]
    known: float
    evidence: tuple[str, ...]

    @property
    def label(self) -> str:
        """The most probable class."""
        return max(self.probabilities, key=lambda name: self.probabilities[name])

    @property
    def margin(self) -> float:
        """Distance between the two most probable classes."""
        first, second = sorted(self.probabilities.values(), reverse=True)[:2]
        return first - second


class LinearModel:
    """Weights of one classifier: `terms` maps a term to its idf and one weight for each label."""

    def __init__(
        self, labels: list[str], bias: list[float], terms: Mapping[str, list[float]]
    ) -> None:
        self.labels = labels
        self._bias = bias
        self._terms = terms

    @classmethod
    def load(cls, path: Path, head: str) -> "LinearModel":
        """Read one head of a weights file. Raises `OSError` or `KeyError` when it is not there."""
        data = json.loads(path.read_text("utf-8"))[head]
        return cls(data["labels"], data["bias"], data["terms"])

    def predict(self, text: Counted) -> Prediction:
        """Classify a text of any length."""
        logits = list(self._bias)
        pull: list[tuple[float, str]] = []
        for block in text.blocks:
            for term, weights, value in self._weigh(block):
                for i, weight in enumerate(weights):
                    logits[i] += value * weight
                if not term.startswith("#"):
                    pull.append((value, term))
        probabilities = dict(zip(self.labels, softmax(logits), strict=True))
        known = sum(word in self._terms for word in text.words) / max(len(text.words), 1)
        best = self.labels.index(max(probabilities, key=lambda name: probabilities[name]))
        return Prediction(probabilities, known, self._evidence(pull, best))

    def _weigh(self, counts: Mapping[str, int]) -> Iterator[tuple[str, list[float], float]]:
        """TF-IDF of the known terms of one block, scaled to length one.

        (1 + ln tf) * idf, as in scikit-learn's TfidfVectorizer(sublinear_tf=True).
        """
        found = []
        for term, count in counts.items():
            row = self._terms.get(term)
            if row is not None:
                found.append((term, row, (1.0 + math.log(count)) * row[0]))
        norm = math.sqrt(sum(value * value for _, _, value in found)) or 1.0
        for term, row, value in found:
            yield term, row[1:], value / norm

    def _evidence(self, pull: list[tuple[float, str]], label: int) -> tuple[str, ...]:
        """The three concepts or longer words that spoke most for the label."""
        weighed = sorted(
            ((value * self._terms[t][1 + label], t) for value, t in pull), reverse=True
        )
        told = [
            term for weight, term in weighed if weight > 0 and (term[0] == "@" or len(term) > 4)
        ]
        return tuple(term.lstrip("@").replace("_", " ") for term in told[:3])


def softmax(logits: list[float]) -> list[float]:
    """Exponentials scaled to a sum of one, without overflow."""
    top = max(logits)
    powers = [math.exp(logit - top) for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]
