"""The local identity provider's tokens and keys, and where it does not run."""

import json
import stat
from pathlib import Path

import httpx2
import pytest

from app.identity import Role, Verifier
from app.identity.exchange import basic
from local.accounts import Accounts, service_id
from local.identity import create_app
from tests.identity.people import PROVIDER, World, settings_for
from tests.identity.provider import Provider
from tests.identity.site import Clock, call

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_has_a_program_whose_token_the_service_takes(
    provider: Provider, role: Role
) -> None:
    reply = await provider.own_token(role)
    assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-store")
    assert reply.json()["expires_in"] == 900
    verifier = Verifier.of(settings_for(), provider.client)
    caller = await verifier.caller(reply.json()["access_token"])
    assert (caller.subject, list(caller.roles)) == (f"service-{role}", [role])


async def test_an_access_token_lasts_fifteen_minutes(provider: Provider) -> None:
    reply = await provider.own_token("submitter")
    verifier = Verifier.of(settings_for(), provider.client)
    claims = await verifier.verify(reply.json()["access_token"])
    assert claims["exp"] - claims["iat"] == 900


@pytest.mark.parametrize("claim", ["realm_access.roles", "https://example.test/roles", "groups"])
async def test_roles_are_put_where_the_settings_say(tmp_path: Path, claim: str) -> None:
    settings = settings_for(roles_claim=claim)
    app = create_app(settings, tmp_path / "secrets.json")
    secret = json.loads((tmp_path / "secrets.json").read_text())["service-admin"]
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=PROVIDER)
    reply = await client.post(
        "/token",
        data={"grant_type": "client_credentials"},
        headers={"authorization": basic("service-admin", secret)},
    )
    caller = await Verifier.of(settings, client).caller(reply.json()["access_token"])
    assert caller.roles == {Role.ADMIN}


async def test_a_wrong_secret_is_401(provider: Provider) -> None:
    right = provider.secret("service-submitter")
    for wrong in ("", "x", right[:-1], provider.secret("service-admin"), "ü".encode().hex()):
        reply = await provider.own_token("submitter", wrong)
        assert (reply.status_code, reply.json()) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize("header", ["Basic", "Basic %%%", "Basic AAAA", "Bearer abc", "Basic /w=="])
async def test_unreadable_credentials_are_401(provider: Provider, header: str) -> None:
    reply = await provider.client.post(
        "/token",
        data={"grant_type": "client_credentials"},
        headers={"authorization": header},
    )
    assert reply.status_code == 401


async def test_a_program_cannot_do_without_its_secret(provider: Provider) -> None:
    fields = {"grant_type": "client_credentials", "client_id": "service-admin"}
    assert (await provider.client.post("/token", data=fields)).status_code == 401


async def test_other_grants_are_refused(provider: Provider) -> None:
    fields = {"grant_type": "password", "client_id": "poc-pages"}
    reply = await provider.client.post("/token", data=fields)
    assert reply.json() == {"error": "unsupported_grant_type"}


def test_there_is_a_person_and_a_program_for_each_role_and_one_person_with_two() -> None:
    accounts = Accounts.load()
    held = [set(person.roles) for person in accounts.people.values()]
    for role in Role:
        assert {str(role)} in held
        assert accounts.clients[service_id(role)].roles == (role,)
    assert {"submitter", "reviewer"} in held


async def test_the_old_key_holds_after_a_rotation_until_its_tokens_are_over(
    provider: Provider,
) -> None:
    first = (await provider.client.get("/jwks.json")).json()["keys"]
    old = (await provider.own_token("admin")).json()["access_token"]
    kid = (await provider.client.post("/dev/rotate")).json()["kid"]
    listed = (await provider.client.get("/jwks.json")).json()["keys"]
    assert [key["kid"] for key in listed] == [first[0]["kid"], kid]
    new = (await provider.own_token("admin")).json()["access_token"]
    verifier = Verifier.of(settings_for(), provider.client)
    assert await verifier.caller(old) == await verifier.caller(new)
    provider.clock.now += 901
    listed = (await provider.client.get("/jwks.json")).json()["keys"]
    assert [key["kid"] for key in listed] == [kid]


async def test_many_rotations_do_not_pile_up_keys(provider: Provider) -> None:
    for _ in range(10):
        await provider.client.post("/dev/rotate")
    assert len((await provider.client.get("/jwks.json")).json()["keys"]) == 3


async def test_no_private_key_is_published(provider: Provider) -> None:
    await provider.client.post("/dev/rotate")
    for key in (await provider.client.get("/jwks.json")).json()["keys"]:
        assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


async def test_an_id_token_is_refused_at_the_api(provider: Provider) -> None:
    tokens = (await provider.redeem(await provider.code("person-submitter"))).json()
    verifier = Verifier.of(settings_for(), provider.client)
    assert (await call(verifier, tokens["access_token"])).status_code == 200
    assert (await call(verifier, tokens["id_token"])).status_code == 401
    # Where access tokens carry the same type, the audience alone keeps them apart.
    lax = Verifier.of(settings_for(token_types=("JWT", "at+jwt")), provider.client)
    assert (await call(lax, tokens["id_token"])).status_code == 401


async def test_the_secrets_are_new_at_each_start_and_only_this_user_reads_them(
    tmp_path: Path,
) -> None:
    file = tmp_path / "data" / "secrets.json"
    found = []
    file.parent.mkdir()
    # Left behind by a start that was killed half-way.
    file.with_suffix(".new").write_text("{")
    for _ in range(2):
        World(file.parent, Clock(0))
        found.append(json.loads(file.read_text()))
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.chmod(0o644)
    first, second = found
    assert set(first) == {service_id(role) for role in Role}
    assert not set(first.values()) & set(second.values())
    assert all(len(secret) >= 32 for secret in first.values())
    assert [one.name for one in file.parent.iterdir()] == ["secrets.json"]


@pytest.mark.parametrize("host", ["evil.test", "localhost:9000", "127.0.0.1.evil.test", "10.0.0.1"])
async def test_another_host_name_is_refused(provider: Provider, host: str) -> None:
    reply = await provider.client.get("/jwks.json", headers={"host": host})
    assert reply.status_code == 400


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"environment": "production"}, "APP_ENVIRONMENT is not local"),
        ({"environment": "staging"}, "APP_ENVIRONMENT is not local"),
        ({"issuer": "https://login.example.test"}, "APP_ISSUER"),
        ({"issuer": "http://10.0.0.1:9000"}, "APP_ISSUER"),
        ({"issuer": "http://127.0.0.1.evil.test"}, "APP_ISSUER"),
        ({"issuer": "https://127.0.0.1:9000"}, "APP_ISSUER"),
    ],
)
def test_it_runs_nowhere_else(tmp_path: Path, settings: dict[str, str], says: str) -> None:
    file = tmp_path / "secrets.json"
    https = {"issuer": "https://login.example.test", "public_url": "https://pages.example.test"}
    more = {**https, **settings} if "environment" in settings else settings
    with pytest.raises(SystemExit) as stop:
        create_app(settings_for(**more), file)
    assert says in str(stop.value)
    assert "\n" not in str(stop.value)
    assert not file.exists()
