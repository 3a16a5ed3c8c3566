"""Renders the pages' templates, and their errors."""

from pathlib import Path

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from app.errors import ServiceError
from app.identity import Caller, Role, csrf_token, session_caller
from app.settings import Settings, project

TEMPLATES = Path(__file__).parent / "templates"
SENDERS = frozenset({Role.SUBMITTER, Role.ADMIN})
LABELLERS = frozenset({Role.REVIEWER, Role.ADMIN})


class Renderer:
    """Fills templates; every value is escaped and an undefined name is an error."""

    def __init__(self, settings: Settings) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self._deployment = settings.environment
        self.kickoff = project()

    def page(
        self,
        request: Request,
        template: str,
        caller: Caller | None,
        status: int = 200,
        **more: object,
    ) -> HTMLResponse:
        """Render one page; `more` is what this template needs beside the frame."""
        frame = {
            "project": self.kickoff.get("project", {"name": "Proof of concept", "problem": ""}),
            "environment": self._deployment,
            "caller": caller,
            "csrf": csrf_token(request) if caller else "",
            "may_send": bool(caller and caller.roles & SENDERS),
            "may_label": bool(caller and caller.roles & LABELLERS),
        }
        html = self._environment.get_template(template).render(frame | more)
        return HTMLResponse(html, status)

    def error(self, request: Request, fault: ServiceError) -> Response:
        """Render an error as a page that says what to do."""
        page = self.page(
            request,
            "error.html",
            session_caller(request),
            fault.status,
            error={"title": fault.title, "detail": fault.detail},
            request_id=request.state.request_id,
        )
        page.headers.update(fault.headers)
        return page
