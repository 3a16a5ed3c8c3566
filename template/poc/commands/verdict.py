"""`poc verdict`: go or no-go, with reasons."""

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poc.checklist.scorecard import Scorecard, cleared, score
from poc.commands import Outcome
from poc.commands.lock import NOBODY, author
from poc.commands.tables import bullets, paragraph, table
from poc.engine import evidence, governance, ledger
from poc.engine.digest import of, plain
from poc.engine.findings import Finding, State, Verdict, Word
from poc.engine.problems import Exit, Refused
from poc.engine.situation import Situation, situation
from poc.engine.verdict import reach

if TYPE_CHECKING:
    from poc.pages.report import Report

FOLDER = Path("build") / "verdict"
CODES: dict[Word, Exit] = {
    "GO": Exit.OK,
    "NO-GO": Exit.NO_GO,
    "NOT YET MEASURED": Exit.NOT_YET_MEASURED,
    "INCONCLUSIVE": Exit.INCONCLUSIVE,
}
STATES: dict[State, str] = {
    "met": "v met",
    "not_met": "x not met",
    "inconclusive": "? inconclusive",
    "not_measured": "- not measured",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Fill in the options."""
    parser.add_argument(
        "--write", action="store_true", help=f"write the page, its text and data to {FOLDER}/"
    )
    parser.add_argument(
        "--comment", action="store_true", help="print the five lines for a pull request"
    )
    parser.add_argument(
        "--decide",
        choices=("go", "no-go", "extend"),
        help="record what people decided; needs --record, a decision document",
    )
    parser.add_argument("--record", metavar="FILE", help="the document that quotes the verdict")
    parser.add_argument("--by", metavar="NAME", help="who decided; by default git's user.name")


def run(options: argparse.Namespace, root: Path) -> Outcome:
    """Reach the verdict and show it; the exit code is its meaning."""
    where = situation(root)
    whole, records = governance.load(root), evidence.load(root)
    verdict = reach(whole, records, where)
    card = score(whole, records, where)
    data = summary(verdict, card, records)
    if options.decide:
        return _decide(options, whole, data, where)
    text = said(verdict, card)
    if options.write or options.comment:
        from poc.pages.verdict import render_verdict

        page = render_verdict(_report(whole, verdict, card, where))
        if options.comment:
            text = page.comment
        if options.write:
            text += "\n" + _write(root, data, page.html, page.markdown, page.comment)
    return Outcome(text, data, CODES[verdict.word])


def users(verdict: Verdict, card: Scorecard) -> tuple[bool, str]:
    """Whether real users may use it, and why."""
    if cleared(verdict.word, card.level):
        return True, f"level {card.level}"
    if card.level in ("pilot", "production"):
        return False, f"level {card.level}, but the verdict is {verdict.word}"
    return False, f"the checklist's level is {card.level}; users need pilot"


def said(verdict: Verdict, card: Scorecard) -> str:
    """The verdict for a terminal."""
    musts = [one for one in verdict.findings if one.priority == "must"]
    met = sum(one.state == "met" for one in musts)
    lines = [f"{verdict.word} - {met} of {len(musts)} criteria that must hold are met"]
    if verdict.preview and not verdict.run:
        lines.append("Preview on this machine; the official verdict comes from CI.")
    elif verdict.preview:
        lines.append("Preview: files were changed and not committed.")
    lines += [bullets(verdict.reasons), "", _table(verdict.findings), ""]
    if verdict.original and verdict.moves:
        late = sum(not one.blind for one in verdict.moves)
        moves = "1 move" if len(verdict.moves) == 1 else f"{len(verdict.moves)} moves"
        lines.append(
            paragraph(
                f"Goalposts: {moves}, {late} after results. Under the original contract:"
                f" {verdict.original}."
            )
        )
    if verdict.cheaper:
        lines.append(paragraph(verdict.cheaper))
    if verdict.inadmissible:
        lines += ["Evidence that does not count:", bullets(verdict.inadmissible)]
    ok, reason = users(verdict, card)
    lines.append(f"Cleared for users: {'yes' if ok else 'no'} - {reason}.")
    lines.append(f"Decision set scored {verdict.looks_used} of {verdict.looks_allowed} times.")
    lines.append("What to do, and who: poc next. The page to print: poc verdict --write")
    return "\n".join(lines)


def _table(findings: list[Finding]) -> str:
    rows = [
        (
            STATES[one.state],
            one.id,
            one.agreed,
            one.measured or "-",
            one.bound or "-",
            (one.statement if one.slice == "all" else f"{one.statement} ({one.slice})")
            + (f" About {one.per_week:g} wrong a week." if one.per_week is not None else ""),
        )
        for one in findings
    ]
    return table(("state", "id", "agreed", "measured", "bound", "criterion"), rows)


def summary(verdict: Verdict, card: Scorecard, records: list[evidence.Record]) -> dict[str, Any]:
    """`verdict.json`: a verification summary in the names of SLSA, and the verdict itself."""
    ok, reason = users(verdict, card)
    body = {
        "verifier": {"id": "poc verdict"},
        "timeVerified": verdict.at.isoformat(timespec="seconds"),
        "resourceUri": f"git+commit:{verdict.commit}",
        "policy": {"uri": "governance/criteria.yaml", "digest": {"sha256": verdict.contract}},
        "inputAttestations": [{"uri": one.path, "commit": one.commit} for one in records],
        "verificationResult": "PASSED" if verdict.word == "GO" else "FAILED",
        "verdict": plain(verdict),
        "clearedForUsers": {"cleared": ok, "reason": reason},
        "checklist": {
            "level": card.level,
            "weakest": card.weakest_area,
            "score": round(card.score, 1),
        },
    }
    return body | {"digest": of(body)}


def _report(
    whole: governance.Governance, verdict: Verdict, card: Scorecard, where: Situation
) -> "Report":
    from poc.checklist.attestations import budget_accepted
    from poc.money.forecast import forecast
    from poc.pages.report import Report

    return Report(
        verdict=verdict,
        scorecard=card,
        forecast=forecast(whole.contract.volume, whole.budget),
        accepted=budget_accepted(whole.budget, whole.owners, whole.attestations, where.today),
        governance=whole,
    )


def _write(root: Path, data: dict[str, Any], html: str, markdown: str, comment: str) -> str:
    import json

    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    (folder / "verdict.json").write_text(text, "utf-8")
    (folder / "verdict.html").write_text(html, "utf-8")
    (folder / "verdict.md").write_text(markdown, "utf-8")
    (folder / "comment.md").write_text(comment, "utf-8")
    return f"Written: {FOLDER / 'verdict.html'} (the page), verdict.md, comment.md, verdict.json."


def _decide(
    options: argparse.Namespace,
    whole: governance.Governance,
    data: dict[str, Any],
    where: Situation,
) -> Outcome:
    """Record a decision of people; deciding against the verdict is allowed, and shows."""
    if whole.ledger.in_force is None:
        raise Refused("Nothing can be decided before a contract is in force: poc lock")
    by = author(whole.root, options.by)
    if by == NOBODY:
        raise Refused("Say who decided: --by NAME")
    word = data["verdict"]["word"]
    document = (whole.root / (options.record or "")).resolve()
    contract = data["policy"]["digest"]["sha256"]
    if not options.record or not document.is_file():
        raise Refused(
            "Write down the decision and its reasons first, such as decisions/0001-no-go.md, and"
            f" name it with --record. It quotes the verdict ({word}) and {contract[:12]}, the"
            " contract's digest."
        )
    if not document.is_relative_to(whole.root):
        raise Refused(f"{options.record} is outside of the project; put it in decisions/.")
    text = document.read_text("utf-8", errors="replace")
    # A NO-GO is no quotation of a GO.
    quoted = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)
    if not quoted or contract[:12] not in text:
        raise Refused(
            f"{options.record} does not quote the verdict: write {word} and {contract[:12]}, the"
            " contract's digest, into it."
        )
    against = (options.decide == "go") != (word == "GO") and options.decide != "extend"
    body = {
        "decision": options.decide,
        "verdict": word,
        "against": against,
        "record": document.relative_to(whole.root).as_posix(),
        "contract": contract,
    }
    entry = ledger.append(whole.root, "decision", body, by, where)
    told = f"Recorded: {options.decide}, decided by {entry.by}; the verdict says {word}."
    return Outcome(told + (" It is against the verdict, and shows." if against else ""), body)
