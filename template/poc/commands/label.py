"""`poc label`: have people label a set, and settle what they say."""

import argparse
from collections.abc import Callable
from pathlib import Path

from evals.dataset import EvalCase
from poc.commands import Outcome, everywhere
from poc.commands.labelling import figures, progress
from poc.commands.numbers import count
from poc.commands.tables import bullets, paragraph
from poc.engine.admissible import DECISION
from poc.engine.contract import Contract
from poc.engine.digest import plain
from poc.engine.problems import Refused
from poc.engine.situation import situation
from poc.engine.yamlfile import read
from poc.labels import files
from poc.labels.collecting import collect
from poc.labels.records import read_round, settings, with_records
from poc.labels.start import start
from poc.labels.status import status
from poc.sets import cases as sets
from poc.sets.fitness import objections
from poc.sets.manifest import Manifest, cases_of, labelled_of

CRITERIA = "governance/criteria.yaml"
Run = Callable[[argparse.Namespace, Path], Outcome]
STUDIED = 30


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)

    def action(name: str, text: str, run: Run) -> argparse.ArgumentParser:
        one = actions.add_parser(
            name, help=text, description=f"{text[:1].upper()}{text[1:]}.", parents=[everywhere()]
        )
        one.set_defaults(act=run)
        return one

    one = action("start", "put the cases of a set on the pages where people label", _start)
    one.add_argument("set")
    one.add_argument("--study", metavar="NAME", help="measure how long people take, one a case")
    one.add_argument("--cases", type=count, help=f"for a study: how many ({STUDIED})")
    one.add_argument("--seed", type=int, help="for a study: which ones; by default the set's")
    one.set_defaults(usage=one.error)
    one = action("status", "say how far the labelling is", _status)
    one.add_argument("set", nargs="?", help="a set or a study; all of them by default")
    one = action("collect", "settle what people said, and write the labelled cases", _collect)
    one.add_argument("set")
    one.add_argument("--partial", action="store_true", help="leave out what is not settled")
    one = action("export", "write the cases as a table, for a spreadsheet", _export)
    one.add_argument("set")
    one.add_argument("--to", type=Path, required=True, metavar="FILE.csv")
    one = action("import", "read one person's labels from such a table", _import)
    one.add_argument("set")
    one.add_argument("file", type=Path)
    one.add_argument(
        "--person", required=True, metavar="NAME", help="whose labels they are; as signed in"
    )


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Do what was asked."""
    act: Run = options.act
    return act(options, root)


def _start(options: argparse.Namespace, root: Path) -> Outcome:
    if options.study is None and (options.cases is not None or options.seed is not None):
        options.usage("--cases and --seed are for a study; name it with --study")
    new, number, fresh = start(
        root, options.set, options.study, options.cases or STUDIED, options.seed
    )
    page = f"{settings(root).public_url.rstrip('/')}/label/{new.name}"
    data = {"round": new.name, "purpose": new.purpose, "cases": number, "new": fresh, "page": page}
    people = (
        "Two people label each case on their own; where they differ, a third decides"
        if new.purpose == "labels"
        else "One person labels each case, and the time is taken"
    )
    lines = [
        f"{number:,} cases of {options.set} are ready to be labelled."
        if fresh
        else f"{new.name} was started before, with the same cases; nothing was changed.",
        paragraph(f"Whoever has the role reviewer does it on {page}. {people}."),
    ]
    if not new.guideline:
        lines.append(
            paragraph(
                "There is no evals/guideline.md, so people see no guideline. What they agree on"
                " depends on one."
            )
        )
    return Outcome("\n".join(lines), data)


def _status(options: argparse.Namespace, root: Path) -> Outcome:
    names = [options.set] if options.set else _names(root)
    if not names:
        raise Refused("Nothing is being labelled yet; start with: poc label start SET")
    found = [read_round(root, name) for name in names]
    all_of = [status(one, _cases(root, one.round.source)) for one in found]
    return Outcome("\n\n".join(map(progress, all_of)), {"rounds": [plain(one) for one in all_of]})


def _names(root: Path) -> list[str]:
    return [one.name for one in with_records(root, lambda records: records.label_rounds(""))]


def _cases(root: Path, name: str) -> list[EvalCase]:
    """The cases as drawn, none once they are sealed or somewhere else."""
    path = cases_of(root, name)
    return sets.read(path, path.relative_to(root).as_posix()) if path.exists() else []


def _collect(options: argparse.Namespace, root: Path) -> Outcome:
    done = collect(root, options.set, situation(root).now, options.partial)
    labels = done.manifest.labels
    assert labels is not None  # noqa: S101 - that is what collect() wrote
    name = done.manifest.name
    doubts = _doubts(root, done.manifest)
    place = labelled_of(root, name).relative_to(root).as_posix()
    lines = [
        f"{labels.cases:,} cases of {name} are labelled, by {labels.people} people; they are in"
        f" {place}.",
        f"{labels.settled:,} were settled by a third person." if labels.settled else "",
        f"{done.left_out:,} are left out, since they are not settled." if done.left_out else "",
        "",
        figures(labels),
        "",
        *doubts,
        f"Commit governance/sets/{name}.json; the cases themselves stay out of git.",
    ]
    data = plain(labels) | {"file": place, "leftOut": done.left_out}
    return Outcome("\n".join(one for i, one in enumerate(lines) if one or i in (3, 5)), data)


def _doubts(root: Path, manifest: Manifest) -> list[str]:
    """Why a decision set would not count as evidence, while something can be done about it."""
    if manifest.name != DECISION or not (root / CRITERIA).exists():
        return []
    rule = read(root / CRITERIA, Contract, CRITERIA).admissibility.decision_set
    found = list(objections(manifest, rule))
    return ["What is measured on it would not count as it is:", bullets(found), ""] if found else []


def _export(options: argparse.Namespace, root: Path) -> Outcome:
    found, number = files.write(root, options.set, options.to)
    closed = "\n".join(
        f"  {column}: {' | '.join(choices) if choices else 'write it'}"
        for column, choices in found.items()
    )
    text = "\n".join(
        (
            f"{number:,} cases are in {options.to}. Columns to fill in:",
            closed,
            "  unsure, nothing: x where you cannot tell, and where there is nothing to answer",
            "  edge: an edge category of evals/edges.toml, or empty",
            paragraph(
                "The table holds the words of the cases: keep it as safe as them, and out of git."
                " One table a person; whoever fills it in must not see another's."
            ),
        )
    )
    return Outcome(text, {"file": str(options.to), "cases": number, "columns": found})


def _import(options: argparse.Namespace, root: Path) -> Outcome:
    number = files.take(root, options.set, options.file, options.person)
    text = f"{number:,} labels by {options.person} were imported into {options.set}."
    return Outcome(text, {"set": options.set, "person": options.person, "labels": number})
