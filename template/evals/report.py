"""Writes a result as `result.json`, `report.md` and `report.html`."""

from collections.abc import Sequence
from pathlib import Path

from app.prices import money
from evals.blocks import Block, Chart, Heading, Matrix, Point, Table, Text, markdown
from evals.html import html
from evals.measures import Estimate, Measures
from evals.result import Cost, Reliability, Result, Spread
from evals.training.curve import Curve, load_curve

TITLE = "Evaluation report"
SYNTHETIC = "Synthetic cases: these figures do not describe your mail."
SECONDS = "Seconds per run, with the wait for other cases that ran at the same time"
PARTIAL = "A part of the cases only: these figures decide nothing."


def write(result: Result, folder: Path) -> None:
    """Write all three files into the run's folder; the result last, as the gate looks for it."""
    blocks = compose(result, load_curve())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text(markdown(TITLE, blocks), "utf-8")
    (folder / "report.html").write_text(html(TITLE, blocks), "utf-8")
    (folder / "result.json").write_text(result.model_dump_json(indent=1) + "\n", "utf-8")


def describe(result: Result) -> str:
    """The essence in a few lines for a terminal."""
    lines = [one.text for one in _warnings(result)]
    lines.append(f"{result.cases} cases of {result.families} families, {result.subject.model}")
    for name, estimate in _named(result.whole):
        lines.append(f"{name:<10} {percent(estimate)}  ({estimate.hits} of {estimate.n})")
    for block in _money(result.cost):
        lines.append(f"cost       {block.rows[0][1]} a request")
    if result.errors:
        lines.append(f"errors     {_listing(result.errors)} (each counts as wrong)")
    return "\n".join(lines)


def compose(result: Result, curve: Curve | None) -> list[Block]:
    """All sections of the report, in reading order."""
    return [
        *_warnings(result),
        *_headline(result),
        *_confusion(result),
        *_reliability(result.reliability),
        *_slices(result),
        *_edges(result),
        *_paths(result),
        *_cost(result),
        *([] if curve is None else _curve(curve)),
        *_provenance(result),
    ]


def percent(estimate: Estimate) -> str:
    """A share with its interval, or that there is nothing to divide."""
    if estimate.point is None:
        return "no cases"
    return f"{estimate.point:.1%} ({estimate.lower:.1%} to {estimate.upper:.1%})"


def _warnings(result: Result) -> list[Text]:
    shown = [SYNTHETIC] if result.synthetic else []
    return [Text(text, True) for text in [*shown, *([] if result.complete else [PARTIAL])]]


def _named(measures: Measures) -> list[tuple[str, Estimate]]:
    return [
        ("accuracy", measures.accuracy),
        ("precision", measures.precision),
        ("coverage", measures.coverage),
    ]


def _row(name: str, one: Estimate) -> list[str]:
    return [name, percent(one), str(one.hits), str(one.n), str(one.families), one.method]


ESTIMATE = ("share (95 % interval)", "hits", "runs", "families", "interval by")


def _added(result: Result) -> str:
    """Say how many cases count in their edge category only; empty when there are none."""
    added = result.cases - result.whole.accuracy.n // result.repeats
    return f" {added} were added for their edge category and count in it only." if added else ""


def _headline(result: Result) -> list[Block]:
    level = "no threshold" if result.threshold is None else f"threshold {result.threshold:.2f}"
    rows = [_row(name, one) for name, one in _named(result.whole)]
    scores = [_row(name, one) for name, one in result.scores.items()]
    return [
        Text(
            f"{result.cases} cases of {result.families} families, {result.repeats} run(s) each, by"
            f" {result.subject.provider} {result.subject.model}, {level}.{_added(result)}"
        ),
        Table("All cases: a failed or missing answer is wrong", ("measure", *ESTIMATE), rows),
        Text(
            "Accuracy: right answers among all cases. Precision: right ones among those that left"
            " without a person. Coverage: cases that left without a person."
        ),
        Table("Scores of cases that are to be answered", ("score", *ESTIMATE), scores),
    ]


def _confusion(result: Result) -> list[Block]:
    found = result.confusion
    caption = "Rows: expected, columns: given. Darker: a larger part of the row. Framed: right."
    return [
        Heading("What was taken for what"),
        Matrix(caption, found.expected, found.given, found.counts),
    ]


def _reliability(found: Reliability | None) -> list[Block]:
    if found is None:
        text = "There is no calibration for this model, so every answer goes to a person."
        return [Heading("Is acceptance a probability?"), Text(text)]
    points = [Point(b.mean_acceptance, b.right / b.n, *b.interval) for b in found.bins]
    rows = [
        [
            f"{b.lower:.1f} to {b.upper:.1f}",
            str(b.n),
            f"{b.mean_acceptance:.1%}",
            f"{b.right / b.n:.1%}",
            f"{b.interval[0]:.1%} to {b.interval[1]:.1%}",
        ]
        for b in found.bins
    ]
    head = ("acceptance", "answers", "mean acceptance", "right", "95 % interval")
    return [
        Heading("Is acceptance a probability?"),
        Text(
            f"{found.n} answers; expected calibration error {found.error:.3f}, Brier score"
            f" {found.brier:.3f}. On the diagonal, what was promised is what was true."
        ),
        Chart("Reliability diagram", "mean acceptance", "right", 1, [("", points)], diagonal=True),
        Table("Reliability by acceptance", head, rows),
    ]


def _slices(result: Result) -> list[Block]:
    head = ("slice", "cases", "accuracy", "precision", "coverage", "families", "in the gate")
    rows = [
        [one.name, str(one.cases), *(percent(share) for _, share in _named(one.measures))]
        + [str(one.measures.accuracy.families), "yes" if one.gated else "no"]
        for one in result.slices
    ]
    text = "With many slices some look bad by chance: the gate decides on the named ones only."
    return [Heading("Slices"), Text(text), Table("Measures by slice, 95 % intervals", head, rows)]


def _edges(result: Result) -> list[Block]:
    head = ("category", "what it is", "should end", "handled by", "share (95 % interval)", "runs")
    rows = [
        [one.id, one.title, one.expected, one.handled_by, percent(one.handled), str(one.handled.n)]
        for one in result.edges
    ]
    return [Heading("Edge cases"), Table("Edge categories that ended as they should", head, rows)]


def _paths(result: Result) -> list[Block]:
    kinds = {
        "to a person": result.review,
        "quarantined": result.quarantine,
        "rejected by intake": result.rejected,
        "model failed, baseline answered": result.degraded,
        "error, counted as wrong": result.errors,
    }
    rows = [
        [kind, reason, str(count)]
        for kind, found in kinds.items()
        for reason, count in found.items()
    ]
    blocks: list[Block] = [
        Heading("What did not leave by itself, and why"),
        Table("Runs by what became of them", ("what", "reason", "runs"), rows),
    ]
    if result.agreement is not None:
        same = f"{result.agreement:.1%} of the cases got the same label in every repeat."
        blocks.append(Text(same))
    return blocks


def _cost(result: Result) -> list[Block]:
    runs = max(result.cases * result.repeats, 1)
    rows = [
        ["tokens in", str(result.tokens_in), f"{result.tokens_in / runs:.1f}"],
        ["tokens out", str(result.tokens_out), f"{result.tokens_out / runs:.1f}"],
    ]
    return [
        Heading("Cost and time"),
        Table("Tokens", ("direction", "total", "per run"), rows),
        *_money(result.cost),
        Table(SECONDS, ("quantile", "seconds", "95 % interval"), _times(result.seconds)),
    ]


def _money(cost: Cost | None) -> list[Table]:
    if cost is None or cost.currency is None or not cost.total:
        return []
    one, currency = cost.mean, cost.currency
    interval = f"{money(one.lower, currency)} to {money(one.upper, currency)}"
    mean = f"{money(one.point, currency)} ({interval})"
    total = money(cost.total, currency)
    head = ("mean (95 % interval)", "total", "runs", "families", "interval by")
    row = ["cost", mean, total, str(one.n), str(one.families), one.method]
    return [Table("Cost of a request, by the price file", ("measure", *head), [row])]


def _times(spread: Spread) -> list[list[str]]:
    def shown(value: float | None) -> str:
        return "no bound" if value is None else f"{value:.4f}"

    return [
        ["p50", shown(spread.p50), " to ".join(map(shown, spread.p50_interval))],
        ["p95", shown(spread.p95), " to ".join(map(shown, spread.p95_interval))],
    ]


def _curve(curve: Curve) -> list[Block]:
    groups = curve.by_families()
    series = []
    for name in ("unseen evaluation families", "out of fold"):
        points = [Point(n, *_middle(shares[name])) for n, shares in groups.items()]
        series.append((name, points))
    rows = [
        [str(n), *(f"{_middle(values)[0]:.1%}" for values in shares.values())]
        for n, shares in groups.items()
    ]
    head = ("training families", *next(iter(groups.values())))
    return [
        Heading("Would more cases help?"),
        Text("Accuracy of the trained baseline by families per label and language, mean of seeds."),
        Chart("Learning curve", "training families", "accuracy", max(groups), series),
        Table("Learning curve", head, rows),
    ]


def _middle(values: Sequence[float]) -> tuple[float, float, float]:
    return sum(values) / len(values), min(values), max(values)


def _provenance(result: Result) -> list[Block]:
    rows = [
        ["run", result.key],
        ["finished", result.finished_at],
        ["origin of the cases", _listing(result.origins)],
        *[[name, str(value)] for name, value in result.subject.model_dump().items()],
    ]
    return [Heading("Provenance"), Table("Digests are SHA-256", ("part", "value"), rows)]


def _listing(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
