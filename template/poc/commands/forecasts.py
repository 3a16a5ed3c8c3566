"""A forecast as a terminal shows it: table, ratios, and whether it pays."""

from collections.abc import Callable, Iterator

from poc.commands.tables import bullets, paragraph, table
from poc.money.costs import Column
from poc.money.forecast import Forecast
from poc.money.ratios import Band

SIGNS: dict[Band, str] = {"red": "x red", "amber": "! amber", "green": "v green"}

Cell = Callable[[Column], str]


def figures(money: Forecast, model: str) -> str:
    """A row for each line of the bill, a column for each volume."""
    whole: list[tuple[str, Cell, Cell]] = [
        (f"model tokens ({model})", lambda c: amount(c.model), lambda c: _part(c, c.model)),
        ("people who decide", lambda c: amount(c.review), lambda c: _part(c, c.review)),
        ("errors that reach somebody", lambda c: amount(c.errors), lambda c: _part(c, c.errors)),
        (
            "infrastructure",
            lambda c: amount(c.infrastructure),
            lambda c: _part(c, c.infrastructure),
        ),
        (
            "upkeep, labels, evals, on-call",
            lambda c: amount(c.upkeep),
            lambda c: _part(c, c.upkeep),
        ),
    ]
    plain: list[tuple[str, Cell]] = [
        ("TOTAL", lambda c: amount(c.total)),
        ("worst: large calls, all retried", lambda c: amount(c.worst)),
        ("worst, tokens alone", lambda c: amount(c.worst_model)),
        ("per request", lambda c: f"{c.per_request:,.2f}"),
        ("per right one without a person", _per_success),
        ("what is saved", lambda c: amount(c.benefit)),
        ("NET", lambda c: amount(c.net)),
    ]
    of = money.columns
    rows = [
        ("requests", *(f"{one.volume:,}" for one in of), ""),
        *((name, *map(cell, of), share(of[0])) for name, cell, share in whole),
        *((name, *map(cell, of), "") for name, cell in plain),
    ]
    heads = (f"{money.currency} a month", *(one.label for one in of), "of the bill at 1x")
    return table(heads, rows, right=range(1, len(of) + 1))


def judged(money: Forecast) -> Iterator[str]:
    """Production and its ratios, whether it pays, and what would change that."""
    yield paragraph(_largest(money))
    yield ""
    yield paragraph(
        f"Production: {amount(money.production_cost)} {money.currency} in"
        f" {money.production_weeks:g} weeks. The proof of concept: {amount(money.poc_cost)}."
    )
    for one in (money.cost_ratio, money.time_ratio):
        yield bullets([one.sentence], f"{SIGNS[one.band]}:")
    yield ""
    yield paragraph(pays(money))
    for goal in dict.fromkeys(one.goal for one in money.changes):
        would = f"meet {goal}" if goal else "make it pay by then"
        yield f"\nEach of these by itself would {would}:"
        yield bullets([one.sentence for one in money.changes if one.goal == goal])
    if money.out_of_reach:
        yield paragraph(
            f"Not enough by themselves, whatever you do: {', '.join(money.out_of_reach)}."
        )


def pays(money: Forecast) -> str:
    """From which volume it pays, what is expected in a year, and when the money is back."""
    year = f"in 12 months {money.volume_12m:,} are expected"
    net = f"{amount(abs(money.net_12m))} {money.currency} a month"
    if money.break_even is None:
        return f"It never pays, at any volume: {_loses(money)}. In 12 months it loses {net}."
    start = f"It pays from {money.break_even:,} requests a month on; {year}"
    if money.payback_months is None:
        return f"{start}, and with these it loses {net}."
    return (
        f"{start}, which save {net} more than they cost. At that volume the money for proof of"
        f" concept and production is back after {money.payback_months:,.0f} months."
    )


def amount(value: float) -> str:
    """A whole amount; below ten with cents, and never a cost rounded away."""
    if not 0 < abs(value) < 10:
        return f"{value:,.0f}"
    text = f"{value:,.2f}"
    return "under 0.01" if text in ("0.00", "-0.00") else text


def _loses(money: Forecast) -> str:
    one, more = money.columns[0], money.columns[-1]
    requests = more.volume - one.volume
    lost = (more.total - one.total - more.benefit + one.benefit) / requests
    if lost <= 0:
        return "what is saved is no more than what it costs"
    return f"each request costs {amount(lost)} more than it saves"


def _largest(money: Forecast) -> str:
    one = money.columns[0]
    parts = {
        "tokens": one.model,
        "people who decide": one.review,
        "errors": one.errors,
        "infrastructure": one.infrastructure,
        "upkeep": one.upkeep,
    }
    name = max(parts, key=lambda part: parts[part])
    if not parts[name]:
        return "Nothing costs anything; replace the figures by your own."
    tokens = f"Tokens are {_part(one, one.model)} of the bill" if one.model else "Tokens are free"
    if name == "tokens":
        return f"{tokens}, its largest line."
    return f"{tokens}; the largest line is {name}, {_part(one, parts[name])}."


def _part(of: Column, value: float) -> str:
    """A line as a part of the whole bill."""
    if not value:
        return "-"
    share = 100 * value / of.total
    return "under 0.1 %" if share < 0.1 else f"{share:.1f} %"


def _per_success(one: Column) -> str:
    return "-" if one.per_success is None else f"{one.per_success:,.2f}"
