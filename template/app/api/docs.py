"""The API's own description: OpenAPI for programs, and a page made of it. Both need a role."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from app.api.problems import Problem, documented
from app.case import AnyUseCase
from app.errors import Forbidden, InvalidInput, Unauthenticated, Unavailable
from app.identity import Caller, Role, allow, roles_of

router = APIRouter()

_TEXT = {
    "text/plain": {"schema": {"type": "string"}},
    "message/rfc822": {"schema": {"type": "string", "format": "binary"}},
}


@router.get("/openapi.json", responses=documented(Unauthenticated, Forbidden, Unavailable))
async def openapi(
    request: Request, caller: Annotated[Caller, Depends(allow(*Role))]
) -> dict[str, Any]:
    """Describe this API in OpenAPI 3.1."""
    description: dict[str, Any] = request.app.openapi()
    return description


def describe(app: FastAPI, usecase: AnyUseCase) -> None:
    """Replace the generated description: problems as errors, the use case's schema as input."""

    def description() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app, usecase)
        return app.openapi_schema

    app.openapi = description  # type: ignore[method-assign]


def _description(app: FastAPI, usecase: AnyUseCase) -> dict[str, Any]:
    found = get_openapi(title=usecase.name, version="1", routes=app.routes)
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    schema = usecase.input_type.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    schemas["Input"] = schema
    found["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    reference = {"schema": {"$ref": "#/components/schemas/Input"}}
    found["paths"]["/v1/cases"]["post"]["requestBody"] = {
        "required": True,
        "content": {"application/json": reference, **_TEXT},
    }
    for path, operations in found["paths"].items():
        for operation in operations.values():
            refused = operation["responses"].get("422", {})
            if refused.get("description") != InvalidInput.title:
                # Any text will do as an id in a path; the framework announces it all the same.
                operation["responses"].pop("422", None)
            if not path.startswith("/health"):
                operation["security"] = [{"bearer": []}]
    return found


def operations(app: FastAPI) -> list[dict[str, Any]]:
    """List the operations for the page: what they do, take, reply, and who may call them."""
    found = []
    paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        if path not in paths or not isinstance(route.original_route, APIRoute):
            continue
        for method in sorted(route.methods or ()):
            operation = paths[path][method.lower()]
            found.append(
                {
                    "method": method,
                    "path": path,
                    "description": operation.get("description", ""),
                    "roles": ", ".join(sorted(roles_of(route))) or "anyone",
                    "accepts": list(operation.get("requestBody", {}).get("content", {})),
                    "replies": [
                        (status, reply["description"])
                        for status, reply in sorted(operation["responses"].items())
                    ],
                }
            )
    return found
