"""The signed session cookie of a person who signed in, and what protects their forms."""

import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import HTTPException, Request

from app.errors import Forbidden, Unauthenticated
from app.identity.policy import Policy, some
from app.identity.roles import Caller, Role

SIGN_IN = "sign_in"


def open_session(request: Request, caller: Caller, until: float) -> None:
    """Replace whatever the session held by this caller; `until` is Unix time in seconds.

    No token goes into the session: the cookie is signed, not encrypted.
    """
    session = request.session
    session.clear()
    session.update(
        sub=caller.subject,
        name=caller.name,
        roles=sorted(caller.roles),
        iss=caller.issuer,
        until=until,
        csrf=secrets.token_urlsafe(24),
    )


def session_caller(request: Request) -> Caller | None:
    """Who is signed in in this browser; None when nobody is, or no longer."""
    session: dict[str, Any] = request.scope.get("session", {})
    if not session.get("sub") or time.time() >= session.get("until", 0):
        return None
    return Caller(
        subject=session["sub"],
        name=session["name"],
        roles=frozenset(role for role in Role if role.value in session["roles"]),
        issuer=session["iss"],
    )


def csrf_token(request: Request) -> str:
    """What each form carries in its field `csrf`; empty when nobody is signed in."""
    token: str = request.session.get("csrf", "")
    return token


def check_csrf(request: Request, token: str) -> None:
    """Raise `Forbidden` unless a form was sent from a page of this session."""
    expected = csrf_token(request)
    # Browsers set this header themselves; a page cannot forge it.
    origin = request.headers.get("sec-fetch-site", "same-origin")
    matches = hmac.compare_digest(token.encode(), expected.encode())
    if not (expected and matches and origin == "same-origin"):
        raise Forbidden("This form is out of date. Load the page again and repeat.")


@dataclass(frozen=True, slots=True)
class _PagePolicy(Policy):
    async def __call__(self, request: Request) -> Caller:
        caller = session_caller(request)
        if caller is not None:
            return self.admit(caller)
        if request.method not in ("GET", "HEAD"):
            raise Unauthenticated("You are no longer signed in. Load the page again and repeat.")
        query = request.scope["query_string"].decode("latin-1")
        back = quote(request.scope["path"] + (f"?{query}" if query else ""), safe="/")
        sign_in = request.app.url_path_for(SIGN_IN)
        raise HTTPException(303, headers={"location": f"{sign_in}?to={back}"})


def allow_page(*roles: Role) -> Policy:
    """Make a dependency that gives the `Caller` of the session with one of these roles.

    Without a session a GET is redirected to sign in and comes back afterwards; anything else
    raises `Unauthenticated`. Without such a role it raises `Forbidden`.
    """
    return _PagePolicy(some(roles))
