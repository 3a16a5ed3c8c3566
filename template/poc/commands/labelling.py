"""What `poc label` says of a round and of its labels, in words and tables."""

from poc.commands.tables import paragraph, table
from poc.labels.status import Status
from poc.sets.manifest import Agreement, Labels


def progress(one: Status) -> str:
    """One round: how far it is, who did what, how far people agree, what is left."""
    kind = "" if one.purpose == "labels" else " (a study: one label a case)"
    lines = [f"{one.name}{kind}: {one.settled:,} of {one.cases:,} cases are settled."]
    if not one.people:
        lines.append(f"Nobody has labelled it yet; people do it on the page /label/{one.name}.")
        return "\n".join(lines)
    waiting = [
        f"{number:,} {text}"
        for number, text in (
            (one.third, "wait for a third person"),
            (one.stuck, "nobody can tell, not even the third: say in evals/guideline.md how"),
        )
        if number
    ]
    lines += [f"  {text}" for text in waiting]
    rows = [
        (person.person, f"{person.labels:,}", _minutes(person.minutes)) for person in one.people
    ]
    lines += ["", table(("person", "labels", "minutes each"), rows, right=(1, 2)), ""]
    if one.agreement is not None and one.purpose == "labels":
        lines.append(paragraph(f"So far {_agreed(one.agreement)}."))
    hours = "" if one.hours_left is None else f", about {one.hours_left:g} hours of work"
    lines.append(f"{one.labels_left:,} labels are missing{hours}." if one.labels_left else "")
    return "\n".join(lines).rstrip()


def figures(labels: Labels) -> str:
    """Agreement and pace by slice."""
    pace = {one.slice: one for one in labels.pace}
    rows = [
        (
            one.slice,
            f"{one.n:,}",
            _percent(one.observed),
            "-" if one.kappa is None else f"{one.kappa:.2f}",
            "-" if one.lower is None else f"{one.lower:.2f}",
            f"{pace[one.slice].median:.0f} s" if one.slice in pace else "-",
            f"{pace[one.slice].p90:.0f} s" if one.slice in pace else "-",
        )
        for one in labels.agreement
    ]
    heads = ("slice", "cases", "equal", "kappa", "at least", "median", "90 %")
    told = (
        "kappa: how far two people agree beyond chance (Cohen), 1 is always. at least: with 95 %"
        " confidence. median, 90 %: seconds one label took on the pages."
    )
    if not rows:
        return "No case has two labels, so nothing says how far people agree."
    return f"{table(heads, rows, right=range(1, len(heads)))}\n\n{paragraph(told)}"


def _agreed(one: Agreement) -> str:
    told = f"two people say the same on {_percent(one.observed)} of {one.n:,} cases"
    if one.kappa is None or one.lower is None:
        return f"{told}; kappa says nothing, since all say the same of everything"
    return f"{told}; kappa is {one.kappa:.2f}, at least {one.lower:.2f} with 95 % confidence"


def _minutes(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
