"""The site of the other tests, with a use case in which there is something to label."""

import pytest

from tests.api.conftest import Build, build, migrated, own_folder, url
from tests.api.world import World
from tests.labels.desk import Letters

__all__ = ["build", "migrated", "own_folder", "url"]


@pytest.fixture
def world(build: Build) -> World:  # noqa: F811 - the fixture of that name
    return build(usecase=Letters())
