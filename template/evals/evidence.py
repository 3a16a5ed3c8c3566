"""What a run says to the verdict: an evidence record of its shares, by slice."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from app.settings import Settings
from evals.dataset import EvalCase
from evals.digests import ROOT
from evals.measures import Counts
from evals.result import CaseOutcome, Result
from evals.statistics import effective_size
from evals.summary import BOOSTED
from poc.engine import evidence
from poc.engine.admissible import scorer
from poc.engine.digest import behaviour
from poc.engine.situation import situation

NAME = "evals"
SAME = "same_label_rate"
# Each metric as (hits, n) of a case's counts. A contract names them in `indicator.metric`.
SHARES: dict[str, Callable[[Counts], tuple[int, int]]] = {
    "accuracy": lambda c: (c.right, c.runs),
    "auto_precision": lambda c: (c.accepted_right, c.accepted),
    "auto_rate": lambda c: (c.accepted, c.runs),
    "review_rate": lambda c: (c.runs - c.accepted, c.runs),
    "confident_error_rate": lambda c: (c.accepted - c.accepted_right, c.runs),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a labelled set adds: its labellers' agreement, the look it is, gains, and items."""

    agreement: float | None = None
    look: int | None = None
    gains: Sequence[evidence.Measurement] = ()
    items: Sequence[evidence.ItemOutcome] = ()


def write(
    result: Result,
    cases: Sequence[EvalCase],
    settings: Settings,
    started: datetime,
    root: Path = ROOT,
    standing: Standing = Standing(),  # noqa: B008 - it does not change
    candidate: str = "",
) -> Path:
    """Write `build/evidence/evals.json`, or `evals-<split>.json` for another split.

    `candidate` names a second one that was measured beside what would be deployed.
    """
    where = situation(root)
    split = result.subject.split
    name = NAME if split == "evaluation" else f"{NAME}-{split}"
    predicate = evidence.Predicate(
        name=f"{name}-{candidate}" if candidate else name,
        started_on=started,
        finished_on=where.now,
        environment=environment(settings),
        provider=result.subject.provider,
        model=result.subject.model if result.subject.provider != "offline" else "",
        run=where.run,
        dirty=where.dirty,
        behaviour=behaviour(root),
        scorer=scorer(root),
        dataset=_dataset(result, cases, standing),
        complete=result.complete and not result.errors,
        measurements=[*_measurements(result, cases), *_consistency(result), *standing.gains],
        items=list(standing.items),
    )
    return evidence.write(root, predicate, where.commit)


def environment(settings: Settings) -> evidence.Environment:
    """What this environment declares, and whether it stands apart from a laptop's stand-ins."""
    default = Settings.model_fields["database_url"].default
    return evidence.Environment(
        name=settings.environment,
        local_issuer=_loopback(settings.issuer),
        local_store=settings.database_url == default,
    )


def _loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _dataset(result: Result, cases: Sequence[EvalCase], standing: Standing) -> evidence.Dataset:
    chance = [one for one in cases if one.drawn == "random"]
    return evidence.Dataset(
        name=result.subject.split,
        digest=result.subject.dataset,
        cases=len(cases),
        production_share=result.origins.get("production", 0) / max(sum(result.origins.values()), 1),
        edge_share=_edge_share(cases),
        natural_edge_share=_edge_share(chance),
        agreement=standing.agreement,
        look=standing.look,
    )


def _edge_share(cases: Sequence[EvalCase]) -> float:
    return sum(one.edge is not None for one in cases) / max(len(cases), 1)


def _measurements(result: Result, cases: Sequence[EvalCase]) -> Iterable[evidence.Measurement]:
    """Each share of each slice; cases added for their edge category count in that slice only."""
    added = {one.id for one in cases if one.drawn == "edge"}
    for metric, share in SHARES.items():
        indicator = {"metric": metric, "dataset": result.subject.split}
        for name in ["all", *(one.name for one in result.slices)]:
            chosen = [
                one
                for one in result.outcomes
                if (name == "all" or name in one.slices)
                and (one.id not in added or name.startswith(BOOSTED))
            ]
            families = family_counts(chosen, share)
            hits, n = sum(k for k, _ in families), sum(of for _, of in families)
            if n or name == "all":
                yield evidence.Measurement(
                    indicator=indicator,
                    slice=name,
                    hits=hits,
                    n=n,
                    effective=min(effective_size(families), n) if n else None,
                )


def _consistency(result: Result) -> Iterable[evidence.Measurement]:
    """How many cases got the same label in every repeat; nothing of a single run.

    Cases of one family are taken for one, as nothing says how far they waver together.
    """
    if result.agreement is not None and result.cases:
        yield evidence.Measurement(
            indicator={"metric": SAME, "dataset": result.subject.split},
            hits=round(result.agreement * result.cases),
            n=result.cases,
            effective=result.families,
        )


def family_counts(
    outcomes: Iterable[CaseOutcome], share: Callable[[Counts], tuple[int, int]]
) -> list[tuple[int, int]]:
    """(hits, n) of each family that has any."""
    sums: dict[str, tuple[int, int]] = {}
    for one in outcomes:
        hits, n = share(one.counts)
        before = sums.get(one.family, (0, 0))
        sums[one.family] = (before[0] + hits, before[1] + n)
    return [both for both in sums.values() if both[1]]
