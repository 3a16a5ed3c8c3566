"""Puts the two applications together: the API for programs and the pages for people.

They are apart so that sessions cost the API nothing and each answers errors in its own form.
"""

from dataclasses import dataclass

from fastapi import FastAPI
from opentelemetry.sdk.trace import TracerProvider
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import cases, docs, health, labelling, pages, problems, rendering
from app.api.observe import Observe
from app.case import AnyUseCase
from app.handler import CaseHandler
from app.identity import SignIn, Verifier, routes_without_policy
from app.records import Records
from app.settings import Settings

API_PATHS = ("/v1", "/health", "/openapi.json")


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything the routes work with, ready to use."""

    settings: Settings
    usecase: AnyUseCase
    records: Records
    verifier: Verifier
    sign_in: SignIn
    handler: CaseHandler
    tracer_provider: TracerProvider


class Site:
    """Sends a request to the API or to the pages by its path."""

    def __init__(self, api: FastAPI, pages_app: FastAPI) -> None:
        self.api = api
        self.pages = pages_app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        is_api = scope["type"] == "http" and scope["path"].startswith(API_PATHS)
        app: ASGIApp = self.api if is_api else self.pages
        await app(scope, receive, send)


def create_site(parts: Parts) -> Site:
    """Build both applications. Raises `RuntimeError` when a route says not who may call it."""
    api = _application(parts, "API")
    api.include_router(cases.router)
    api.include_router(docs.router)
    api.include_router(health.router)
    problems.install(api, problems.reply)
    docs.describe(api, parts.usecase)

    people = _application(parts, "Pages")
    people.state.api = api
    renderer = people.state.renderer = rendering.Renderer(parts.settings)
    people.include_router(pages.router)
    people.include_router(labelling.router)
    parts.sign_in.install(people)
    problems.install(people, renderer.error)
    people.mount("/static", StaticFiles(directory=pages.STATIC))

    for app, show in ((api, problems.reply), (people, renderer.error)):
        open_routes = routes_without_policy(app)
        if open_routes:
            raise RuntimeError(f"these routes do not say who may call them: {open_routes}")
        app.add_middleware(Observe, body_limit=parts.settings.body_limit_bytes, show=show)
    return Site(api, people)


def _application(parts: Parts, title: str) -> FastAPI:
    app = FastAPI(
        title=title,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "tracer_provider": parts.tracer_provider,
        },
    )
    app.state.settings = parts.settings
    app.state.usecase = parts.usecase
    app.state.records = parts.records
    app.state.verifier = parts.verifier
    app.state.handler = parts.handler
    return app
