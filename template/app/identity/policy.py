"""Says who may call a route, and finds the routes that do not say it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Host, Mount
from starlette.staticfiles import StaticFiles

from app.errors import Forbidden, Unauthenticated
from app.identity.roles import Caller, Role
from app.identity.verifier import Verifier

EndpointT = TypeVar("EndpointT", bound=Callable[..., Any])
_PUBLIC = "__public__"


@dataclass(frozen=True, slots=True)
class Policy(ABC):
    """The roles of which a caller needs one. A route has a policy by depending on one."""

    roles: frozenset[Role]

    @abstractmethod
    async def __call__(self, request: Request) -> Caller:
        """Say who is calling. Raises `Unauthenticated` or `Forbidden`."""

    def admit(self, caller: Caller) -> Caller:
        """Give the caller back, or raise `Forbidden`."""
        if not caller.roles & self.roles:
            names = ", ".join(sorted(self.roles))
            raise Forbidden(
                f"This needs one of the roles {names}. Ask for one where roles are assigned.",
                headers={"www-authenticate": 'Bearer error="insufficient_scope"'},
            )
        return caller


@dataclass(frozen=True, slots=True)
class _TokenPolicy(Policy):
    async def __call__(self, request: Request) -> Caller:
        verifier: Verifier = request.app.state.verifier
        return self.admit(await verifier.caller(_bearer_token(request)))


def allow(*roles: Role) -> Policy:
    """Make a dependency that gives the `Caller` of a bearer token with one of these roles.

    It raises `Unauthenticated` without a token that holds, `Forbidden` without such a role and
    `Unavailable` when tokens cannot be checked. The verifier is `app.state.verifier`.
    """
    return _TokenPolicy(some(roles))


def some(roles: Iterable[Role]) -> frozenset[Role]:
    """The roles as a set. Raises `ValueError` for none, which would lock everybody out."""
    named = frozenset(roles)
    if not named:
        raise ValueError("name at least one role, or mark the route with @public")
    return named


def public(endpoint: EndpointT) -> EndpointT:
    """Mark an endpoint that anyone may call, such as health."""
    setattr(endpoint, _PUBLIC, True)
    return endpoint


def roles_of(route: object) -> frozenset[Role]:
    """The roles that may call a route; empty for a public one or one without a policy.

    `route` is an `APIRoute`, or an element of `fastapi.routing.iter_route_contexts(app.routes)`,
    which also holds the routes of included routers.
    """
    dependant = getattr(route, "dependant", None)
    policies = list(_policies(dependant)) if dependant is not None else []
    return frozenset.intersection(*(one.roles for one in policies)) if policies else frozenset()


def routes_without_policy(app: FastAPI) -> list[str]:
    """List the paths that neither depend on a policy nor are marked public.

    Included routers and mounted applications are searched too; mounted static files are public
    by nature, and any other mounted application without routes is listed.
    """
    return list(_open_routes(app.routes, ""))


def _open_routes(routes: Iterable[BaseRoute], prefix: str) -> Iterator[str]:
    for route in iter_route_contexts(list(routes)):
        path = f"{prefix}{route.path or ''}"
        original = route.original_route
        if isinstance(original, Mount | Host):
            if not isinstance(original.app, StaticFiles):
                yield from _open_routes(original.routes, path) if original.routes else [path]
        elif not getattr(route.endpoint, _PUBLIC, False) and not _has_policy(route):
            yield path


def _has_policy(route: object) -> bool:
    dependant = getattr(route, "dependant", None)
    return dependant is not None and any(True for _ in _policies(dependant))


def _policies(dependant: Dependant) -> Iterator[Policy]:
    if isinstance(dependant.call, Policy):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _policies(inner)


def _bearer_token(request: Request) -> str:
    given = request.headers.getlist("authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(
            "Send an access token in one header: Authorization: Bearer <token>.",
            headers={"www-authenticate": "Bearer"},
        )
    return token.strip()
