"""A remote model over pydantic-ai. Importing this takes seconds: only `Endpoint.connect` does."""

import asyncio
import json
import logging
from contextvars import ContextVar
from dataclasses import asdict
from typing import cast

import httpx2
from pydantic import BaseModel
from pydantic_ai import ModelRequest, ModelResponse, ModelSettings, ToolCallPart, ToolDefinition
from pydantic_ai.direct import model_request
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition

from app.case import Ask
from app.gateway.endpoint import Endpoint
from app.gateway.errors import Timeout
from app.gateway.faults import filtered, tokens, translate
from app.gateway.provider import Completion

TOOL = "answer"

_body: ContextVar[list[bytes]] = ContextVar("body")


async def _keep_body(response: httpx2.Response) -> None:
    # The library drops a reply it cannot read, and with it the tokens that were paid for.
    _body.get().append(await response.aread())


def _model(endpoint: Endpoint, client: httpx2.AsyncClient) -> Model:
    if endpoint.provider == "openai":
        from pydantic_ai.models.openai import OpenAIChatModel
        from pydantic_ai.providers.openai import OpenAIProvider

        openai = OpenAIProvider(endpoint.address, endpoint.api_key, http_client=client)
        return OpenAIChatModel(endpoint.model, provider=openai)
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    anthropic = AnthropicProvider(
        api_key=endpoint.api_key, base_url=endpoint.address, http_client=client
    )
    return AnthropicModel(endpoint.model, provider=anthropic)


def _silence(name: str) -> None:
    # At debug level the libraries log the whole request, which holds the case; an environment
    # variable of theirs switches that on as well.
    logging.getLogger(name).setLevel(logging.INFO)


class RemoteProvider:
    """Implements `app.gateway.provider.Provider` for OpenAI-compatible services and Anthropic."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.name: str = endpoint.provider
        self.model = endpoint.model
        self._endpoint = endpoint
        # Redirects stay off: following one would hand the key and the case to another address.
        self._client = httpx2.AsyncClient(
            event_hooks={"response": [_keep_body]}, follow_redirects=False
        )
        self._model = _model(endpoint, self._client)
        _silence(endpoint.provider)

    async def ask(
        self, ask: Ask, answer_type: type[BaseModel], deadline_seconds: float
    ) -> Completion:
        """One request, one attempt; see `Provider.ask`."""
        body: list[bytes] = []
        _body.set(body)
        try:
            # The library's own timeouts are per read: a reply that drips outlives them.
            async with asyncio.timeout(deadline_seconds):
                response = await self._request(ask, answer_type, deadline_seconds)
            return _completion(response)
        except TimeoutError:
            raise Timeout(f"The model did not answer within {deadline_seconds:g} s.") from None
        except Exception as error:
            # Odd replies make the library raise anything, down to IndexError.
            if filtered(error):
                used = tokens(b"".join(body))
                return Completion(None, True, False, **asdict(used))
            raise translate(error, b"".join(body)) from None

    async def _request(
        self, ask: Ask, answer_type: type[BaseModel], deadline_seconds: float
    ) -> ModelResponse:
        # A retry inside the library would sleep through the deadline and hide the first error.
        settings = ModelSettings(
            max_retries=0, timeout=deadline_seconds, max_tokens=self._endpoint.max_tokens
        )
        if self._endpoint.log_probabilities:
            settings = cast(ModelSettings, {**settings, "openai_logprobs": True})
        return await model_request(
            self._model,
            [ModelRequest.user_text_prompt(ask.content, instructions=ask.instructions)],
            model_settings=settings,
            model_request_parameters=self._parameters(answer_type),
            instrument=False,
        )

    def _parameters(self, answer_type: type[BaseModel]) -> ModelRequestParameters:
        schema = answer_type.model_json_schema()
        if self._endpoint.output == "native":
            return ModelRequestParameters(
                output_mode="native", output_object=OutputObjectDefinition(schema, TOOL)
            )
        tool = ToolDefinition(
            name=TOOL,
            parameters_json_schema=schema,
            description="Give the answer.",
            kind="output",
        )
        return ModelRequestParameters(
            output_mode="tool", output_tools=[tool], allow_text_output=False
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _completion(response: ModelResponse) -> Completion:
    return Completion(
        text=_text(response),
        refused=response.finish_reason == "content_filter",
        cut=response.finish_reason == "length",
        tokens_in=response.usage.input_tokens,
        tokens_out=response.usage.output_tokens,
        cached_in=response.usage.cache_read_tokens,
        written_in=response.usage.cache_write_tokens,
        tokens=_tokens(response),
    )


def _tokens(response: ModelResponse) -> tuple[tuple[bytes, float], ...]:
    """Tokens with their log-probabilities; none where the provider sent none, or nonsense."""
    try:
        return tuple(
            (
                bytes(one["bytes"]) if one.get("bytes") is not None else one["token"].encode(),
                float(one["logprob"]),
            )
            for one in (response.provider_details or {}).get("logprobs") or ()
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return ()


def _text(response: ModelResponse) -> str | None:
    """The JSON, from the tool call or the text; two calls are no answer, as neither is the one."""
    calls = [part for part in response.parts if isinstance(part, ToolCallPart)]
    if not calls:
        return response.text
    if len(calls) > 1 or calls[0].tool_name != TOOL:
        return None
    # Raw, since the library's own rendering turns broken JSON into a valid object.
    arguments = calls[0].args
    return arguments if isinstance(arguments, str | None) else json.dumps(arguments)
