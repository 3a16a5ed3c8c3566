"""Pages on which people label cases: the rounds, the next case, and back to the one before.

Nobody sees what somebody else said of a case, or what the service would answer. Plain forms and
redirects; a small script adds the keys.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app import errors
from app.api.labelling_view import NOTICES, Filled, blocks, inputs
from app.api.observe import POLICY
from app.api.rendering import LABELLERS, Renderer
from app.case import AnyUseCase
from app.identity import Caller, Role, allow_page, check_csrf
from app.records import Records
from app.records.labels.fields import fields_of
from app.records.labels.form import read
from app.records.labels.models import LabelRound, NewLabel, Turn

router = APIRouter()
Reader = Annotated[Caller, Depends(allow_page(*LABELLERS, Role.AUDITOR))]
Labeller = Annotated[Caller, Depends(allow_page(*LABELLERS))]
_MOST_FIELDS = 200


@router.get("/label")
async def rounds(request: Request, caller: Reader) -> Response:
    """The rounds, how far each is, and how far the caller is in it."""
    renderer: Renderer = request.app.state.renderer
    records: Records = request.app.state.records
    listed = await records.label_rounds(caller.subject)
    return renderer.page(request, "labels.html", caller, rounds=listed)


@router.get("/label/{name}")
async def next_case(
    request: Request, name: str, caller: Labeller, notice: str | None = None
) -> Response:
    """The case on the caller's screen, or their next one."""
    turn = await _turn(request, name, caller)
    study = f"{notice} in a study" if turn.round.purpose == "study" else ""
    return _page(request, caller, turn, NOTICES.get(study) or NOTICES.get(notice or "", ""))


@router.post("/label/{name}")
async def save(request: Request, name: str, caller: Labeller) -> Response:
    """Store a label and go on to the next case; what does not fit is shown again."""
    records: Records = request.app.state.records
    usecase: AnyUseCase = request.app.state.usecase
    async with _form(request) as form:
        filled = Filled.of(form)
    if filled.said is None:
        raise errors.InvalidInput("Press one of the buttons of the form.")
    of = _fitting(request, await records.label_round(name))
    value, wrong = read(of.form, usecase.answer_type, filled.said, filled.texts, filled.edge)
    if wrong:
        turn = await _turn(request, name, caller)
        if turn.case is None or turn.case.case_id != filled.case_id:
            return RedirectResponse(f"/label/{name}?notice=other", 303)
        return _page(request, caller, turn, filled=filled, wrong=wrong)
    new = NewLabel(filled.case_id, filled.said, value, filled.edge or None)
    kept = await records.save_label(name, new, caller.subject)
    return RedirectResponse(f"/label/{name}" + ("" if kept == "kept" else f"?notice={kept}"), 303)


@router.post("/label/{name}/back")
async def back(request: Request, name: str, caller: Labeller) -> Response:
    """Take the caller's last label back and show its case again."""
    records: Records = request.app.state.records
    async with _form(request) as form:
        case_id = str(form.get("case", ""))
    taken = await records.take_label_back(name, case_id, caller.subject)
    return RedirectResponse(f"/label/{name}?notice={'back' if taken else 'none'}", 303)


@asynccontextmanager
async def _form(request: Request) -> AsyncIterator[FormData]:
    """The fields of a form that came from a page of this session."""
    limit = request.app.state.settings.body_limit_bytes
    async with request.form(max_files=0, max_fields=_MOST_FIELDS, max_part_size=limit) as form:
        check_csrf(request, str(form.get("csrf", "")))
        yield form


async def _turn(request: Request, name: str, caller: Caller) -> Turn:
    records: Records = request.app.state.records
    _fitting(request, await records.label_round(name))
    return await records.label_turn(name, caller.subject)


def _fitting(request: Request, of: LabelRound) -> LabelRound:
    """The round, unless labels of it would not be answers of today's use case."""
    usecase: AnyUseCase = request.app.state.usecase
    if of.form.fields != fields_of(usecase.answer_type):
        raise errors.Conflict(
            "What the service answers has changed since this round was started, so its labels"
            " would no longer fit. Tell whoever started it."
        )
    return of


def _page(
    request: Request,
    caller: Caller,
    turn: Turn,
    notice: str = "",
    filled: Filled | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    renderer: Renderer = request.app.state.renderer
    filled, wrong = filled or Filled(), wrong or {}
    page = renderer.page(
        request,
        "label.html",
        caller,
        422 if wrong else 200,
        round=turn.round,
        progress=turn.progress,
        case=turn.case,
        inputs=inputs(turn.round.form, filled, wrong),
        edge=filled.edge,
        wrong=wrong,
        guideline=blocks(turn.round.guideline),
        notice=notice,
    )
    page.headers["content-security-policy"] = f"{POLICY}; script-src 'self'"
    return page
