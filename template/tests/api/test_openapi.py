"""The service does what its OpenAPI description says, also when it is sent nonsense."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection

from tests.api.test_access import API
from tests.api.usecase import SURE, text
from tests.api.world import World

FITTING, WRONG = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
# The token is always sent: who may call what is tested by role. Query parameters that nobody
# knows are ignored, and any text is a text.
ELSEWHERE = [ignored_auth, negative_data_rejection]
# The others take nothing that could be of a wrong shape.
CHECKED = ("POST /v1/cases", "GET /v1/review", "GET /v1/quarantine")


@pytest.fixture(scope="module")
def shared(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all examples."""
    folder = tmp_path_factory.mktemp("openapi")
    shutil.copy(migrated, folder / "app.db")
    made = World(f"sqlite:///{folder}/app.db", folder)
    yield made
    made.close()


@pytest.fixture(scope="module")
def described(shared: World) -> BaseSchema:
    headers = {"authorization": f"Bearer {shared.token('admin')}"}
    return schemathesis.openapi.from_asgi("/openapi.json", shared.site, headers=headers)


@pytest.mark.parametrize(
    ("route", "mode"),
    [*((route, FITTING) for route in API), *((route, WRONG) for route in CHECKED)],
)
def test_every_operation_keeps_to_its_description(
    described: BaseSchema, shared: World, route: str, mode: schemathesis.GenerationMode
) -> None:
    method, path = route.split()
    headers = {"authorization": f"Bearer {shared.token('admin')}"}

    @given(case=described[path][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def keeps_to_it(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=headers, excluded_checks=ELSEWHERE)

    keeps_to_it()


@pytest.mark.anyio
async def test_the_description_knows_the_use_cases_input_and_every_error(world: World) -> None:
    async with world.client("auditor") as client:
        found = (await client.get("/openapi.json")).json()
    operation = found["paths"]["/v1/cases"]["post"]
    content = operation["requestBody"]["content"]
    assert set(content) == {"application/json", "text/plain", "message/rfc822"}
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/Input"}
    assert set(found["components"]["schemas"]["Input"]["properties"]) == {
        "subject",
        "body",
        "reference",
    }
    assert set(operation["responses"]) == {"201", "401", "403", "413", "415", "422", "503"}
    for path, operations in found["paths"].items():
        for one in operations.values():
            assert ("security" in one) is not path.startswith("/health")
            for status, reply in one["responses"].items():
                kind = "application/json" if status < "400" else "application/problem+json"
                assert list(reply["content"]) == [kind]


@pytest.mark.anyio
async def test_both_addresses_give_the_same_description(world: World) -> None:
    async with world.client("auditor") as client, world.signed_in("auditor") as browser:
        of_api = (await client.get("/openapi.json")).json()
        assert (await browser.get("/docs/openapi.json")).json() == of_api
    assert text(SURE).decode() not in str(of_api)
