"""Every way a provider can answer, under the model name that asks for it."""

import json
from dataclasses import replace

from . import wire
from .wire import Behaviour, Request, Wire


def quoting(request: Request) -> str:
    """An error text that quotes the user's words, as real ones do."""
    return f"cannot take: {json.dumps(request['messages'])}"


HTML = Wire(body=b"<html>Please sign in</html>", media_type="text/html")


def cases_only(behaviour: Behaviour) -> Behaviour:
    """Answers preflight's small question well, and cases with this behaviour."""
    return lambda r: (OPENAI["ok"] if "ready" in wire.wanted(r) else behaviour)(r)


ANYWHERE: dict[str, Behaviour] = {
    "html": lambda r: HTML,
    "html-as-json": lambda r: replace(HTML, media_type="application/json"),
    "broken-json": lambda r: Wire(body=b'{"id": "c1", "choices": ['),
    "null": lambda r: Wire(body=b"null"),
    "list": lambda r: Wire(body=b"[1]"),
    "empty-object": lambda r: Wire(body=b"{}"),
    "no-body": lambda r: Wire(body=b""),
    "redirect": lambda r: Wire(307, headers={"location": "/elsewhere"}),
}

OPENAI: dict[str, Behaviour] = ANYWHERE | {
    "ok": lambda r: wire.openai_answer(r, wire.wanted(r)),
    "text-only": lambda r: wire.openai({"content": json.dumps(wire.wanted(r))}),
    "cached": lambda r: wire.with_usage(OPENAI["ok"](r), wire.OPENAI_CACHED),
    "cached-no-choices": lambda r: wire.with_usage(wire.openai_body([]), wire.OPENAI_CACHED),
    "uncounted": lambda r: Wire(
        body=wire.openai_answer(r, wire.wanted(r)).body.replace(b'"usage"', b'"not_usage"')
    ),
    "rate-limit-7": lambda r: wire.openai_error(
        429, "rate_limit_exceeded", quoting(r), {"retry-after": "7"}
    ),
    "rate-limit": lambda r: wire.openai_error(429, "rate_limit_exceeded", quoting(r)),
    "quota": lambda r: wire.openai_error(429, "insufficient_quota", quoting(r)),
    "server-fault": lambda r: wire.openai_error(500, "server_error", quoting(r)),
    "overloaded": lambda r: wire.openai_error(
        503, "unavailable", "The server is overloaded", {"retry-after": "3"}
    ),
    "unavailable": lambda r: wire.openai_error(503, "unavailable", quoting(r)),
    "unauthorised": lambda r: wire.openai_error(401, "invalid_api_key", quoting(r)),
    "forbidden": lambda r: wire.openai_error(403, "forbidden", quoting(r)),
    "unknown": lambda r: wire.openai_error(404, "model_not_found", quoting(r)),
    "rejected": lambda r: wire.openai_error(400, "invalid_request_error", quoting(r)),
    "too-long": lambda r: wire.openai_error(400, "context_length_exceeded", quoting(r)),
    "too-large": lambda r: wire.openai_error(413, "too_large", quoting(r)),
    "conflict": lambda r: wire.openai_error(409, "lock_timeout", quoting(r)),
    "hang": lambda r: replace(OPENAI["ok"](r), pace="late"),
    "drip": lambda r: replace(OPENAI["ok"](r), pace="drip"),
    "truncated": lambda r: replace(OPENAI["ok"](r), pace="truncated"),
    "no-choices": lambda r: wire.openai_body([]),
    "bad-arguments": lambda r: wire.openai({"tool_calls": [wire.openai_call("{label: yes")]}),
    "not-json": lambda r: wire.openai({"content": "I would say yes."}),
    "wrong-schema": lambda r: wire.openai_answer(r, {"label": "maybe", quoting(r): 1}),
    "two-calls": lambda r: wire.openai(
        {"tool_calls": [wire.openai_call(json.dumps(wire.wanted(r)))] * 2}
    ),
    "other-tool": lambda r: wire.openai(
        {"tool_calls": [wire.openai_call(json.dumps(wire.wanted(r)), "search")]}
    ),
    "empty": lambda r: wire.openai({"content": ""}),
    "length": lambda r: wire.openai_answer(r, wire.wanted(r), "length"),
    "refusal": lambda r: wire.openai({"refusal": "I will not."}),
    "filter": lambda r: wire.openai_answer(r, wire.wanted(r), "content_filter"),
    "case-fault": cases_only(lambda r: wire.openai_error(500, "server_error", quoting(r))),
    "case-refusal": cases_only(lambda r: wire.openai({"refusal": "I will not."})),
    "case-misfit": cases_only(lambda r: wire.openai_answer(r, {"label": "maybe"})),
    "filter-400": lambda r: wire.openai_error(400, "content_filter", quoting(r)),
}

ANTHROPIC: dict[str, Behaviour] = ANYWHERE | {
    "ok": lambda r: wire.anthropic_answer(r, wire.wanted(r)),
    "cached": lambda r: wire.with_usage(ANTHROPIC["ok"](r), wire.ANTHROPIC_CACHED),
    "text-only": lambda r: wire.anthropic([{"type": "text", "text": json.dumps(wire.wanted(r))}]),
    "rate-limit-7": lambda r: wire.anthropic_error(
        429, "rate_limit_error", quoting(r), {"retry-after": "7"}
    ),
    "rate-limit": lambda r: wire.anthropic_error(429, "rate_limit_error", quoting(r)),
    "quota": lambda r: wire.anthropic_error(
        400, "invalid_request_error", "Your credit balance is too low"
    ),
    "server-fault": lambda r: wire.anthropic_error(500, "api_error", quoting(r)),
    "overloaded": lambda r: wire.anthropic_error(
        529, "overloaded_error", "Overloaded", {"retry-after": "3"}
    ),
    "unavailable": lambda r: wire.anthropic_error(503, "api_error", quoting(r)),
    "unauthorised": lambda r: wire.anthropic_error(401, "authentication_error", quoting(r)),
    "forbidden": lambda r: wire.anthropic_error(403, "permission_error", quoting(r)),
    "unknown": lambda r: wire.anthropic_error(404, "not_found_error", quoting(r)),
    "rejected": lambda r: wire.anthropic_error(400, "invalid_request_error", quoting(r)),
    "too-long": lambda r: wire.anthropic_error(
        400, "invalid_request_error", "prompt is too long: 9 tokens > 8"
    ),
    "too-large": lambda r: wire.anthropic_error(413, "request_too_large", quoting(r)),
    "conflict": lambda r: wire.anthropic_error(409, "conflict", quoting(r)),
    "hang": lambda r: replace(ANTHROPIC["ok"](r), pace="late"),
    "drip": lambda r: replace(ANTHROPIC["ok"](r), pace="drip"),
    "truncated": lambda r: replace(ANTHROPIC["ok"](r), pace="truncated"),
    "not-json": lambda r: wire.anthropic([{"type": "text", "text": "I would say yes."}]),
    "wrong-schema": lambda r: wire.anthropic_answer(r, {"label": "maybe", quoting(r): 1}),
    "two-calls": lambda r: wire.anthropic([wire.anthropic_call(wire.wanted(r))] * 2),
    "empty": lambda r: wire.anthropic([]),
    "length": lambda r: wire.anthropic_answer(r, wire.wanted(r), "max_tokens"),
    "refusal": lambda r: wire.anthropic([], "refusal"),
}
