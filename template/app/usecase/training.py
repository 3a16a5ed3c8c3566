"""Trains the baseline with scikit-learn and writes `weights.json`; only `make train` imports it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.case import Guess
from app.usecase.linear import BLOCKS, LinearModel, normalise
from app.usecase.schema import Ticket, Triage
from app.usecase.triage import HERE, NO_QUEUE, guess, text_of

SEED = 7
INVERSE_REGULARISATION = 10.0
MIN_CASES = 5  # with two variants of a family: a term that at least three people used
DIGITS = 3  # weights are rounded, so that platforms agree on the file


class Fitted:
    """Both trained heads, ready to guess or to be saved."""

    def __init__(self, heads: Mapping[str, dict[str, Any]]) -> None:
        self._heads = heads
        self._models = [
            LinearModel(heads[name]["labels"], heads[name]["bias"], heads[name]["terms"])
            for name in ("queue", "priority")
        ]

    def guess(self, case: Ticket) -> Guess[Triage]:
        """What the service would answer with these weights."""
        return guess(case, *self._models)

    def save(self, path: Path = HERE / "weights.json") -> None:
        """Write the weights, one term a line, so that a change can be read."""
        heads = []
        for name, head in self._heads.items():
            rows = [
                f"{json.dumps(t, ensure_ascii=False)}:{json.dumps(w, separators=(',', ':'))}"
                for t, w in sorted(head["terms"].items())
            ]
            start = json.dumps({"labels": head["labels"], "bias": head["bias"]})[:-1]
            heads.append(f'"{name}": {start}, "terms": {{\n' + ",\n".join(rows) + "\n}}")
        path.write_text("{" + ",\n".join(heads) + "}\n", "utf-8")


def fit(cases: Sequence[Ticket], expected: Sequence[Mapping[str, Any]]) -> Fitted:
    """Train on cases and their expected answers, in the order given."""
    texts = [normalise(text_of(case)) for case in cases]
    queues = [str(one["queue"] or NO_QUEUE) for one in expected]
    priorities = [str(one["priority"]) for one in expected]
    return Fitted({"queue": _head(texts, queues), "priority": _head(texts, priorities)})


def _head(texts: list[str], labels: list[str]) -> dict[str, Any]:
    return exported(*trained(texts, labels))


def trained(texts: list[str], labels: list[str]) -> tuple[list[Any], Any]:
    """Fit scikit-learn's vectorizers, one for each block of terms, and its classifier."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizers = [
        TfidfVectorizer(analyzer=block, sublinear_tf=True, min_df=MIN_CASES) for block in BLOCKS
    ]
    features = hstack([vectorizer.fit_transform(texts) for vectorizer in vectorizers]).tocsr()
    model = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=2000, tol=1e-3, random_state=SEED)
    return vectorizers, model.fit(features, labels)


def exported(vectorizers: list[Any], model: Any) -> dict[str, Any]:  # noqa: ANN401 - scikit-learn
    """What `LinearModel` needs of a fitted model: labels, bias, and idf and weights by term."""
    from numpy import vstack

    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps one row then; its opposite is all zeros
        weights, bias = vstack([0 * weights, weights]), [0.0, *bias]
    names = [name for one in vectorizers for name in one.get_feature_names_out().tolist()]
    idf = [value for one in vectorizers for value in one.idf_.tolist()]
    return {
        "labels": model.classes_.tolist(),
        "bias": [round(float(b), DIGITS) for b in bias],
        "terms": {
            term: [round(one, DIGITS), *(round(w, DIGITS) for w in row)]
            for term, one, row in zip(names, idf, weights.T.tolist(), strict=True)
        },
    }
