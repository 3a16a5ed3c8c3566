"""Fixtures of the identity tests."""

import time
from pathlib import Path

import pytest

from tests.identity.issuer import Issuer
from tests.identity.people import World
from tests.identity.provider import Provider
from tests.identity.site import Clock


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def clock() -> Clock:
    return Clock(float(int(time.time())))


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> World:
    return World(tmp_path, clock)


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    return Provider(tmp_path)
