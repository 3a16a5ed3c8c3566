"""The routes of cases, review and quarantine."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app import errors
from app.api.problems import documented
from app.api.views import CaseView, Listed, QuarantineView, ReviewView
from app.case import AnyUseCase
from app.handler import CaseHandler
from app.identity import Caller, Role, allow
from app.intake import Raw
from app.records import CaseRecord, Records

router = APIRouter(prefix="/v1")

Submitter = Annotated[Caller, Depends(allow(Role.SUBMITTER, Role.ADMIN))]
Anyone = Annotated[Caller, Depends(allow(*Role))]
Reviewer = Annotated[Caller, Depends(allow(Role.REVIEWER, Role.AUDITOR, Role.ADMIN))]
Operator = Annotated[Caller, Depends(allow(Role.OPERATOR, Role.ADMIN))]
QuarantineReader = Annotated[Caller, Depends(allow(Role.OPERATOR, Role.AUDITOR, Role.ADMIN))]
After = Annotated[
    str | None, Query(pattern="^[a-z]+_[0-9a-f]{32}$", description="`next` of the page before")
]
Limit = Annotated[int, Query(ge=1, le=200)]

SIGNED_IN = (errors.Unauthenticated, errors.Forbidden, errors.Unavailable)
READS_ALL = frozenset({Role.REVIEWER, Role.OPERATOR, Role.AUDITOR, Role.ADMIN})


def may_read(caller: Caller, record: CaseRecord) -> bool:
    """A submitter reads what they sent; the other roles read every case."""
    return bool(caller.roles & READS_ALL) or record.submitter == caller.subject


async def visible_case(records: Records, caller: Caller, case_id: str) -> CaseRecord:
    """Read a case. Raises `NotFound` both for no case and for somebody else's."""
    record = await records.get_case(case_id)
    if record is None or not may_read(caller, record):
        raise errors.NotFound("There is no case with this id that you may see.")
    return record


@router.post(
    "/cases",
    status_code=201,
    responses=documented(
        *SIGNED_IN, errors.PayloadTooLarge, errors.UnsupportedMedia, errors.InvalidInput
    ),
)
async def submit_case(request: Request, response: Response, caller: Submitter) -> CaseView:
    """Send a case: JSON of the use case's schema, plain text, or a whole mail message.

    It is stored whatever becomes of it; `status` says whether it was answered, waits for a
    person, or is quarantined with a reason.
    """
    handler: CaseHandler = request.app.state.handler
    records: Records = request.app.state.records
    raw = Raw(request.headers.get("content-type", ""), await request.body())
    case_id = await handler.handle(raw, caller, request.state.request_id)
    response.headers["location"] = f"/v1/cases/{case_id}"
    return CaseView.of(await visible_case(records, caller, case_id))


@router.get("/cases/{case_id}", responses=documented(*SIGNED_IN, errors.NotFound))
async def read_case(request: Request, case_id: str, caller: Anyone) -> CaseView:
    """Read a case and its outcome. A submitter sees their own cases only."""
    return CaseView.of(await visible_case(request.app.state.records, caller, case_id))


@router.get("/review", responses=documented(*SIGNED_IN, errors.InvalidInput))
async def list_review(
    request: Request, caller: Reviewer, after: After = None, limit: Limit = 50
) -> Listed[ReviewView]:
    """List the cases that wait for a person, oldest first."""
    records: Records = request.app.state.records
    usecase: AnyUseCase = request.app.state.usecase
    page = await records.list_review(after, limit)
    cases = [await records.get_case(item.case_id) for item in page.items]
    views = [ReviewView.of(case, usecase) for case in cases if case is not None]
    return Listed(items=[view for view in views if view is not None], next=page.next)


@router.get("/quarantine", responses=documented(*SIGNED_IN, errors.InvalidInput))
async def list_quarantine(
    request: Request, caller: QuarantineReader, after: After = None, limit: Limit = 50
) -> Listed[QuarantineView]:
    """List the cases that could not be used, oldest first."""
    records: Records = request.app.state.records
    page = await records.list_quarantine(after, limit)
    return Listed(items=[QuarantineView.of(item) for item in page.items], next=page.next)


@router.post(
    "/quarantine/{quarantine_id}/replay",
    responses=documented(*SIGNED_IN, errors.NotFound, errors.Conflict),
)
async def replay(request: Request, quarantine_id: str, caller: Operator) -> CaseView:
    """Run a quarantined original again, for example after intake learned to read it."""
    handler: CaseHandler = request.app.state.handler
    records: Records = request.app.state.records
    case_id = await handler.replay(quarantine_id, caller, request.state.request_id)
    if case_id is None:
        raise errors.NotFound("There is no quarantined case with this id.")
    return CaseView.of(await visible_case(records, caller, case_id))
