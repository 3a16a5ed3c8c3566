"""A model server for all gateway tests, with an empty memory for each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.settings import Settings

from .servers import KEY, ModelServer

Configure = Callable[..., Settings]


@pytest.fixture(scope="session")
def running_server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def server(running_server: ModelServer) -> ModelServer:
    running_server.forget()
    return running_server


@pytest.fixture
def configure(server: ModelServer) -> Configure:
    """Settings for a behaviour of a provider at the local server; keywords override them."""

    def settings(provider: str, model: str, **overrides: object) -> Settings:
        values: dict[str, Any] = {
            "model_provider": provider,
            "model_name": model,
            "model_base_url": server.address(provider),
            "model_api_key": KEY,
            "model_timeout_seconds": 30,
        }
        return Settings(**(values | overrides))

    return settings
