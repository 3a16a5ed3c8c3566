"""Fixtures every test may use."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio only, as the service does."""
    return "asyncio"
