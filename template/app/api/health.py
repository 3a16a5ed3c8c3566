"""Health: alive, ready for traffic, started. The only routes that anyone may call."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from app import errors
from app.api.problems import documented
from app.identity import public
from app.records import Records

router = APIRouter(prefix="/health")


class Health(BaseModel):
    """What a probe reads."""

    status: str


@router.get("/live")
@public
async def live() -> Health:
    """The process answers; restart it when this does not."""
    return Health(status="alive")


@router.get("/startup")
@public
async def startup() -> Health:
    """Start-up has finished; nothing listens on the port before that."""
    return Health(status="started")


@router.get("/ready", responses=documented(errors.Unavailable))
@public
async def ready(request: Request) -> Health:
    """The records answer with the expected schema and tokens can be checked."""
    records: Records = request.app.state.records
    await records.ping()
    await request.app.state.verifier.ready()
    return Health(status="ready")
