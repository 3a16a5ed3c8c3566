"""What a calibration of a hosted model found: a few lines for a terminal, and one page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evals.blocks import Block, Chart, Heading, Table, Text
from evals.hosted.signal_sets import Fitted
from evals.html import html
from evals.training.calibrate import Judged
from evals.training.risk import area, points, promised, promises, table

TITLE = "Calibration of a hosted model"
HEAD = ["settings", "area (0 is best)", "threshold", "coverage", "precision", "at least (95 %)"]
CHOICE = (
    "Kept is the first of the sets, the least and cheapest first, that no other beats in the area"
    " under its risk-coverage curve: beyond chance, and by half a point of mean risk."
)


@dataclass(slots=True)
class Found:
    """Every set that was fitted, the one kept, and the baseline's own answers to compare with.

    `running` are repeats and log-probabilities as set now.
    """

    model: str
    running: tuple[int, bool]
    sets: Sequence[Fitted]
    kept: Fitted
    baseline: Sequence[Judged]
    target: float
    missing: int = 0
    notes: list[str] = field(default_factory=list)


def describe(found: Found) -> str:
    """The essence, for a terminal."""
    answers, kept = found.kept.answers, found.kept
    right = sum(one.right for one in answers) / len(answers)
    families = len({one.family for one in answers})
    lines = [f"{found.model}: right about {right:.1%} of {len(answers)} cases, {families} families"]
    for one in found.sets:
        mark = " (kept)" if one is kept else ""
        lines.append(f"  {one.of.name}: {_stands(one.answers, found.target)}{mark}")
    lines.append(f"  the trained baseline instead: {_stands(found.baseline, found.target)}")
    return "\n".join([*lines, *notes(found)])


def notes(found: Found) -> list[str]:
    """What a person has to know or do, a sentence or two each."""
    kept, said = found.kept.of, list(found.notes)
    if found.kept.threshold is None:
        said.append(
            f"No threshold keeps {found.target:.0%} precision: everything goes to a person."
        )
    if (kept.repeats, kept.log_probabilities) != found.running:
        said.append(
            f"Set {kept.settings}: what was kept needs no more and holds for these settings only;"
            " until then everything goes to a person."
        )
    if found.missing:
        said.append(f"{found.missing} cases have no answer of the model and count as held back.")
    return said


def _stands(answers: Sequence[Judged], target: float) -> str:
    stand = promised(answers, target)
    if stand is None or stand.precision is None:
        return f"area {area(answers):.3f}, nothing above a threshold keeps {target:.0%}"
    return (
        f"area {area(answers):.3f}, {stand.coverage:.1%} answered without a person,"
        f" {stand.precision:.1%} of them right (threshold {stand.threshold:.2f})"
    )


def blocks(found: Found) -> list[Block]:
    """The page."""
    kept = found.kept
    drawn = [(found.model, points(kept.answers)), ("the trained baseline", points(found.baseline))]
    return [
        *(Text(one, warning=True) for one in notes(found)),
        Text(
            f"{len(kept.answers)} cases that chance chose, each judged by a calibration fitted"
            f" without its fold. The promise is {found.target:.0%} precision with 95 % confidence."
        ),
        Heading("Which signals are needed"),
        Text(CHOICE),
        Table("Sets of signals", ["set", *HEAD], _rows(found)),
        Heading("Risk and coverage"),
        Chart("Risk and coverage", "coverage", "precision", 1, drawn),
        promises(f"Coverage by promised precision: {found.model}", kept.answers),
        promises("Coverage by promised precision: the trained baseline", found.baseline),
        table(f"By threshold: {found.model}", kept.answers, kept.threshold),
        table("By threshold: the trained baseline", found.baseline, None),
        Heading("The signals kept"),
        Table(
            "Weight of each signal, standardised",
            ["signal", "weight"],
            [
                [name, f"{weight:+.3f}"]
                for name, weight in zip(kept.names, kept.logistic.coefficients, strict=True)
            ],
        ),
    ]


def _rows(found: Found) -> list[list[str]]:
    rows = []
    for one in found.sets:
        name = f"{one.of.name}{' (kept)' if one is found.kept else ''}"
        rows.append([name, one.of.settings, *_figures(one.answers, found.target)])
    return [*rows, ["the trained baseline", "-", *_figures(found.baseline, found.target)]]


def _figures(answers: Sequence[Judged], target: float) -> list[str]:
    stand = promised(answers, target)
    if stand is None or stand.precision is None or stand.bound is None:
        return [f"{area(answers):.3f}", "none", "0.0%", "-", "-"]
    shares = (stand.coverage, stand.precision, stand.bound)
    return [f"{area(answers):.3f}", f"{stand.threshold:.2f}", *(f"{one:.1%}" for one in shares)]


def write(found: Found, folder: Path) -> None:
    """Write `calibration.html`; the same answers give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "calibration.html").write_text(html(TITLE, blocks(found)), "utf-8")
