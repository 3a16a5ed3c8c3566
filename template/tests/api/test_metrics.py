"""What an operator can count, and that nobody can be told from it."""

import re
from collections.abc import Iterator

import httpx2
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from tests.api.process import Running, until
from tests.api.test_access import API, PAGES
from tests.api.usecase import SURE, UNSURE, UNUSABLE, text

Counters = dict[tuple[str, str], float]


def samples(served: Running) -> Iterator[Sample]:
    reply = httpx2.get(f"{served.metrics_url}/metrics", trust_env=False)
    assert reply.status_code == 200
    for family in text_string_to_metric_families(reply.text):
        yield from family.samples


def by_outcome(served: Running) -> Counters:
    return {
        (one.labels["status"], one.labels["reason"]): one.value
        for one in samples(served)
        if one.name == "poc_cases_total"
    }


def test_metrics_have_a_port_of_their_own(served: Running) -> None:
    assert any(one.name == "poc_http_requests_total" for one in samples(served))
    for path in ("/metrics", "/v1/metrics", "/health/metrics"):
        reply = httpx2.get(served.url + path, trust_env=False)
        assert reply.status_code == 404
        assert "poc_" not in reply.text


def test_each_outcome_is_counted_with_its_reason(served: Running) -> None:
    before = by_outcome(served)
    with served.client() as client:
        for words, number in ((SURE, 1), (UNSURE, 2), (UNUSABLE, 3)):
            for _ in range(number):
                headers = {"content-type": "text/plain"}
                client.post("/v1/cases", content=text(words), headers=headers).raise_for_status()
    after = by_outcome(served)
    moved = {name: after[name] - before.get(name, 0) for name in after}
    assert {name: value for name, value in moved.items() if value} == {
        ("answered", "none"): 1,
        ("in_review", "below_threshold"): 2,
        ("quarantined", "unusable"): 3,
    }


def test_labels_hold_closed_sets_only(served: Running) -> None:
    with served.client() as client:
        reply = client.post("/v1/cases", content=text(SURE), headers={"content-type": "text/plain"})
        case_id = reply.json()["id"]
        for path in (f"/v1/cases/{case_id}", f"/cases/{case_id}", f"/v1/{case_id}", "/try"):
            client.get(path)
        client.request("PROPFIND", f"/v1/cases/{case_id}")

    def seen() -> set[str]:
        return {one.labels["route"] for one in samples(served) if "route" in one.labels}

    until(lambda: "unmatched" in seen())
    known = {route.split()[1] for route in [*API, *PAGES]} | {"unmatched", "/static"}
    assert {"/v1/cases/{case_id}", "/cases/{case_id}"} <= seen() <= known
    for one in samples(served):
        if one.name.startswith("poc_"):
            for value in one.labels.values():
                assert not re.search(r"[0-9a-f]{8}|@|person", value), one
