"""Pages for people: start, try-it, a case and its route, the API's description.

Plain forms and redirects; everything works without JavaScript.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from app import errors
from app.api import docs
from app.api.agreed import agreed
from app.api.cases import visible_case
from app.api.explain import cost, explanation, headline, in_words, route_taken, shown
from app.api.rendering import SENDERS, Renderer
from app.api.views import CaseView, review_sheet
from app.case import AnyUseCase
from app.handler import CaseHandler
from app.identity import Caller, Role, allow_page, check_csrf
from app.intake import Raw
from app.records import Records

STATIC = Path(__file__).parent / "static"
KINDS = (
    ("text/plain; charset=utf-8", "a plain text"),
    ("message/rfc822", "a whole mail with its headers"),
    ("application/json", "JSON of the use case's schema"),
)
COUNTS = {
    "cases": "Cases taken in",
    "answered": "Answered without a person",
    "review_open": "Waiting for a person",
    "quarantine_held": "Held in quarantine",
}
FILES = {".txt": "text/plain", ".json": "application/json"}

router = APIRouter()
Anyone = Annotated[Caller, Depends(allow_page(*Role))]
Submitter = Annotated[Caller, Depends(allow_page(*SENDERS))]


@router.get("/")
async def start(request: Request, caller: Anyone) -> Response:
    """What the project is, what is still missing, and where it stands."""
    renderer: Renderer = request.app.state.renderer
    records: Records = request.app.state.records
    counts = await records.counts()
    return renderer.page(
        request,
        "start.html",
        caller,
        facts=agreed(),
        counts=[(label, counts[name]) for name, label in COUNTS.items()],
    )


@router.get("/docs")
async def api_docs(request: Request, caller: Anyone) -> Response:
    """The API's operations, with who may call them."""
    renderer: Renderer = request.app.state.renderer
    listed = docs.operations(request.app.state.api)
    return renderer.page(request, "docs.html", caller, operations=listed)


@router.get("/docs/openapi.json")
async def api_description(request: Request, caller: Anyone) -> dict[str, Any]:
    """The same as /openapi.json, for a signed-in browser."""
    description: dict[str, Any] = request.app.state.api.openapi()
    return description


@router.get("/try")
async def try_it(request: Request, caller: Submitter) -> Response:
    """Pick a sample, paste a text, or send a mail as a file."""
    return _try_page(request, caller)


@router.post("/try")
async def try_text(request: Request, caller: Submitter) -> Response:
    """Take in a pasted text."""
    async with _form(request) as form:
        kind, text = str(form.get("kind", "")), str(form.get("text", ""))
    if kind not in dict(KINDS):
        raise errors.InvalidInput("Choose what the text is.")
    try:
        return await _take(request, caller, Raw(kind, text.encode()))
    except errors.InvalidInput as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors)
        return _try_page(request, caller, kind, text, f"{error.detail} {places}".strip(), 422)


@router.post("/try/sample")
async def try_sample(request: Request, caller: Submitter) -> Response:
    """Take in one of the use case's samples."""
    usecase: AnyUseCase = request.app.state.usecase
    async with _form(request) as form:
        wanted = str(form.get("sample", ""))
    for sample in usecase.samples():
        if sample.name == wanted:
            return await _take(request, caller, Raw(sample.content_type, sample.body))
    raise errors.NotFound("There is no sample with this name.")


@router.post("/try/file")
async def try_file(request: Request, caller: Submitter) -> Response:
    """Take in a saved mail, or a text or JSON file."""
    async with _form(request) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.size:
            raise errors.InvalidInput("Choose a file that is not empty.")
        kind = FILES.get(Path(file.filename or "").suffix.lower(), "message/rfc822")
        raw = Raw(kind, await file.read())
    return await _take(request, caller, raw)


@router.get("/cases/{case_id}")
async def show_case(request: Request, case_id: str, caller: Anyone) -> Response:
    """One case: what was repaired, what was answered, the route it took and why."""
    renderer: Renderer = request.app.state.renderer
    record = await visible_case(request.app.state.records, caller, case_id)
    view = CaseView.of(record)
    answer = (view.decision.answer if view.decision else None) or {}
    return renderer.page(
        request,
        "case.html",
        caller,
        case=view,
        headline=headline(view),
        explanation=explanation(view),
        route=route_taken(view),
        cost=cost(view),
        answer=[(in_words(name), shown(value)) for name, value in answer.items()],
        sheet=review_sheet(record, request.app.state.usecase) if record.input else None,
    )


@asynccontextmanager
async def _form(request: Request) -> AsyncIterator[FormData]:
    """The fields of a form that came from a page of this session; its files are closed after."""
    limit = request.app.state.settings.body_limit_bytes
    async with request.form(max_files=1, max_fields=10, max_part_size=limit) as form:
        check_csrf(request, str(form.get("csrf", "")))
        yield form


async def _take(request: Request, caller: Caller, raw: Raw) -> Response:
    handler: CaseHandler = request.app.state.handler
    case_id = await handler.handle(raw, caller, request.state.request_id)
    return RedirectResponse(f"/cases/{case_id}", 303)


def _try_page(
    request: Request,
    caller: Caller,
    kind: str = KINDS[0][0],
    text: str = "",
    error: str = "",
    status: int = 200,
) -> Response:
    renderer: Renderer = request.app.state.renderer
    samples = request.app.state.usecase.samples()
    return renderer.page(
        request,
        "try.html",
        caller,
        status,
        samples=samples,
        kinds=KINDS,
        kind=kind,
        text=text,
        error=error,
    )
