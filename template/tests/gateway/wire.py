"""What the two providers put on the wire, well or badly; a model's name picks which."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

TOKENS_IN, TOKENS_OUT = 11, 7
# The same tokens, six of them read from a cache and two written to it, as each provider says so.
OPENAI_CACHED: dict[str, Any] = {
    "prompt_tokens": 11,
    "completion_tokens": 7,
    "total_tokens": 18,
    "prompt_tokens_details": {"cached_tokens": 6, "cache_write_tokens": 2},
}
ANTHROPIC_CACHED: dict[str, Any] = {
    "input_tokens": 3,
    "cache_read_input_tokens": 6,
    "cache_creation_input_tokens": 2,
    "output_tokens": 7,
}
ANSWERS: dict[str, dict[str, Any]] = {
    "ready": {"ready": True},
    "label": {"label": "yes", "remark": "it says so"},
}

Request = dict[str, Any]


@dataclass(frozen=True)
class Wire:
    """One HTTP reply; `pace` is how it is sent."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json"
    pace: str = "at once"


def wanted(request: Request) -> dict[str, Any]:
    """An answer to the schema in the request, wherever the provider's API has it."""
    text = json.dumps([request.get(k) for k in ("tools", "response_format", "output_config")])
    return next(answer for name, answer in ANSWERS.items() if f'"{name}"' in text)


def openai(message: dict[str, Any], finish: str = "stop") -> Wire:
    message = {"role": "assistant", "content": None, **message}
    choice = {"index": 0, "finish_reason": finish, "message": message}
    return openai_body([choice])


def openai_body(choices: list[dict[str, Any]]) -> Wire:
    usage = {
        "prompt_tokens": TOKENS_IN,
        "completion_tokens": TOKENS_OUT,
        "total_tokens": TOKENS_IN + TOKENS_OUT,
    }
    body = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1790000000,
        "model": "m",
        "choices": choices,
        "usage": usage,
    }
    return Wire(body=json.dumps(body).encode())


def with_usage(wire: Wire, usage: dict[str, Any]) -> Wire:
    """The same reply with another count of tokens."""
    body = json.loads(wire.body) | {"usage": usage}
    return Wire(wire.status, json.dumps(body).encode())


def openai_call(arguments: str, name: str = "answer") -> dict[str, Any]:
    return {"id": "t1", "type": "function", "function": {"name": name, "arguments": arguments}}


def openai_answer(request: Request, answer: object, finish: str | None = None) -> Wire:
    if not request.get("tools"):
        return openai({"content": json.dumps(answer)}, finish or "stop")
    return openai({"tool_calls": [openai_call(json.dumps(answer))]}, finish or "tool_calls")


def with_log_probabilities(wire: Wire, each: float) -> Wire:
    """The same text with tokens of three bytes, all of one log-probability."""
    body = json.loads(wire.body)
    text = body["choices"][0]["message"]["content"].encode()
    pieces = [text[start : start + 3] for start in range(0, len(text), 3)]
    body["choices"][0]["logprobs"] = {
        "content": [
            {
                "token": piece.decode("utf-8", "replace"),
                "bytes": list(piece),
                "logprob": each,
                "top_logprobs": [],
            }
            for piece in pieces
        ],
        "refusal": None,
    }
    return Wire(body=json.dumps(body).encode())


def anthropic(content: list[dict[str, Any]], stop: str = "end_turn") -> Wire:
    body = {
        "id": "m1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {"input_tokens": TOKENS_IN, "output_tokens": TOKENS_OUT},
    }
    return Wire(body=json.dumps(body).encode())


def anthropic_call(answer: object) -> dict[str, Any]:
    return {"type": "tool_use", "id": "t1", "name": "answer", "input": answer}


def anthropic_answer(request: Request, answer: object, stop: str | None = None) -> Wire:
    if not request.get("tools"):
        return anthropic([{"type": "text", "text": json.dumps(answer)}], stop or "end_turn")
    return anthropic([anthropic_call(answer)], stop or "tool_use")


def openai_error(status: int, code: str, text: str, headers: dict[str, str] | None = None) -> Wire:
    error = {"message": text, "type": code, "code": code, "param": None}
    return Wire(status, json.dumps({"error": error}).encode(), headers or {})


def anthropic_error(
    status: int, kind: str, text: str, headers: dict[str, str] | None = None
) -> Wire:
    body = {"type": "error", "error": {"type": kind, "message": text}}
    return Wire(status, json.dumps(body).encode(), headers or {})


Behaviour = Callable[[Request], Wire]
