"""A model server for all gateway tests, with an empty memory for each."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.records.migrate import migrate
from app.settings import Settings

from .pricing import every_model, price_file
from .servers import KEY, ModelServer
from .spending import counted, replies

Configure = Callable[..., Settings]


@pytest.fixture(scope="session")
def running_server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def server(running_server: ModelServer) -> ModelServer:
    running_server.forget()
    return running_server


@pytest.fixture(scope="session")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A price for whatever the local server is asked for, under caps far away."""
    return price_file(tmp_path_factory.mktemp("prices") / "prices.yaml", every_model())


@pytest.fixture
def configure(server: ModelServer, prices: Path) -> Configure:
    """Settings for a behaviour of a provider at the local server; keywords override them."""

    def settings(provider: str, model: str, **overrides: object) -> Settings:
        values: dict[str, Any] = {
            "model_provider": provider,
            "model_name": model,
            "model_base_url": server.address(provider),
            "model_api_key": KEY,
            "model_timeout_seconds": 30,
            "prices_file": prices,
        }
        return Settings(**(values | overrides))

    return settings


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A migrated database of the test's own."""
    made = f"sqlite:///{tmp_path}/app.db"
    migrate(made)
    return made


@pytest.fixture
def most(configure: Configure, server: ModelServer, tmp_path: Path) -> Decimal:
    """The most that the tests' case can cost: what stays counted when nobody says more."""
    other = f"sqlite:///{tmp_path}/other.db"
    migrate(other)
    replies(configure("openai", "uncounted"), other)
    server.forget()
    return counted(other)
