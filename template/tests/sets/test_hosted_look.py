"""A look with a hosted model: asked over HTTP, beside it the trained baseline, in one look."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import SettingsError
from evals import run, sets
from evals.dataset import EvalCase
from evals.service import reader
from poc.engine import evidence, ledger
from poc.engine.evidence import Predicate
from poc.engine.problems import Exit
from tests.gateway import wire
from tests.gateway.pricing import entry, price_file
from tests.gateway.servers import KEY, ModelServer
from tests.governance.console import Console
from tests.governance.sample import commit
from tests.sets.mails import ENGLISH, GERMAN, label

MODEL = "the-model"
FIRST = frozenset(ENGLISH[: len(ENGLISH) // 2]) | frozenset(GERMAN[: len(GERMAN) // 2])


def truth(text: str) -> str:
    """What people say of a message: more words of the first half of the list, or not."""
    words = set(text.replace(".", " ").split())
    return "billing" if len(words & FIRST) >= 6 else "delivery"


def answers(request: wire.Request) -> wire.Wire:
    """Right in nine of ten, and the same each time."""
    text = str(request["messages"][-1]["content"]).replace("<request>", "")
    right = truth(text)
    wrong = {"billing": "delivery", "delivery": "billing"}[right]
    lucky = hashlib.sha256(" ".join(sorted(set(text.split()))).encode()).digest()[0] < 230
    return wire.openai_answer(
        request, {"queue": right if lucky else wrong, "priority": "normal", "reasons": []}
    )


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModelServer]:
    """The settings of a service that asks a model on a local server."""
    prices = price_file(tmp_path / "prices.yaml", [entry("openai", MODEL)])
    with ModelServer({MODEL: answers}) as server:
        values = {
            "PROVIDER": "openai",
            "NAME": MODEL,
            "BASE_URL": server.address("openai"),
            "API_KEY": KEY,
        }
        for name, value in values.items():
            monkeypatch.setenv(f"APP_MODEL_{name}", value)
        monkeypatch.setenv("APP_PRICES_FILE", str(prices))
        yield server


def test_the_model_and_the_baseline_are_scored_in_one_look(
    agreed: tuple[Path, Console], inbox: Path, hosted: ModelServer
) -> None:
    root, poc = agreed
    (root / "project.toml").write_text(f'[model]\nprovider = "openai"\nname = "{MODEL}"\n')
    (root / ".gitignore").write_text("/build/\n/data/\n")
    poc.type(f"poc sample {inbox} --set decision --origin production --class internal --cases 60")
    read = reader()

    def say(case: EvalCase) -> dict[str, str]:
        return {"queue": truth(read(case)), "priority": "normal"}

    label(root, "decision", say)
    assert poc.type("poc seal") == Exit.OK
    commit(root, "decision set")
    found = sets.gather("decision", root)
    result, number = run.measure(
        run.parse(["--split", "decision", "--repeats", "2", "--here"]), found, root
    )
    assert number == 1
    assert len(ledger.load(root).of("look")) == 1
    assert len(hosted.requests) == 2 * 60
    assert 0.8 < (result.whole.accuracy.point or 0) < 1
    assert result.cost is not None and result.cost.total > 0
    records = {one.path: one.predicate for one in evidence.load(root)}
    model = records["build/evidence/evals-decision.json"]
    trained = records["build/evidence/evals-decision-baseline.json"]
    assert model is not None and trained is not None
    assert (model.provider, model.model, trained.provider) == ("openai", MODEL, "offline")
    assert [one.dataset.look for one in (model, trained) if one.dataset] == [1, 1]
    assert [(one.item, one.outcome) for one in model.items] == [("EVAL-3", "pass")]
    gain = next(one for one in model.measurements if one.indicator["metric"] == "accuracy_gain")
    assert gain.indicator["against"] == "trained"
    assert gain.point == pytest.approx(accuracy(model) - accuracy(trained))
    assert gain.lower is not None and gain.lower < (gain.point or 0)
    same = next(one for one in model.measurements if one.indicator["metric"] == "same_label_rate")
    assert (same.hits, same.n, same.slice) == (60, 60, "all")
    # An uncalibrated model sends everything to a person, and its precision is that of no answer.
    shares = {str(one.indicator["metric"]): one for one in model.measurements if one.slice == "all"}
    assert (shares["auto_precision"].n, shares["review_rate"].hits) == (0, 120)


def accuracy(record: Predicate) -> float:
    one = next(
        m for m in record.measurements if m.indicator["metric"] == "accuracy" and m.slice == "all"
    )
    return (one.hits or 0) / one.n


def test_a_service_that_cannot_start_spends_no_look(
    agreed: tuple[Path, Console],
    inbox: Path,
    hosted: ModelServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root, poc = agreed
    poc.type(f"poc sample {inbox} --set decision --origin production --class internal --cases 20")
    label(root, "decision")
    assert poc.type("poc seal") == Exit.OK
    nothing = price_file(tmp_path / "other.yaml", [entry("openai", "another-model")])
    monkeypatch.setenv("APP_PRICES_FILE", str(nothing))
    found = sets.gather("decision", root)
    with pytest.raises(SettingsError, match=MODEL):
        run.measure(run.parse(["--split", "decision", "--here"]), found, root)
    assert ledger.load(root).of("look") == []
    assert hosted.requests == []
