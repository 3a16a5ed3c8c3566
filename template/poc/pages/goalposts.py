"""What was moved since the contract was signed, in words."""

from poc.engine.findings import Verdict
from poc.pages.words import count

# Further moves are counted; one loosened after results is never left out.
SHOWN = 5


def said(verdict: Verdict) -> str:
    """How much was moved, the word under the first contract, and the looks taken."""
    looks = (
        f"Decision set scored {verdict.looks_used} of {verdict.looks_allowed} times"
        " (governance/ledger.jsonl)."
    )
    if verdict.original is None:
        return f"No contract is in force, so nothing could be moved. {looks}"
    under = f"Under the contract first signed: {verdict.original}."
    if not verdict.moves:
        return f"Nothing was moved since the contract was signed. {under} {looks}"
    late = sum(one.kind == "loosened" and not one.blind for one in verdict.moves)
    return (
        f"{count(len(verdict.moves), 'move')}, {late or 'none'} loosened after results could be"
        f" known. {under} {looks}"
    )


def moves(verdict: Verdict) -> list[str]:
    """The moves, those that were loosened after results first and never left out."""
    ordered = sorted(verdict.moves, key=lambda one: (one.blind, one.kind != "loosened"))
    late = sum(one.kind == "loosened" and not one.blind for one in ordered)
    shown = ordered[: max(SHOWN, late)]
    said = [
        f"{one.what}: {one.before or 'nothing'} → {one.after or 'nothing'}, {one.kind}"
        f" {'before' if one.blind else 'after'} results, {one.on}, by {one.by}: {one.why}"
        for one in shown
    ]
    left = len(ordered) - len(shown)
    return [*said, f"{count(left, 'more move')} in governance/ledger.jsonl"] if left else said
