"""Finds the field that caused a mistake which the models found."""

import re
from collections.abc import Mapping

from poc.kickoff.answers import Answers
from poc.kickoff.fields import Field, Section, every

# As `poc.engine.yamlfile` words it: file, line, key, what to do.
_PLACE = re.compile(r"^.*?:\d+: (?P<key>[^:]+): (?P<said>.*)$", re.DOTALL)


def blame(answers: Answers, parts: list[Section], lines: Mapping[str, list[str]]) -> None:
    """Put each mistake the models found at the field that caused it; `lines` goes by file."""
    for file, sentences in lines.items():
        for sentence in sentences:
            match = _PLACE.match(sentence)
            if match is None:
                answers.general.append(sentence)
                continue
            said = match["said"][:1].upper() + match["said"][1:]
            one = _culprit(answers, parts, file, match["key"], said)
            if one is None or one.name in answers.errors:
                answers.general.append(sentence if one is None else said)
            else:
                answers.errors[one.name] = said


def _culprit(
    answers: Answers, parts: list[Section], file: str, key: str, said: str
) -> Field | None:
    """The field of this key; else the changed one closest to it that the sentence speaks of."""
    exact = answers.places.get((file, key))
    if exact is not None:
        return exact
    changed = [one for one in answers.changed if one.file == file]
    if not changed:
        return next((one for one in every(parts) if one.file == file), None)
    places = {one.name: place for (_, place), one in answers.places.items()}
    return max(changed, key=lambda one: _closeness(places.get(one.name, ""), one, key, said))


def _closeness(place: str, one: Field, key: str, said: str) -> tuple[int, int]:
    """How far the keys agree from the top, and how often the sentence names key or answer."""
    parts = place.split(".")
    same = 0
    for mine, named in zip(parts, key.split("."), strict=False):
        if mine != named:
            break
        same += 1
    spoken = f" {re.sub(r'[,.;:]', ' ', said)} "
    words = {*parts, *one.text.split(), one.text.strip()} - {""}
    return same, sum(f" {word} " in spoken for word in words)
