"""Fixtures every test may use, and their independence of this machine's settings."""

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

from app.settings import Settings

# Whoever starts the tests in the background has Control-C ignored, here and in what tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A developer's own settings must not decide whether the tests pass.
Settings.model_config["env_file"] = None
for name in [one for one in os.environ if one.startswith("APP_") and "APP_TEST_" not in one]:
    del os.environ[name]


# How long an example takes says more about the machine than about the code.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio only, as the service does."""
    return "asyncio"
