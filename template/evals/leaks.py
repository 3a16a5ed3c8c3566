"""Whether what the service learned from holds words of the cases that decide about it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

RUN = 8  # words: long enough that no two people write the same by chance
COMMON = 2  # cases
LARGEST = 20_000_000  # bytes of one file
TEXTS = frozenset({".md", ".txt", ".toml", ".json", ".jsonl", ".py", ".yaml", ".yml", ".csv"})
WORD = re.compile(r"\w+")


def leaks(root: Path, texts: Mapping[str, str], places: Iterable[Path]) -> dict[str, int]:
    """How many of the cases (`texts` by id) share eight words in a row with each file.

    Words that more than two cases hold are a footer or a phrase of the trade, and betray none.
    """
    every: dict[str, set[str]] = {}
    for name, text in texts.items():
        for run in _runs(text):
            every.setdefault(run, set()).add(name)
    owners = {run: names for run, names in every.items() if len(names) <= COMMON}
    found = {}
    for path in sorted(_files(places)):
        seen: set[str] = set()
        for run in _runs(path.read_text("utf-8", "replace")):
            seen |= owners.get(run, set())
        if seen:
            found[path.relative_to(root).as_posix()] = len(seen)
    return found


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        for path in place.rglob("*") if place.is_dir() else [place]:
            if path.suffix in TEXTS and path.is_file() and path.stat().st_size <= LARGEST:
                yield path


def _runs(text: str) -> Iterator[str]:
    # In a JSON or Python text a line break is written as \n, which would join two words.
    words = WORD.findall(text.replace("\\n", " ").lower())
    for i in range(len(words) - RUN + 1):
        yield " ".join(words[i : i + RUN])
