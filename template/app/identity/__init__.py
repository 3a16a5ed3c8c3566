"""Who is calling and what they may do: OpenID Connect tokens, browser sessions, roles."""

from app.identity.policy import allow, public, roles_of, routes_without_policy
from app.identity.roles import Caller, Claims, Role
from app.identity.session import allow_page, check_csrf, csrf_token, session_caller
from app.identity.signin import SignIn
from app.identity.verifier import Verifier

__all__ = [
    "Caller",
    "Claims",
    "Role",
    "SignIn",
    "Verifier",
    "allow",
    "allow_page",
    "check_csrf",
    "csrf_token",
    "public",
    "roles_of",
    "routes_without_policy",
    "session_caller",
]
