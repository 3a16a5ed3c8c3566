"""The week's line: what changed, what runs out, what is overdue, and one word to be shown."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from poc.checklist.scorecard import Scorecard, score
from poc.commands.tables import bullets
from poc.engine import ledger
from poc.engine.evidence import Record
from poc.engine.files import SHARED, replace
from poc.engine.findings import Verdict
from poc.engine.governance import FOLDER, Governance
from poc.engine.problems import Refused
from poc.engine.readiness import who
from poc.engine.situation import Situation
from poc.engine.verdict import reach

STATUS = FOLDER / "status"
SOON = timedelta(days=14)


def take(whole: Governance, records: list[Record], where: Situation) -> tuple[str, dict[str, Any]]:
    """Append the week's line and write `governance/status/`. Raises `Refused` outside CI."""
    if not where.official:
        raise Refused(
            "The weekly score is taken in CI only, because it adds to the ledger; look at today's"
            " with: poc score"
        )
    lines = whole.ledger.of("score")
    if lines and lines[-1].run == where.run:
        raise Refused(f"The CI run {where.run} has added its line already.")
    card, verdict = score(whole, records, where), reach(whole, records, where)
    body = line(card, verdict)
    told = report(whole, card, where)
    # The pages are drawn first: a line in the ledger cannot be taken back.
    files = _drawn(whole, card, verdict, where)
    ledger.append(whole.root, "score", body, "CI", where)
    folder = whole.root / STATUS
    for name, text in files.items():
        replace(folder / name, text.encode(), SHARED)
    text = "\n".join(
        [*told, f"Written: {STATUS.as_posix()}/ and a line of the ledger; commit both."]
    )
    return text, body | {"report": told}


def line(card: Scorecard, verdict: Verdict) -> dict[str, Any]:
    """The body of the ledger's line."""
    return {
        "score": card.score,
        "level": card.level,
        "starred": card.starred,
        "weakest": card.weakest_area,
        "items": {one.id: one.outcome for one in card.items},
        "verdict": verdict.word,
        "criteria": {one.id: one.state for one in verdict.findings},
    }


def report(whole: Governance, card: Scorecard, where: Situation) -> list[str]:
    """What somebody has to know this week, in lines; only what changed or will."""
    told: list[str] = []
    for head, lines in (
        ("Changed since the last score:", list(_changed(whole, card))),
        (f"Runs out within {SOON.days} days:", list(_expiring(whole, card, where.today))),
        ("Overdue blockers:", list(_overdue(whole, where.today))),
        ("To be shown this week:", list(_drawn_lot(whole, card, where.today))),
    ):
        if lines:
            told += [head, bullets(lines)]
    return told or ["Nothing changed, nothing runs out soon, nothing is overdue."]


def _changed(whole: Governance, card: Scorecard) -> Iterator[str]:
    last = next(iter(reversed(whole.ledger.of("score"))), None)
    if last is None:
        return
    before = last.body.get("items", {})
    now = {one.id: one for one in card.items}
    for name in [*now, *(one for one in before if one not in now)]:
        was, is_ = before.get(name, "not there"), now[name].outcome if name in now else "gone"
        if was != is_:
            detail = f": {now[name].detail}" if name in now else ""
            yield f"{name} {_word(was)} -> {_word(is_)}{detail}"


def _expiring(whole: Governance, card: Scorecard, today: date) -> Iterator[str]:
    for one in card.items:
        if one.expires and one.expires <= today + SOON:
            yield f"{one.id} on {one.expires}: {one.detail}  [{who(whole, one.owner)}]"


def _overdue(whole: Governance, today: date) -> Iterator[str]:
    for one in whole.charter.blockers:
        if one.status == "open" and one.due and one.due < today:
            yield f"{one.what}, due {one.due}  [{who(whole, one.owner)}]"


def _drawn_lot(whole: Governance, card: Scorecard, today: date) -> Iterator[str]:
    """One item that rests on a word, by the number of the week: the same draw for everybody."""
    words = {one.item for one in whole.attestations.attestations}
    resting = [one for one in card.items if one.id in words and one.credit and one.expires]
    if resting:
        year, week, _ = today.isocalendar()
        number = int.from_bytes(hashlib.sha256(f"{year}-W{week:02}".encode()).digest())
        one = resting[number % len(resting)]
        yield f"{one.id}: {one.detail}  [{who(whole, 'production')} shows it to the team]"


def _word(outcome: str) -> str:
    return outcome.replace("_", " ")


def _drawn(
    whole: Governance, card: Scorecard, verdict: Verdict, where: Situation
) -> dict[str, str]:
    from poc.money.forecast import forecast
    from poc.pages.status import status_json, status_markdown, trend_svg

    money = forecast(whole.contract.volume, whole.budget)
    earlier = [{"at": one.at.isoformat()} | one.body for one in whole.ledger.of("score")]
    points = [(date.fromisoformat(one["at"][:10]), float(one["score"])) for one in earlier]
    data = status_json(whole, earlier, card, verdict, money, where)
    return {
        "STATUS.md": status_markdown(
            earlier,
            card,
            verdict,
            money,
            where,
            governance=whole,
            drawn="; ".join(_drawn_lot(whole, card, where.today)),
        ),
        "status.json": json.dumps(data, indent=1, ensure_ascii=False) + "\n",
        "trend.svg": trend_svg([*points, (where.today, card.score)]),
    }
