"""The whole site in this process: both applications, records on SQLite, an issuer, a browser."""

import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Engine, NullPool, Table, create_engine, select

from app.acceptance import Acceptance, Calibration
from app.api.service import Parts, create_site
from app.gateway import Completion, Gateway, GatewayError, Provider
from app.handler import CaseHandler
from app.identity import Role, SignIn, Verifier
from app.intake import Limits
from app.pipeline import Pipeline
from app.records import open_records, verify_chain
from app.settings import Settings
from app.telemetry import traces
from local.accounts import Accounts
from local.identity import create_app
from tests.api.usecase import Labelling, calibration, model_of
from tests.identity.issuer import Issuer
from tests.identity.people import PAGES, PROVIDER, hidden_fields, query

TEXT = "text/plain; charset=utf-8"
ALL = tuple(Role)


class FakeModel:
    """A model that says what it is told; `asked` counts the questions."""

    name, model = "openai", "fake-1"

    def __init__(self, says: str | None | GatewayError, *, refused: bool = False) -> None:
        self.says = says
        self.refused = refused
        self.asked = 0

    async def ask(self, ask: object, answer_type: object, deadline_seconds: float) -> Completion:
        self.asked += 1
        if isinstance(self.says, GatewayError):
            raise self.says
        return Completion(self.says, self.refused, cut=False, tokens_in=11, tokens_out=7)

    async def aclose(self) -> None:
        """Nothing is open."""


class World:
    """`url` is a migrated database that several worlds may share, one after the other."""

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        usecase: Labelling | None = None,
        model: Provider | None = None,
        calibrations: Sequence[Calibration] | None = None,
        **settings: object,
    ) -> None:
        self.usecase = usecase or Labelling()
        self.issuer = Issuer(PROVIDER)
        self.provider = create_app(self.issuer.settings(), folder / "secrets.json")
        self.settings: Settings = self.issuer.settings(**settings)
        self.records = open_records(url)
        self.database: Engine = create_engine(url, poolclass=NullPool)
        if calibrations is None:
            calibrations = [calibration("offline", model_of(self.usecase))]
        gateway = Gateway(self.usecase, model, deadline_seconds=5)
        limits = Limits(self.settings.intake_limit_bytes, self.settings.intake_limit_characters)
        pipeline = Pipeline(self.usecase, gateway, Acceptance(list(calibrations)), limits)
        self.parts = Parts(
            settings=self.settings,
            usecase=self.usecase,
            records=self.records,
            verifier=Verifier.of(self.settings, self.issuer.client()),
            sign_in=SignIn(self.settings, self._client(PROVIDER, self.provider)),
            handler=CaseHandler(pipeline, self.records),
            tracer_provider=traces.provider("test", 1.0),
        )
        self.site = create_site(self.parts)

    def close(self) -> None:
        self.records.close()
        self.database.dispose()

    def token(self, *roles: str, sub: str = "person-1") -> str:
        return self.issuer.token(sub, roles or ("submitter",))

    def client(self, *roles: str, sub: str = "person-1") -> httpx2.AsyncClient:
        """A program with a token of these roles."""
        client = self.anonymous()
        client.headers["authorization"] = f"Bearer {self.token(*roles, sub=sub)}"
        return client

    def anonymous(self) -> httpx2.AsyncClient:
        return self._client(PAGES, self.site)

    def browser(self) -> httpx2.AsyncClient:
        """A browser before the pages and the identity provider, not signed in."""
        mounts = {
            PAGES: httpx2.ASGITransport(self.site),
            PROVIDER: httpx2.ASGITransport(self.provider),
        }
        return httpx2.AsyncClient(mounts=mounts, base_url=PAGES)

    @contextlib.asynccontextmanager
    async def signed_in(self, role: str = "submitter") -> AsyncIterator[httpx2.AsyncClient]:
        """A browser in which somebody with just this role has signed in."""
        async with self.browser() as browser:
            await sign_in(browser, role)
            yield browser

    async def send(
        self, body: bytes, content_type: str = TEXT, sub: str = "person-1"
    ) -> dict[str, Any]:
        """Send a case as a submitter; what the service replied with 201."""
        async with self.client("submitter", sub=sub) as client:
            reply = await client.post(
                "/v1/cases", content=body, headers={"content-type": content_type}
            )
        assert reply.status_code == 201, reply.text
        found: dict[str, Any] = reply.json()
        return found

    def rows(self, table: Table) -> list[dict[str, Any]]:
        with self.database.connect() as connection:
            found = connection.execute(select(table).order_by(*table.primary_key)).mappings()
            return [dict(row) for row in found]

    def broken_link(self) -> int | None:
        """The first entry at which the audit chain does not hold."""
        with self.database.connect() as connection:
            return verify_chain(connection)

    @staticmethod
    def _client(base_url: str, app: Any) -> httpx2.AsyncClient:  # noqa: ANN401 - any application
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=base_url)


async def sign_in(browser: httpx2.AsyncClient, role: str) -> None:
    """Go the whole way: a page, the provider, a person with just this role, and back."""
    reply = await browser.get("/sign-in")
    asked = query(reply.headers["location"])
    authorize = reply.headers["location"].partition("?")[0]
    reply = await browser.post(authorize, data={**asked, "person": person(role)})
    reply = await browser.get(reply.headers["location"])
    assert reply.status_code == 303, reply.text


def person(role: str) -> str:
    """Somebody at the local identity provider who has this role and no other."""
    people = Accounts.load().people.values()
    return next(one.id for one in people if one.roles == (role,))


async def csrf(browser: httpx2.AsyncClient) -> str:
    """The token that the forms of this session carry."""
    return hidden_fields((await browser.get("/docs")).text)["csrf"]


def roles_but(*without: str) -> Iterable[str]:
    return [role for role in ALL if role not in without]
