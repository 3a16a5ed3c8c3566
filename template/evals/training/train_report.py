"""What a training says: a few lines for a terminal, and one page."""

from dataclasses import dataclass, field
from pathlib import Path

from evals.blocks import Block, Chart, Heading, Text
from evals.html import html
from evals.training import change, forecast
from evals.training.change import Change
from evals.training.forecast import Forecast, Step
from evals.training.learn import Training
from evals.training.own import Base
from evals.training.risk import points, promises, table

TITLE = "Training of the baseline"
NOTHING_BEFORE = (
    "There was no model before this one that can answer in today's schema, so there is nothing to"
    " compare with."
)

WORSE = (
    "  That is worse than before. Try another --on, or bring the old model back from the"
    " repository's history: app/usecase/weights.json and calibration.json."
)


@dataclass(slots=True)
class Report:
    """Everything one training found out. `void` names models whose calibration ended with it."""

    base: Base
    training: Training
    target: float
    families: int
    kept_back: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    flattered: bool = False
    steps: list[Step] = field(default_factory=list)
    forecasts: list[Forecast] = field(default_factory=list)
    void: list[str] = field(default_factory=list)


def describe(report: Report) -> str:
    """What was learned, in a few lines for a terminal."""
    lines = [*_chosen(report), *_stand(report)]
    for one in report.changes[:1]:
        _, _, before, now, moved = change.cells(one)
        lines.append(f"Against the model before, on {one.cases} of your cases: {before} to {now},")
        lines.append(f"  {moved}; by slice in the report.")
        if one.interval[1] < 0:
            lines.append(WORSE)
    if report.flattered:
        lines.append("  The model before was trained on these cases, which flatters it.")
    lines += [one.sentence for one in report.forecasts[-1:]]
    lines += [
        f"The calibration of {one} ended with the old weights: run `make calibrate`."
        for one in report.void
    ]
    return "\n".join(lines)


def _chosen(report: Report) -> list[str]:
    base, right = report.base, report.training.right.values()
    words = {"own": "your own cases", "shipped": "the shipped cases", "both": "both"}[base.on]
    share = sum(right) / len(right)
    lines = [f"Trained on {words}: {base.why}."]
    if report.kept_back:
        shown = ", ".join(report.kept_back[:5])
        lines.append(f"Intake keeps {len(report.kept_back)} training cases back: {shown} ...")
    about = "your cases of " if base.own else ""
    lines.append(
        f"{len(right)} cases of {report.families} families;"
        f" right about {about}unseen families: {_own_share(report, share):.1%}"
    )
    return lines


def _own_share(report: Report, share: float) -> float:
    mine = [hit for name, hit in report.training.right.items() if name in report.base.own]
    return sum(mine) / len(mine) if mine else share


def _stand(report: Report) -> list[str]:
    answers, threshold = report.training.answers, report.training.threshold
    if threshold is None:
        return [f"No threshold keeps {report.target:.0%} precision: everything goes to a person."]
    accepted = [one for one in answers if one.free and one.acceptance >= threshold]
    precision = sum(one.right for one in accepted) / len(accepted)
    return [
        f"Threshold {threshold:.2f}: {len(accepted) / len(answers):.1%} of unseen families"
        f" answered without a person, {precision:.1%} of them right"
        f" (target: {report.target:.0%} with 95 % confidence)."
    ]


def blocks(report: Report) -> list[Block]:
    """The page."""
    answers, threshold = report.training.answers, report.training.threshold
    parts: list[Block] = [Text(line) for line in (*_chosen(report), *_stand(report))]
    if report.base.own:
        parts += (
            change.blocks(report.changes, report.flattered)
            if report.changes
            else [Heading("What changed"), Text(NOTHING_BEFORE)]
        )
        parts += forecast.blocks(report.steps, report.forecasts)
    whose = "your cases that chance chose" if report.base.own else "the shipped cases"
    return [
        *parts,
        Heading("What may leave without a person"),
        Text(f"Measured on {len(answers)} answers to {whose}, each of a family held out."),
        promises("Coverage by promised precision", answers),
        table("Coverage and precision by threshold", answers, threshold),
        Chart("Risk and coverage", "coverage", "precision", 1, [("", points(answers))]),
    ]


def write(report: Report, folder: Path) -> None:
    """Write `report.html`; the same training gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.html").write_text(html(TITLE, blocks(report)), "utf-8")
