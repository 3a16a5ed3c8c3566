"""Turns every error into an RFC 9457 problem, from the one table in `app.errors`."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from app import errors
from app.errors import ServiceError

MEDIA_TYPE = "application/problem+json"
_BY_STATUS = {error.status: error for error in errors.TABLE}
_ADVICE = {
    400: "The form cannot be read. Load the page again and repeat.",
    404: "Check the address.",
    405: "Use one of the methods in the header Allow.",
}
Show = Callable[[Request, ServiceError], Response]


class Problem(BaseModel):
    """An error as a caller sees it (RFC 9457).

    `code` is stable; `errors` names places in the input, never values.
    """

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list[dict[str, Any]] = []


def problem(error: ServiceError, request_id: str) -> Response:
    """Render an error."""
    body = Problem(
        type=f"urn:problem:{error.code}",
        title=error.title,
        status=error.status,
        code=error.code,
        detail=error.detail or error.title,
        request_id=request_id,
        errors=error.errors,
    )
    return JSONResponse(
        body.model_dump(mode="json"), error.status, error.headers, media_type=MEDIA_TYPE
    )


def reply(request: Request, error: ServiceError) -> Response:
    """Answer a request with an error."""
    return problem(error, request.state.request_id)


def of_http(exception: HTTPException) -> ServiceError:
    """The framework's own errors (404, 405, ...) as entries of the table."""
    other = errors.InvalidInput if 400 <= exception.status_code < 500 else errors.Internal
    kind = _BY_STATUS.get(exception.status_code, other)
    return kind(_ADVICE.get(exception.status_code, ""), headers=exception.headers)


def of_validation(exception: RequestValidationError) -> ServiceError:
    """A query or path that does not fit: places and messages, never the values."""
    places = [{"loc": list(one["loc"]), "msg": one["msg"]} for one in exception.errors()]
    return errors.InvalidInput("Correct the named places and try again.", errors=places)


def install(app: FastAPI, show: Show) -> None:
    """Answer every failure of this application in its own form; redirects pass."""

    async def service_error(request: Request, exception: Exception) -> Response:
        assert isinstance(exception, ServiceError)  # noqa: S101 - registered for this class
        return show(request, exception)

    async def http_error(request: Request, exception: Exception) -> Response:
        assert isinstance(exception, HTTPException)  # noqa: S101 - registered for this class
        location = (exception.headers or {}).get("location")
        if location is not None:
            return RedirectResponse(location, exception.status_code)
        return show(request, of_http(exception))

    async def validation_error(request: Request, exception: Exception) -> Response:
        assert isinstance(exception, RequestValidationError)  # noqa: S101 - as above
        return show(request, of_validation(exception))

    app.exception_handler(ServiceError)(service_error)
    app.exception_handler(HTTPException)(http_error)
    app.exception_handler(RequestValidationError)(validation_error)


def documented(*kinds: type[ServiceError]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may raise these errors."""
    reference: Mapping[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        kind.status: {"description": kind.title, "content": {MEDIA_TYPE: reference}}
        for kind in kinds
    }
